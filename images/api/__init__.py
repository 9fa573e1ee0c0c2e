"""The REST API of image logs."""
