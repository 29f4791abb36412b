"""Blind votes: pairs of answers without names, what people prefer, and how sure the ranking is."""
