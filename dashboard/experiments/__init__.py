"""The page Experiments: the list, the builder with its forecast of costs, the live view of a run, and results."""
