"""A file to layout, rows and traces."""
