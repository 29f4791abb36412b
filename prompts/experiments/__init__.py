"""Experiments over one's own cases, to find the best prompt and model for a task:
prompts, cases, plans, checks, results."""
