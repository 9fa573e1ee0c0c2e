"""A file to tables, their layout, rows, and drafts of logs."""
