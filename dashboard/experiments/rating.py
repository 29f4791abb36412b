"""Rating one answer good or bad: recorded as the same thumb that Compare and History show."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from dashboard.engine import engine
from dashboard.experiments.loaded import forget
from dashboard.user import person
from prompts.core.feedback import MarkError, own
from prompts.record.recorder import RecordError


def rate(completion_id: str, rating: Literal[1, -1, 0]) -> str | None:
    """Record the rating; returns `None`, or a sentence that says why it could not be recorded."""
    archive = engine().archive
    if archive is None:
        return "Not rated: there is no record to keep it in."
    try:
        marks, _ = archive.marks([completion_id])[completion_id]
        archive.mark(completion_id, replace(own(marks, person()), thumb=rating or None, changed_at=None))
    except (MarkError, RecordError) as exc:
        return f"Not rated: {exc}"
    forget()
    return None
