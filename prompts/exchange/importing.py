"""A colleague's export taken into the record, in two passes: every line is checked before the first is taken."""

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
"""Told which part of the work is done, from 0 to 1."""


def take_in(archive: Archive, file: BinaryIO, tell: Tell = lambda _: None, *, by: Actor = OPERATOR) -> Taken:
    """Merge JSON Lines, alone or in a zip, into the record, and say what came of it. Twice changes nothing.

    `by`: who has logged in and does it; what others did and said stands under `rights.known_as`.
    `file` can be wound back, and is read twice. Raises `ImportFileError`: then nothing was taken, unless somebody
    else brought the same ids meanwhile; and `RecordError` when the record is away: then it can be taken in again.
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
                raise ImportFileError(f"{CLASH} Nothing was taken.")
            if _clash(archive, batch):
                raise ImportFileError(f"{CLASH} Nothing was taken; what is on record stays as it is.")
            tell(part)


def _read(found: Source) -> Iterator[tuple[Batch, float]]:
    """Each batch, and which part of the lines has been read."""
    lines = found.lines()
    for batch in _batches(found_runs(lines, found.beside)):
        yield batch, lines.tell() / (found.size or 1)


def _clash(archive: Archive, batch: Batch) -> bool:
    return archive.read(lambda connection: clashes(connection, batch.runs))


def _merged(archive: Archive, batch: Batch, by: Actor) -> Taken:
    """In one transaction: all of it or nothing, with its entry in the audit trail."""

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
