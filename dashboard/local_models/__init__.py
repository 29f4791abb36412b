"""The page Local models."""
