"""The HTTP endpoints of image logs."""
