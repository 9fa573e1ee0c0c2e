"""Traces to row-aligned chunks and back: depth range to traces."""
