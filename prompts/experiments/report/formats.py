"""All formats of a report. To add one: a function from a `Report` to bytes or pieces of bytes, and its line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from prompts.core import format as text_of
from prompts.experiments.report.contents import Report
from prompts.experiments.report.html import as_html
from prompts.experiments.report.jsonl import as_jsonl
from prompts.experiments.report.junit import as_junit
from prompts.experiments.report.markdown import as_markdown
from prompts.experiments.report.tables import as_csv, as_xlsx
from prompts.experiments.report.zip import as_zip

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Format(Generic[R]):
    """One file format, made from an `R`."""

    name: str
    says: str
    """What it is good for."""
    ending: str
    mime: str
    made: Callable[[R], bytes | Iterator[bytes]]
    named: str = ""
    """Added to the file name after the name of the experiment."""
    of_pictures: bool = False
    """Whether it is only useful if models drew pictures."""

    def pieces(self, report: R) -> Iterator[bytes]:
        """The file, in one or more pieces. Raises `RecordError` if it needs the record and that is not available."""
        found = self.made(report)
        return iter((found,)) if isinstance(found, bytes) else found

    def make(self, report: R) -> bytes:
        """The whole file in memory. Raises as `pieces`."""
        return b"".join(self.pieces(report))


FORMATS: Mapping[str, Format[Report]] = {
    each.name: each
    for each in (
        Format("HTML", "one page for anybody: no script, no network", "html", "text/html", as_html),
        Format("Markdown", "sentences and tables, for a message or a repository", "md", "text/markdown", as_markdown),
        Format("CSV", "one row per answer, for any spreadsheet", "csv", "text/csv", as_csv),
        Format(
            "Excel", "sides, cases and answers as three sheets", "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx,
        ),
        Format("JSON Lines", "the plan and every answer, to be imported again", "jsonl", "application/jsonl", as_jsonl),
        Format(
            "Zip with pictures", "the page, the JSON Lines, and each picture whole as a file beside them", "zip",
            "application/zip", as_zip, "-with-pictures", of_pictures=True,
        ),
        Format("JUnit", "test results, for continuous integration", "xml", "application/xml", as_junit),
    )
}  # fmt: skip


def file_name(report: Report, format_name: str) -> str:
    """A file name that every system accepts: `support-mail-2026-11-29.html`."""
    name = text_of.file_stem(report.experiment.plan.name, "experiment")
    form = FORMATS[format_name]
    return f"{name}-{report.experiment.created_at:%Y-%m-%d}{form.named}.{form.ending}"
