"""An app whose rows have files."""
