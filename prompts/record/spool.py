"""Results that could not be recorded before the process ended: saved in a file, and recorded at the next start.

Owns that file. It contains exactly what the record would, so an answer that is not to be recorded is not in it either.
A file is not deleted until all its results are recorded.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from platformdirs import user_data_path
from sqlalchemy.exc import SQLAlchemyError

from prompts.core.format import number_of
from prompts.record import writes
from prompts.record.database import RecordError, where, writing
from prompts.record.schema import Instant, Money, attempts

log = logging.getLogger("collate")

_MARK = ".unwritten-"


def line(attempt_id: str, result: writes.Result) -> str:
    """A result as a line of JSON."""
    told: dict[str, Any] = {"attempt": attempt_id, "ended": result.attempt, "outcome": result.outcome}
    if result.pictures:
        told["pictures"] = {digest: b64encode(data).decode() for digest, data in result.pictures.items()}
    return json.dumps(told, default=_plain)


def save(engine: sa.Engine, lines: Sequence[str]) -> Path:
    """Save results in a new file, for its owner only. Raises `RecordError` if there is no room for it anywhere."""
    refused = list[str]()
    for beginning in _beginnings(engine):
        path = beginning.with_name(f"{beginning.name}{_MARK}{uuid4().hex}.jsonl")
        try:
            _write(path, "".join(f"{text}\n" for text in lines))
        except OSError as exc:
            refused.append(f"{path}: {exc.strerror}")
            continue
        told = "%s could not be recorded; what is missing is in %s, and the next start records it"
        log.warning(told, number_of(len(lines), "result"), path)
        return path
    raise RecordError(
        f"{number_of(len(lines), 'result')} could not be recorded, nor kept in {', nor in '.join(refused)}."
    )


def _write(path: Path, text: str) -> None:
    beside = path.with_suffix(".part")  # a partial name, so that nobody reads half of it
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def take_in(engine: sa.Engine) -> None:
    """Record the results in such files. A file that is not understood, or not completely recorded, is kept."""
    for path in (each for at in _beginnings(engine) for each in sorted(at.parent.glob(f"{at.name}{_MARK}*.jsonl"))):
        try:
            results = [_read(text) for text in path.read_text().splitlines()]
            with writing(engine).begin() as connection:
                strange = sum(not _taken(connection, attempt_id, result) for attempt_id, result in results)
            if strange:
                raise RecordError(f"{strange} of {len(results)} belong to no answer on record.")
            path.unlink(missing_ok=True)
        except (OSError, ValueError, TypeError, LookupError, AttributeError, SQLAlchemyError, RecordError) as exc:
            log.warning("the results in %s could not be recorded: %s", path, exc)


def _taken(connection: sa.Connection, attempt_id: str, result: writes.Result) -> bool:
    """Record one result; `False` if its run was deleted meanwhile or is on another record,
    which does not stop the others."""
    try:
        writes.end(connection, attempt_id, result)
    except RecordError:
        return False
    return True


def _beginnings(engine: sa.Engine) -> list[Path]:
    """Path prefixes for such files: next to a SQLite record, then places that may have more room."""
    name = sha256(where(engine).encode()).hexdigest()[:16]
    own, scratch = user_data_path("collate", appauthor=False), _scratch()
    elsewhere = [own / name, *([scratch / name] if scratch else [])]
    return [Path(where(engine)), *elsewhere] if engine.dialect.name == "sqlite" else elsewhere


def _scratch() -> Path | None:
    """A temporary folder of our own, often on another disk than the data folder; `None` if there is none.

    A folder that somebody else made under our name is not used.
    """
    user = os.getuid() if hasattr(os, "getuid") else ""
    folder = Path(tempfile.gettempdir()) / f"collate-{user}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    theirs = user != "" and (found.st_uid != user or found.st_mode & 0o077)
    return None if theirs or not stat.S_ISDIR(found.st_mode) else folder


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is in no column")


def _read(text: str) -> tuple[str, writes.Result]:
    found = json.loads(text)
    pictures = {digest: b64decode(data) for digest, data in found.get("pictures", {}).items()}
    return found["attempt"], writes.Result(_row(found["ended"]), _row(found["outcome"]), pictures)


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(attempts.c[name].type, value) for name, value in values.items()}


def _value(kind: object, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Money) else value
