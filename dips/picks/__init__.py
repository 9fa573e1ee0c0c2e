"""Picks in MongoDB: how they are kept, changed, imported, and computed into dips."""
