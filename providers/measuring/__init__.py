"""One request measured: clock, limits, usage, outcome and the conditions that travel with each number."""
