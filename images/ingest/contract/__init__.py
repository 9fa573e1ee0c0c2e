"""The CSV of ``/upload-csv/``: bytes in, rows of pixels out."""
