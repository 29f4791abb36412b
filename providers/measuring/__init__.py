"""Measures one request: clock, limits, usage, outcome, and the conditions that qualify each number."""
