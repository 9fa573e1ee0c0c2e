"""Wells over HTTP."""
