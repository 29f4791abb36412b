"""The tables of the record, for both SQLite and PostgreSQL.

Owns names and types; columns use the words of the glossary, times are in seconds, token counts inclusive. `migrations/`
creates exactly these tables, which a test checks. An answer's text is stored once: in its completion, and in an attempt
only after a later attempt has replaced it there.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from prompts.record.column_types import Instant, Money
from providers.completion import Timings
from providers.interface import Usage

REVISION = "0015"
"""The newest migration; stated here so that opening an up-to-date record does not need Alembic."""


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _id() -> sa.Column[str]:
    """A UUID as text, created by whoever writes the row, so that importing a row twice does not duplicate it."""
    return sa.Column("id", sa.String(36), primary_key=True)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(none_as_null=True))


def _outcome() -> list[sa.Column[Any]]:
    """The columns of one attempt: how it was asked, and everything it brought back."""
    return [
        _json("settings"),
        sa.Column("text", sa.Text),
        sa.Column("thinking", sa.Text),
        sa.Column("started_at", Instant),
        sa.Column("response_model", sa.Text),
        sa.Column("response_id", sa.Text),
        sa.Column("stop_reason", sa.Text),
        *(sa.Column(field.name, sa.Double) for field in fields(Timings)),
        *(sa.Column(field.name, sa.Integer) for field in fields(Usage)),
        _json("raw_usage"),
        _json("server_timings"),
        sa.Column("cost_kind", sa.String(16)),
        sa.Column("cost_amount", Money),
        _json("cost"),
        _json("conditions"),
        _json("flags"),
        _json("adjustments"),
        _json("versions"),
        _json("fingerprint"),
        sa.Column("error_kind", sa.String(32)),
        _json("error"),
        _json("pictures"),
    ]


runs = sa.Table(
    "runs", metadata,
    _id(),
    sa.Column("created_at", Instant, nullable=False, index=True),
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("prompt", sa.Text, nullable=False),
    sa.Column("request", sa.JSON, nullable=False, doc="messages, and the settings shared by all targets"),
    sa.Column("person", sa.Text, doc="who asked, where people log in"),
    sa.Column("link_id", sa.String(36), index=True, doc="the run it derives from, which may be gone"),
    sa.Column("link_kind", sa.String(16), doc="continues, edits or again"),
    sa.Column("experiment_id", sa.String(36), index=True, doc="what it belongs to, which may be gone"),
    sa.Column("plan_id", sa.String(36), index=True, doc="the experiment over cases that it is a part of"),
    sa.Column("kept", sa.String(16), doc="figures: neither prompt nor answers were kept; empty: everything is"),
)  # fmt: skip

experiments = sa.Table(
    "experiments", metadata,
    _id(),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("person", sa.Text),
)  # fmt: skip
"""People's collections of runs, with names of their own; experiments over cases are in `experiment_tables`."""

recorders = sa.Table(
    "recorders", metadata,
    _id(),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("seen_at", Instant, nullable=False, doc="a sign of life, renewed while there is work"),
)  # fmt: skip
"""The processes that have unfinished completions, so that others notice when one dies."""

