"""Thumbs, stars, notes and tags on answers."""
