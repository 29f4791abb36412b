"""Which model for which task, and how sure: evidence, shortlist, decisions, reports and the watch over them."""
