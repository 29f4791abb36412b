"""The table of the audit trail, beside those of `schema.py`. The database itself lets nobody change or delete a row."""

from __future__ import annotations

import sqlalchemy as sa

from prompts.record.column_types import Instant
from prompts.record.schema import metadata

trail = sa.Table(
    "trail", metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    sa.Column("at", Instant, nullable=False, doc="by the clock of the database"),
    sa.Column("person", sa.Text, doc="who; empty where nobody logs in, and for what Collate does by itself"),
    sa.Column("admin", sa.Boolean, nullable=False, doc="whether they were an administrator then"),
    sa.Column("act", sa.String(32), nullable=False, doc="one of `trail.Act`"),
    sa.Column("what", sa.JSON, nullable=False, doc="ids, counts and settings; never a word of a prompt or an answer"),
)  # fmt: skip
"""Who deleted, imported or set what, and when. Migration 0011 makes it one that is only added to."""
