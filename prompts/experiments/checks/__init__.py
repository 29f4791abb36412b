"""Checks of answers: one file for each family of checks; `kinds.py` lists every kind."""
