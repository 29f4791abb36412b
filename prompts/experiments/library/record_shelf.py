"""Storage of a team's own prompts in their shared record, one row per version.

As in `Shelf`, a version is written once and never changed, and what is deleted can be restored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from prompts.experiments.library.prompt import LibraryError, Version, is_key
from prompts.experiments.library.prompt_file import read_version, write_version
from prompts.history.archive import Archive
from prompts.record import trail
from prompts.record.database import RecordError
from prompts.record.experiment_tables import library_prompts as table
from prompts.record.rights import Actor

T = TypeVar("T")
_KEY: sa.BindParameter[Any] = sa.bindparam("the_key")
_here = table.c.key == _KEY, table.c.deleted == ""
_KEYS = sa.select(table.c.key).where(table.c.deleted == "").distinct().order_by(table.c.key)
_NUMBERS = sa.select(table.c.number).where(*_here).order_by(table.c.number)
_FILE = sa.select(table.c.file).where(*_here, table.c.number == sa.bindparam("the_number"))
_ASIDE = table.update().where(*_here).values(deleted=sa.bindparam("receipt"))
_BACK = table.update().where(table.c.key == _KEY, table.c.deleted == sa.bindparam("receipt")).values(deleted="")


class RecordShelf:
    """The prompts in one record. Every method raises `LibraryError` with a message for people."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def keys(self) -> list[str]:
        """The keys of its prompts, sorted."""
        return sorted(self._read(lambda c: c.scalars(_KEYS).all()))

    def numbers(self, key: str) -> Sequence[int]:
        """The version numbers of a prompt, ascending; empty if there is no such prompt."""
        return self._read(lambda c: c.scalars(_NUMBERS, {"the_key": key}).all()) if is_key(key) else []

    def read(self, key: str, number: int) -> Version:
        """One version of a prompt."""
        where = f"{key}@{number} of the record"
        file = self._read(lambda c: c.scalar(_FILE, {"the_key": key, "the_number": number}))
        if file is None:
            raise LibraryError(f"There is no {where}. It may have been deleted a moment ago.")
        found = read_version(file.encode(), key, where, own=True)
        return Version(key, number, found.prompt, True, found.saved_at, found.saved_by)

    def write(self, version: Version) -> None:
        """Add a version. Raises `LibraryError` if somebody saved that version number meanwhile."""
        row = {
            "key": version.key, "deleted": "", "number": version.number, "file": write_version(version).decode(),
        }  # fmt: skip
        try:
            self._write(lambda c: c.execute(table.insert(), row))
        except IntegrityError:
            raise LibraryError(
                f"{version.reference} was saved by somebody else meanwhile. Look at it, then save again."
            ) from None

    def put_aside(self, key: str, by: Actor) -> str:
        """Delete a prompt with all its versions. Returns a receipt for `bring_back`."""
        receipt = uuid4().hex
        self._write(lambda c: _noted(c, _ASIDE, {"the_key": key, "receipt": receipt}, by, "deleted a prompt"))
        return f"{key}@{receipt}"

    def bring_back(self, receipt: str, by: Actor) -> str:
        """Undo a deletion, unless another prompt has taken the key. Returns the key."""
        key, _, number = receipt.rpartition("@")
        try:
            values = {"the_key": key, "receipt": number}
            self._write(lambda c: _noted(c, _BACK, values, by, "brought back a prompt"))
        except IntegrityError:
            raise LibraryError(f"Another prompt is now called {key}. Rename that one first.") from None
        return key

    def _read(self, query: Callable[[sa.Connection], T]) -> T:
        try:
            return self._archive.read(query)
        except RecordError as exc:
            raise LibraryError(str(exc)) from exc

    def _write(self, work: Callable[[sa.Connection], object]) -> None:
        try:
            self._archive.write(work)
        except RecordError as exc:
            if isinstance(exc.__cause__, IntegrityError):
                raise exc.__cause__ from None
            raise LibraryError(str(exc)) from exc


def _noted(
    connection: sa.Connection, change: sa.Update, values: Mapping[str, str], by: Actor, act: trail.Act
) -> None:  # fmt: skip
    if versions := connection.execute(change, values).rowcount:
        trail.note(connection, by, act, {"prompt": values["the_key"], "versions": versions})
