"""The page Models: families, versions, prices, what was measured here."""
