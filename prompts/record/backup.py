"""Backups of a SQLite record, made before each change of its schema.

Owns their names and permissions. Never deletes one: they belong to the people whose record it is.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from prompts.record.database_errors import RecordError

_MARK = ".before-"


def make(path: Path, revision: str) -> Path:
    """A complete copy of the committed state, next to the record. Raises `RecordError`, leaving nothing behind."""
    target = path.with_name(f"{path.name}{_MARK}{revision}")
    partial = target.with_name(f"{target.name}.part")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(path)) as record, closing(sqlite3.connect(partial)) as copy:
            record.backup(copy)
        partial.replace(target)
    except (OSError, sqlite3.Error) as exc:
        partial.unlink(missing_ok=True)
        raise RecordError(
            f"The record {path} must be changed for this version of Collate, but it could not be copied before "
            f"({exc}). Nothing was changed. Free some space on its disk, then start again."
        ) from exc
    return target


def newest(path: Path) -> Path | None:
    """The latest backup of this record; `None` if there is none."""
    copies = [copy for copy in path.parent.glob(f"{path.name}{_MARK}*") if copy.suffix != ".part"]
    return max(copies, key=lambda copy: copy.stat().st_mtime, default=None)