completions = sa.Table(
    "completions", metadata,
    _id(),
    sa.Column("run_id", sa.String(36), sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("cell", sa.Integer, nullable=False, doc="which of the run's targets; its repeats share it"),
    sa.Column("repeat", sa.Integer, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column(
        "recorder_id", sa.String(36), sa.ForeignKey("recorders.id", ondelete="SET NULL"),
        doc="who works on it; empty when it is over",
    ),
    sa.Column("endpoint", sa.Text),
    *_outcome(),
    sa.Column("history", sa.JSON(none_as_null=True), doc="the turns of the conversation before the prompt"),
    sa.Column("follows", sa.String(36), doc="the completion whose answer ends the history, which may be gone"),
    sa.Column("asked_at", Instant, doc="when its run was made: what lists and filters go by"),
    sa.Column("interrupted_at", Instant, doc="when it was found unfinished, its process gone; empty once asked again"),
    sa.UniqueConstraint("run_id", "position"),
)  # fmt: skip
# Contains only work in progress, so recovery is fast even with a million rows.
sa.Index(
    "ix_completions_unfinished", completions.c.recorder_id,
    sqlite_where=completions.c.recorder_id.is_not(None), postgresql_where=completions.c.recorder_id.is_not(None),
)  # fmt: skip

sa.Index(
    "ix_completions_interrupted", completions.c.interrupted_at,
    sqlite_where=completions.c.interrupted_at.is_not(None),
    postgresql_where=completions.c.interrupted_at.is_not(None),
)  # fmt: skip

NAMES_FILES = {
    "sqlite": "instr({column}, '\"sha256\":') > 0",
    "postgresql": "strpos(CAST({column} AS TEXT), '\"sha256\":') > 0",
}
"""Whether messages stored as JSON name an attachment; worded exactly as in the two indexes of such rows."""
for _column in (runs.c.request, completions.c.history):
    sa.Index(
        f"ix_{_column.table.name}_with_files", _column.table.c.id,
        sqlite_where=sa.text(NAMES_FILES["sqlite"].format(column=_column.name)),
        postgresql_where=sa.text(NAMES_FILES["postgresql"].format(column=_column.name)),
    )  # fmt: skip

attempts = sa.Table(
    "attempts", metadata,
    _id(),
    sa.Column("completion_id", sa.String(36), sa.ForeignKey("completions.id", ondelete="CASCADE"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("sent_at", Instant, nullable=False, doc="the intent; once measured, the sending itself"),
    sa.Column("finished_at", Instant),
    sa.Column("status", sa.Integer),
    sa.Column("request_id", sa.Text),
    *_outcome(),
    sa.UniqueConstraint("completion_id", "number"),
)  # fmt: skip


def may_be_charged(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """`prompts.core.reservation.may_be_charged` as SQL, for rows of completions or attempts."""
    begun = sa.or_(table.c.time_to_first_chunk_s.is_not(None), table.c.error["retry"].as_string() == "ask")
    broken_off = sa.and_(table.c.state == "failed", begun)
    stopped = sa.and_(table.c.state == "cancelled", table.c.sent_s.is_not(None))
    other = table.c.state.not_in(("failed", "cancelled"))
    return sa.and_(table.c.cost_kind == "unknown", sa.or_(other, broken_off, stopped))


attachments = sa.Table(
    "attachments", metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)  # fmt: skip
"""Attachments, each content once; messages refer to them by digest."""

for _table in (completions, attempts):
    sa.Index(
        f"ix_{_table.name}_with_pictures", _table.c.id,
        sqlite_where=_table.c.pictures.is_not(None), postgresql_where=_table.c.pictures.is_not(None),
    )  # fmt: skip

pictures = sa.Table(
    "pictures", metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, doc="empty on SQLite, where the content is a file beside the record"),
)  # fmt: skip
"""Pictures drawn by models, each content once; answers and attempts refer to them by digest. See `picture_store`."""

ratings = sa.Table(
    "ratings", metadata,
    sa.Column(
        "completion_id", sa.String(36), sa.ForeignKey("completions.id", ondelete="CASCADE"), primary_key=True,
    ),
    sa.Column("person", sa.Text, primary_key=True, doc="whose; empty where nobody logs in"),
    sa.Column("thumb", sa.Integer, doc="1 up, -1 down"),
    sa.Column("stars", sa.Integer, doc="1 to 5"),
    sa.Column("best", sa.Boolean, nullable=False, doc="this person's best answer of the run"),
    sa.Column("changed_at", Instant, nullable=False),
)  # fmt: skip

notes = sa.Table(
    "notes", metadata,
    sa.Column(
        "completion_id", sa.String(36), sa.ForeignKey("completions.id", ondelete="CASCADE"), primary_key=True,
    ),
    sa.Column("person", sa.Text, primary_key=True, doc="whose; empty where nobody logs in"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)  # fmt: skip

tags = sa.Table(
    "tags", metadata,
    sa.Column(
        "completion_id", sa.String(36), sa.ForeignKey("completions.id", ondelete="CASCADE"), primary_key=True,
    ),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, nullable=False, doc="who set it; a tag is everybody's"),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("ix_tags_name", "name", "completion_id"),
)  # fmt: skip

models = sa.Table(
    "models", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.UniqueConstraint("provider", "model"),
)  # fmt: skip
"""Every target ever asked, so that cards can refer to it by number. Written by triggers only."""

cards = sa.Table(
    "cards", metadata,
    sa.Column(
        "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False,
        doc="milliseconds of the asking, times `ROOM`, and a count: the newest is the highest",
    ),
    sa.Column("target", sa.Integer, nullable=False, index=True, doc="of `models`"),
    sa.Column(
        "planned", sa.SmallInteger, nullable=False, server_default="0",
        doc="1: a cell of an experiment over cases, which lists of runs leave out",
    ),
    sa.Column("outcome", sa.SmallInteger, nullable=False, doc="0 not over, 1 good, 2 failed, 3 interrupted"),
    sa.Column("repeat", sa.Integer, nullable=False),
    sa.Column("cost_kind", sa.SmallInteger, doc="1 free, 2 an amount, 3 unknown: the worst of all its attempts"),
    sa.Column("cost", sa.Double, doc="US dollars of all its attempts that have an amount"),
    sa.Column("input_tokens", sa.Integer),
    sa.Column("output_tokens", sa.Integer),
    sa.Column("duration_s", sa.Double),
    sa.Column("time_to_first_token_s", sa.Double),
    sa.Column("person", sa.Text, doc="whose run; empty where nobody had logged in"),
    sa.Column("run_id", sa.String(36), nullable=False),
    sa.Column(
        "completion_id", sa.String(36), sa.ForeignKey("completions.id", ondelete="CASCADE"), nullable=False,
        unique=True,
    ),
)  # fmt: skip
"""One small row per completion, which lists, filters and summaries read instead of large answers.

Written by triggers only (migrations 0004 and 0005), as is the full-text index `search`, which is not defined here: FTS5
in SQLite, a `tsvector` in PostgreSQL, one document per finished completion.
"""
sa.Index("ix_cards_outcome", cards.c.outcome, sqlite_where=cards.c.outcome != 1, postgresql_where=cards.c.outcome != 1)
sa.Index(
    "ix_cards_person", cards.c.person,
    sqlite_where=cards.c.person.is_not(None), postgresql_where=cards.c.person.is_not(None),
)  # fmt: skip
sa.Index(
    "ix_cards_listed", cards.c.target,
    sqlite_where=cards.c.planned == sa.literal_column("0"), postgresql_where=cards.c.planned == sa.literal_column("0"),
)  # fmt: skip
ROOM = 1 << 20
"""How many cards can have numbers in the same millisecond."""

choices = sa.Table(
    "choices", metadata,
    sa.Column("person", sa.Text, primary_key=True, doc="whose; empty where nobody logs in"),
    sa.Column("name", sa.Text, primary_key=True, doc="empty: what was chosen last"),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("choice", sa.JSON, nullable=False, doc="targets with their settings, and the settings they share"),
)  # fmt: skip
"""Sets of models that people have saved."""

OUTCOME: tuple[str, ...] = tuple(column.name for column in _outcome())
"""The columns that move from a completion to its attempt when a later attempt replaces it."""
