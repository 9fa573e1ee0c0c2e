"""What names and units in files mean."""
