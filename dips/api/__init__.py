"""Picks over HTTP."""
