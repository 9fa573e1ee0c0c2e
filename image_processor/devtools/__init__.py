"""`make run` and the embedded MongoDB; not part of the production image."""
