"""Models that come with Collate and need no key and no network."""
