"""What is on record: found, marked, put together, taken away."""
