"""Render traces as pictures, JSON, tables and arrays."""
