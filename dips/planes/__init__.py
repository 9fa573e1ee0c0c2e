"""Planes as pure mathematics: arrays in, arrays out."""
