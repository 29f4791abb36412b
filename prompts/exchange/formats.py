"""The export formats as data, and the selection of runs to export."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from prompts.core.run_summaries import Filter

FormatName = Literal["csv", "xlsx", "jsonl", "zip", "parquet", "markdown", "html"]

Note = Callable[[str], None]
"""Called with a sentence for people about the file that was made."""
FOREIGN = "This is not a Collate export. Collate imports the JSON Lines that it exports itself, alone or in a zip."
MOST_TO_READ = 500
"""The most runs in one file that is meant to be read."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    label: str
    purpose: str
    """What the format is good for, in one line."""
    ending: str
    media_type: str
    most_runs: int | None = None
    """The most runs in one file; `None`: no limit."""


FORMATS: Mapping[FormatName, Format] = {
    "csv": Format("CSV", "A row for each answer, for Excel and other spreadsheets.", "csv", "text/csv; charset=utf-8"),
    "xlsx": Format(
        "Excel", "For people: the columns that are read, real dates and numbers, the header in view.", "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "jsonl": Format(
        "JSON Lines", "Everything on record, exactly; another Collate can import it.", "jsonl", "application/jsonl"
    ),
    "zip": Format(
        "JSON Lines with pictures", "The same as a zip, and in it each picture that a model drew as a file.", "zip",
        "application/zip",
    ),
    "parquet": Format(
        "Parquet", "A row for each answer with types and descriptions, for data frames.", "parquet",
        "application/vnd.apache.parquet",
    ),
    "markdown": Format(
        "Markdown", "Prompts, figures and answers, to paste into a document.", "md", "text/markdown; charset=utf-8",
        MOST_TO_READ,
    ),
    "html": Format(
        "Web page", "One file to read, send and print; it needs no network.", "html", "text/html; charset=utf-8",
        MOST_TO_READ,
    ),
}  # fmt: skip


class ExportError(ValueError):
    """The selection cannot be exported in this format; the message is a sentence for people."""


class ImportFileError(ValueError):
    """The file cannot be imported; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which runs to export: those with the ids in `runs`, in order, or else all that `filter` finds, newest first."""

    runs: tuple[str, ...] | None = None
    filter: Filter = Filter(planned=True)
    """Only used if `runs` is `None`."""


def check(format_name: FormatName, runs: int) -> None:
    """Raise `ExportError` if one file of that format may not hold so many runs."""
    form = FORMATS[format_name]
    if form.most_runs is not None and runs > form.most_runs:
        raise ExportError(
            f"{form.label} is for reading and takes up to {form.most_runs} runs, not {runs:,}. "
            "Choose fewer, or CSV, JSON Lines or Parquet."
        )


def file_name(format_name: FormatName, runs: int, on: date, run_id: str = "") -> str:
    """A file name that sorts by day, made only of our own words and digits."""
    what = f"run-{re.sub('[^0-9a-f]', '', run_id)[:8]}" if runs == 1 and run_id else f"{runs}-runs"
    return f"collate-{on:%Y-%m-%d}-{what}.{FORMATS[format_name].ending}"
