"""Exports runs to a file, piece by piece, with only a few in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from prompts.exchange import csv_parquet, markdown, spreadsheet
from prompts.exchange.ballots import answers_voted_on, ballot_rows
from prompts.exchange.decisions import decision_rows
from prompts.exchange.formats import ExportError, FormatName, Note, Selection, check
from prompts.exchange.jsonl import Writer
from prompts.exchange.packed import Beside, packed
from prompts.history.archive import Archive
from prompts.record.rows import StoredRun
from prompts.record.run_rows import BATCH, RunRows
from providers.measuring.measure import utc_now

T = TypeVar("T")
Tell = Callable[[int], None]
"""Called with the number of runs written so far."""


def export(
    archive: Archive, selection: Selection, format_name: FormatName, tell: Tell = lambda _: None,
    note: Note = lambda _: None, dashboard: str = "",
) -> Iterator[bytes]:  # fmt: skip
    """The file in pieces. Raises `ExportError` before the first, and `RecordError` if the record becomes unavailable.

    `dashboard`: its address, used for links from a spreadsheet to each run; empty: no links. HTML is not made here, as
    it needs the safe rendering of the dashboard.
    """
    check(format_name, size(archive, selection))
    if format_name == "html":
        raise ExportError("A web page is made in the dashboard, under History: Export.")
    if format_name == "markdown":
        return (piece.encode() for piece in markdown.document(_told(stored_runs(archive, selection), tell)))
    runs = _told((run for ids in batches(archive, selection) for run in archive.run_rows(ids)), tell)
    if format_name == "jsonl":
        return _json_lines(archive, runs, whole=selection == Selection())
    if format_name == "zip":
        return packed(lambda put: _json_lines(archive, runs, put, whole=selection == Selection()), utc_now())
    if format_name == "xlsx":
        return spreadsheet.xlsx_pieces(runs, note, dashboard)
    return csv_parquet.csv_pieces(runs, note) if format_name == "csv" else csv_parquet.parquet_pieces(runs)


def size(archive: Archive, selection: Selection) -> int:
    """How many runs are selected."""
    return archive.count(selection.filter) if selection.runs is None else len(selection.runs)


def batches(archive: Archive, selection: Selection) -> Iterator[tuple[str, ...]]:
    """The ids of the selected runs, in batches."""
    if selection.runs is not None:
        for start in range(0, len(selection.runs), BATCH):
            yield selection.runs[start : start + BATCH]
        return
    after, before = None, frozenset[str]()
    while True:
        page = archive.page(selection.filter, after, BATCH)
        ids = tuple(line.id for line in page.lines)
        # A run with answers on two pages of the list is written once.
        yield tuple(each for each in ids if each not in before)
        after, before = page.after, frozenset(ids)
        if after is None:
            return


def stored_runs(archive: Archive, selection: Selection) -> Iterator[StoredRun]:
    """The selected runs, one at a time."""
    for ids in batches(archive, selection):
        yield from archive.runs(ids)


def _json_lines(
    archive: Archive, runs: Iterable[RunRows], put: Beside | None = None, *, whole: bool
) -> Iterator[bytes]:
    writer = Writer(archive.attachment, utc_now(), archive.picture, put)
    yield f"{writer.first()}\n".encode()
    voted_on, written, plans = archive.read(answers_voted_on), set[str](), set[str]()
    for run in runs:
        plans |= {run.row["plan_id"]} if run.row["plan_id"] else set()
        written.update(each.row["id"] for each in run.completions if each.row["id"] in voted_on)
        for line in writer.run(run):
            yield f"{line}\n".encode()
    for ballot in archive.read(lambda c: list(ballot_rows(c, frozenset(written)))):
        for line in writer.ballot(ballot):
            yield f"{line}\n".encode()
    for row in archive.read(lambda c: decision_rows(c, None if whole else frozenset(plans))):
        yield f"{writer.decision(row)}\n".encode()
    yield f"{writer.last()}\n".encode()


def _told(runs: Iterable[T], tell: Tell) -> Iterator[T]:
    """`runs`, with `tell` called after each has been used."""
    for done, run in enumerate(runs, 1):
        yield run
        tell(done)
