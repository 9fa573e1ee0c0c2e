"""The photos over HTTP."""
