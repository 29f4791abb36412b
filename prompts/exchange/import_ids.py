"""Checks that each answer in a file belongs to one run, and each attempt to one answer.

Kept on disk, as files may be large.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from prompts.record.run_rows import RunRows

Pair = tuple[str, str]
"""(id, id of what it belongs to)."""


def completion_ids(several: Iterable[RunRows]) -> list[Pair]:
    """Pairs for the completions of these runs."""
    return [(each.row["id"], run.row["id"]) for run in several for each in run.completions]


def attempts(several: Iterable[RunRows]) -> list[Pair]:
    """Pairs for the attempts of the answers in these runs."""
    answers = [each for run in several for each in run.completions]
    return [(tried["id"], each.row["id"]) for each in answers for tried in each.attempts]


class Owners:
    """The pairs that a file has named so far."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("")  # a temporary database that is deleted with the connection
        self._file.execute("PRAGMA journal_mode=OFF")
        self._file.execute("CREATE TABLE owners (id TEXT PRIMARY KEY, owner TEXT) WITHOUT ROWID")

    def agree(self, pairs: list[Pair]) -> bool:
        """Remember the pairs; returns whether none of their ids was said before to belong to something else."""
        self._file.executemany("INSERT OR IGNORE INTO owners VALUES (?, ?)", pairs)
        owner = "SELECT owner FROM owners WHERE id = ?"
        return all(self._file.execute(owner, (each,)).fetchone()[0] == of for each, of in pairs)

    def close(self) -> None:
        """Delete everything."""
        self._file.close()
