"""Blind votes: pairs of answers without names, what people prefer, and how certain the ranking is."""
