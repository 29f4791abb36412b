"""Which run each answer in a file belongs to, and which answer each attempt. Kept on disk: a file has any number."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from prompts.record.run_rows import RunRows

Pair = tuple[str, str]
"""An id, and the id of what it belongs to."""


def completion_ids(several: Iterable[RunRows]) -> list[Pair]:
    """Of these runs."""
    return [(each.row["id"], run.row["id"]) for run in several for each in run.completions]


def attempts(several: Iterable[RunRows]) -> list[Pair]:
    """Of the answers of these runs."""
    answers = [each for run in several for each in run.completions]
    return [(tried["id"], each.row["id"]) for each in answers for tried in each.attempts]


class Owners:
    """What a file has said so far."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("")  # a nameless file, which ends with the connection
        self._file.execute("PRAGMA journal_mode=OFF")
        self._file.execute("CREATE TABLE owners (id TEXT PRIMARY KEY, owner TEXT) WITHOUT ROWID")

    def agree(self, pairs: list[Pair]) -> bool:
        """Whether none of the ids has been said to belong to something else. Remembers them."""
        self._file.executemany("INSERT OR IGNORE INTO owners VALUES (?, ?)", pairs)
        owner = "SELECT owner FROM owners WHERE id = ?"
        return all(self._file.execute(owner, (each,)).fetchone()[0] == of for each, of in pairs)

    def close(self) -> None:
        """Forget it all."""
        self._file.close()
