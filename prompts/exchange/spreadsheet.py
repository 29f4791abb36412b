"""Runs as a spreadsheet for people: the columns that people read, with headers that need no glossary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from prompts.core.csv_safety import LONGEST_CELL
from prompts.core.run_links import MOST_LINKS, run_link
from prompts.exchange.export_columns import COLUMNS, Column, Entry
from prompts.exchange.formats import Note
from prompts.exchange.xlsx import Cell, Head, Link, Sheet
from prompts.record.run_rows import RunRows

_BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
READ: tuple[tuple[str, Head], ...] = (
    ("run_created_at", Head("Asked (UTC)", 19)),
    ("prompt", Head("Prompt", 50)),
    ("gen_ai.provider.name", Head("Provider", 12)),
    ("gen_ai.request.model", Head("Model", 28)),
    ("repeat", Head("Repeat", 8)),
    ("state", Head("Outcome", 12)),
    ("text", Head("Answer", 80)),
    ("picture_sizes", Head("Picture", 12)),
    ("picture_bytes", Head("Picture (bytes)", 15)),
    ("picture_sha256", Head("Picture (SHA-256)", 20)),
    ("error_message", Head("Error", 30)),
    ("time_to_first_token_s", Head("First token (s)", 15)),
    ("duration_s", Head("Duration (s)", 13)),
    ("output_tokens_per_s", Head("Tokens/s", 10)),
    ("gen_ai.usage.input_tokens", Head("Tokens in", 10)),
    ("gen_ai.usage.output_tokens", Head("Tokens out", 11)),
    ("cost_usd", Head("Cost (USD)", 12)),
    ("cost_kind", Head("Cost is", 10)),
    ("conditions", Head("Conditions", 24)),
    ("best", Head("Best", 7)),
    ("stars", Head("Stars", 7)),
    ("tags", Head("Tags", 18)),
    ("notes", Head("Notes", 30)),
    ("experiment", Head("Collection", 18)),
    ("run_id", Head("Run", 37)),
)
"""Each column by its name in the other formats, and its header here."""


def xlsx_pieces(runs: Iterable[RunRows], note: Note, dashboard: str = "") -> Iterator[bytes]:
    """One row per answer, without warm-ups. `note` is called with what Excel cannot hold.

    `dashboard`: the address for a link to the run of each row; empty: no links.
    """
    sheet = Sheet([head for _, head in READ], "Answers")
    yield from sheet.pieces(_rows(runs, dashboard))
    said: list[str] = []
    if sheet.long:
        cells = "1 cell is" if sheet.long == 1 else f"{sheet.long:,} cells are"
        said.append(
            f"{cells} longer than the {LONGEST_CELL:,} characters that an Excel cell can hold, and cut; "
            "CSV contains them whole."
        )
    if sheet.linkless:
        said.append(f"Only the first {MOST_LINKS:,} rows open their run: an Excel sheet can hold no more links.")
    if said:
        note(" ".join(said))


def _rows(runs: Iterable[RunRows], dashboard: str) -> Iterator[list[Cell]]:
    for run in runs:
        for entry in (Entry(run, completion) for completion in run.completions):
            if not _BY_NAME["warm_up"].value(entry):
                yield [_cell(name, entry, dashboard) for name, _ in READ]


def _cell(name: str, entry: Entry, dashboard: str) -> Cell:
    value = _BY_NAME[name].value(entry)
    if name == "run_id" and dashboard:
        return Link(str(value), run_link(dashboard, str(value)))
    if name == "repeat" and isinstance(value, int):
        return value + 1
    return "; ".join(value) if isinstance(value, list) else value
