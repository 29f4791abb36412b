"""The charts of an experiment, as pure functions from its results to Altair."""
