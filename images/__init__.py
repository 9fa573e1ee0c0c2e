"""Image logs: read files into traces, store them, and answer depth ranges as pictures and data."""
