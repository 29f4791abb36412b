"""Imports a colleague's export into the record, in two passes: all lines are checked before anything is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import fields
from typing import BinaryIO

import sqlalchemy as sa

from prompts.core.unpacked import Source
from prompts.exchange.formats import ImportFileError
from prompts.exchange.import_found import Found
from prompts.exchange.import_ids import Owners, attempts, completion_ids
from prompts.exchange.import_reader import found_runs
from prompts.exchange.merge import CLASH, Batch, Taken, clashes, merge
from prompts.exchange.packed import source
from prompts.history.archive import Archive
from prompts.record import trail
from prompts.record.rights import OPERATOR, Actor
from prompts.record.run_rows import BATCH

_BATCH_BYTES = 16_000_000
Tell = Callable[[float], None]
"""Called with the fraction of the work done, from 0 to 1."""


def take_in(archive: Archive, file: BinaryIO, tell: Tell = lambda _: None, *, by: Actor = OPERATOR) -> Taken:
    """Merge JSON Lines, alone or in a zip, into the record, and return what was imported. Importing twice changes
    nothing.

    `by`: the person who imports; ratings by others are recorded under `rights.known_as`. `file` must be seekable, and
    is read twice. Raises `ImportFileError`: then nothing was imported, unless somebody else added the same ids
    meanwhile; and `RecordError` if the record is not available: then the import can be repeated.
    """
    found, taken = source(file), Taken()
    _check(archive, found, lambda part: tell(part / 2))
    for batch, part in _read(found):
        taken += _merged(archive, batch, by)
        tell(0.5 + part / 2)
    return taken


def _check(archive: Archive, found: Source, tell: Tell) -> None:
    with closing(Owners()) as owners:
        for batch, part in _read(found):
            if not (owners.agree(completion_ids(batch.runs)) and owners.agree(attempts(batch.runs))):
                raise ImportFileError(f"{CLASH} Nothing was imported.")
            if _clash(archive, batch):
                raise ImportFileError(f"{CLASH} Nothing was imported; the record is unchanged.")
            tell(part)


def _read(found: Source) -> Iterator[tuple[Batch, float]]:
    """Each batch, with the fraction of the lines read so far."""
    lines = found.lines()
    for batch in _batches(found_runs(lines, found.beside)):
        yield batch, lines.tell() / (found.size or 1)


def _clash(archive: Archive, batch: Batch) -> bool:
    return archive.read(lambda connection: clashes(connection, batch.runs))


def _merged(archive: Archive, batch: Batch, by: Actor) -> Taken:
    """Merge one batch in one transaction, with its entry in the audit trail."""

    def work(connection: sa.Connection) -> Taken:
        taken = merge(connection, batch, by.person)
        if taken != Taken(there=taken.there):
            runs = [run.row["id"] for run in batch.runs]
            counts = {each.name: getattr(taken, each.name) for each in fields(Taken)}
            trail.note(connection, by, "imported", {"in_file": runs, **counts})
        return taken

    return archive.write(work)


def _batches(found: Iterable[Found]) -> Iterator[Batch]:
    several, size = list[Found](), 0
    for each in found:
        several.append(each)
        size += each.size
        if len(several) >= BATCH or size >= _BATCH_BYTES:
            yield _batch(several)
            several, size = [], 0
    if several:
        yield _batch(several)


def _batch(several: list[Found]) -> Batch:
    return Batch(
        tuple(rows for each in several if (rows := each.rows) is not None),
        tuple(row for each in several for row in each.experiments),
        {digest: data for each in several for digest, data in each.attachments.items()},
        tuple(rows for each in several if (rows := each.ballot_rows) is not None),
        tuple(each.decision for each in several if each.decision),
        {digest: data for each in several for digest, data in each.pictures.items()},
    )
