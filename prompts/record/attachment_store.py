"""Attachments, each content stored once; one that is also a picture drawn by a model is stored only among the pictures.

Owns where a file is stored and found. Whether any row still refers to it is up to `deletion`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from prompts.record import picture_store
from prompts.record.schema import attachments, pictures

_WANTED: sa.BindParameter[list[str]] = sa.bindparam("wanted", expanding=True)
_FILES = sa.select(attachments.c.sha256, attachments.c.data).where(attachments.c.sha256.in_(_WANTED))
_DRAWN = sa.select(pictures.c.sha256).where(pictures.c.sha256.in_(_WANTED))


def put(connection: sa.Connection, files: Mapping[str, bytes]) -> int:
    """Store files by their digests; returns how many were new. Raises `DBAPIError`, also for a full disk."""
    drawn = set(connection.scalars(_DRAWN, {"wanted": list(files)}))
    # Pictures first, in the order in which a clean-up locks them; a file that was just deleted is stored again.
    picture_store.put(connection, {digest: files[digest] for digest in sorted(drawn)})
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(attachments).on_conflict_do_nothing().returning(attachments.c.sha256)
    rows = [{"sha256": digest, "data": files[digest]} for digest in files if digest not in drawn]
    return sum(connection.scalar(insert, row) is not None for row in rows)


def contents(connection: sa.Connection, digests: Iterable[str]) -> dict[str, bytes]:
    """The contents of files by digest; missing ones are left out."""
    wanted = set(digests)
    if not wanted:
        return {}
    found = {row.sha256: row.data for row in connection.execute(_FILES, {"wanted": sorted(wanted)})}
    drawn = {digest: picture_store.content(connection, digest) for digest in sorted(wanted - set(found))}
    return {**found, **{digest: data for digest, data in drawn.items() if data is not None}}
