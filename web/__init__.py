"""HTTP machinery that every app shares."""
