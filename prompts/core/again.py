"""Asking a recorded run once more: the same request, whatever answers it today."""

from __future__ import annotations

from prompts.core.conversation import edited
from prompts.core.run import Link, Run


def asked_again(run: Run) -> Run:
    """A run with the same prompt, files, targets, settings, histories and manner. Raises `ValueError` in words."""
    if run.textless:
        raise ValueError("Only figures of this run are on record, so what was asked is not known any more.")
    if not run.finished:
        raise ValueError("Some answers are still arriving. Wait for them, or stop them.")
    again = edited(run, run.prompt)
    again.link = Link("again", run.id)
    return again


def is_again(run: Run) -> bool:
    """Whether there is an earlier asking to hold it against."""
    return run.link is not None and run.link.relation == "again"
