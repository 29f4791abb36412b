"""Pieces of screen that belong to no single page."""
