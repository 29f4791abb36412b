"""Which model to choose for a task, and how sure that is:
evidence, shortlist, decisions, reports, and watching them."""
