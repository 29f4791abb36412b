"""Which statements, numbers and names answers share, and where they contradict each other. Words: `lexicon.toml`."""
