"""Models that ship with Collate and need no key and no network."""
