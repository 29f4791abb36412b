"""Both formats of a report on a choice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prompts.decide.report.contents import ChoiceReport
from prompts.decide.report.html import as_html
from prompts.decide.report.markdown import as_markdown


@dataclass(frozen=True, slots=True)
class ChoiceFormat:
    """One kind of file."""

    name: str
    says: str
    ending: str
    mime: str
    make: Callable[[ChoiceReport], bytes]


CHOICE_FORMATS: Mapping[str, ChoiceFormat] = {
    each.ending: each
    for each in (
        ChoiceFormat("HTML", "One page for anybody: no script, no network.", "html", "text/html", as_html),
        ChoiceFormat("Markdown", "For a message or a repository.", "md", "text/markdown", as_markdown),
    )
}


def file_name(report: ChoiceReport, ending: str) -> str:
    """A name that every system takes: `choice-support-mail-2026-11-29.html`."""
    words = re.sub(r"[^a-z0-9]+", "-", report.study.question.purpose.name.lower()).strip("-")[:60] or "task"
    return f"choice-{words}-{report.study.at:%Y-%m-%d}.{ending}"
