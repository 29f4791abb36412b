"""The record as a person reads it: pages of runs, sums, lineage, retention."""
