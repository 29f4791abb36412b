"""Which prompt and which model for a task, over one's own cases: prompts, cases, plans, checks, results."""
