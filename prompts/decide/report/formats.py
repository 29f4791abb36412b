"""The two formats of a report on a choice."""

from __future__ import annotations

from collections.abc import Mapping

from prompts.core import format as text_of
from prompts.decide.report.contents import ChoiceReport
from prompts.decide.report.html import as_html
from prompts.decide.report.markdown import as_markdown
from prompts.experiments.report.formats import Format

CHOICE_FORMATS: Mapping[str, Format[ChoiceReport]] = {
    each.ending: each
    for each in (
        Format("HTML", "One page for anybody: no script, no network.", "html", "text/html", as_html),
        Format("Markdown", "For a message or a repository.", "md", "text/markdown", as_markdown),
    )
}


def file_name(report: ChoiceReport, ending: str) -> str:
    """A file name that every system accepts: `choice-support-mail-2026-11-29.html`."""
    name = text_of.file_stem(report.study.question.purpose.name, "task")
    return f"choice-{name}-{report.study.at:%Y-%m-%d}.{ending}"
