"""Experiments: the list, the builder with its bill, and what is seen while one runs."""
