"""Experiments that ship: each a file that `collate run` takes, and one click in the browser."""
