"""The page Vote: two answers without names, what people prefer, the names at the end, and the ranking."""
