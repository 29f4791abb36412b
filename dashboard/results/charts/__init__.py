"""The charts of results, as pure functions from figures to Altair."""
