"""The page Vote: choosing between two answers without names, the reveal of the names, and the ranking."""
