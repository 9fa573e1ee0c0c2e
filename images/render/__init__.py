"""Traces to colours, pictures, JSON, tables and arrays."""
