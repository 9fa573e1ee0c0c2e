"""Files of picks: CSV, LAS, and the layouts of other programs."""
