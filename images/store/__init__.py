"""Store traces in GridFS, and read the traces of a depth range."""
