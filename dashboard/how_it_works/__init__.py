"""The page How it works: how language models answer, shown on the user's own prompt."""
