"""Wells: their names, units, hole and survey."""
