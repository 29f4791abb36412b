"""The page Models: families, versions, prices, and what was measured here."""
