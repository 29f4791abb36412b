"""Example experiments: each a file for `collate run`, and one click on the page Experiments."""
