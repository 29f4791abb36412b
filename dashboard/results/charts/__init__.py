"""The charts of results, as pure functions that return Altair charts."""
