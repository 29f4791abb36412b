"""The page "How it works": its texts, its small models and its pieces of screen, one file a section."""
