"""Experiments on several machines that share a record."""
