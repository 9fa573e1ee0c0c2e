"""Builders for the OpenAPI schema. Parameters and problems are described from their declaration."""
