"""Reading the record: pages of runs, totals, lineage, retention."""
