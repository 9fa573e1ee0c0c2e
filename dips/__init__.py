"""Planes that cut a borehole: sinusoids on its wall, dips, picks, statistics and diagrams."""
