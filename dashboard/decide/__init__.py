"""The page Choose: which model for which task, and the decisions that were recorded."""
