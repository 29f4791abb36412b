"""The record: runs, completions, attempts, what belongs to them, what people say about them, and the catalogue.

Also completes a record of the three schemas before the first release, which lack tables, columns and indexes of this
one; their content is kept.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateColumn

from prompts.record.migrations import catalogue

revision = "0004"
down_revision = None

# Spelled out rather than imported from `prompts.record.schema`, which will change while this step must not.
TABLES = sa.MetaData()
MONEY = sa.Numeric().with_variant(sa.String(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ID = sa.String(36)
SECONDS = (
    "time_to_first_chunk_s", "time_to_first_token_s", "duration_s", "output_tokens_per_s", "output_characters_per_s",
    "connected_s", "sent_s", "headers_s",
)  # fmt: skip
TOKENS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens")


def _table(name: str, *parts: sa.Column[Any] | sa.Constraint, key: tuple[str, ...] = ("id",)) -> sa.Table:
    return sa.Table(name, TABLES, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def _belongs(table: str, column: str, to: str, *, gone: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=f"fk_{table}_{column}", ondelete=gone)


def _partial(name: str, column: sa.Column[Any], sqlite: str, postgresql: str | None = None) -> None:
    sa.Index(name, column, sqlite_where=sa.text(sqlite), postgresql_where=sa.text(postgresql or sqlite))


def _outcome() -> list[sa.Column[Any]]:
    return [
        sa.Column("settings", sa.JSON()),
        sa.Column("text", sa.Text()),
        sa.Column("thinking", sa.Text()),
        sa.Column("started_at", INSTANT),
        sa.Column("response_model", sa.Text()),
        sa.Column("response_id", sa.Text()),
        sa.Column("stop_reason", sa.Text()),
        *(sa.Column(name, sa.Double()) for name in SECONDS),
        *(sa.Column(name, sa.Integer()) for name in TOKENS),
        sa.Column("raw_usage", sa.JSON()),
        sa.Column("server_timings", sa.JSON()),
        sa.Column("cost_kind", sa.String(16)),
        sa.Column("cost_amount", MONEY),
        sa.Column("cost", sa.JSON()),
        sa.Column("conditions", sa.JSON()),
        sa.Column("flags", sa.JSON()),
        sa.Column("adjustments", sa.JSON()),
        sa.Column("versions", sa.JSON()),
        sa.Column("error_kind", sa.String(32)),
        sa.Column("error", sa.JSON()),
        sa.Column("time_to_last_token_s", sa.Double()),
        sa.Column("prepare_s", sa.Double()),
        sa.Column("fingerprint", sa.JSON()),
    ]


_table(
    "recorders",
    sa.Column("id", ID, nullable=False),
    sa.Column("host", sa.Text(), nullable=False),
    sa.Column("pid", sa.Integer(), nullable=False),
    sa.Column("seen_at", INSTANT, nullable=False),
)
runs = _table(
    "runs",
    sa.Column("id", ID, nullable=False),
    sa.Column("created_at", INSTANT, nullable=False),
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("prompt", sa.Text(), nullable=False),
    sa.Column("request", sa.JSON(), nullable=False),
    sa.Column("person", sa.Text()),
    sa.Column("link_id", ID),
    sa.Column("link_kind", sa.String(16)),
    sa.Column("experiment_id", ID),
    sa.Column("kept", sa.String(16)),
)
for _name in ("created_at", "link_id", "experiment_id"):
    sa.Index(f"ix_runs_{_name}", runs.c[_name])
completions = _table(
    "completions",
    sa.Column("id", ID, nullable=False),
    sa.Column("run_id", ID, nullable=False),
    sa.Column("position", sa.Integer(), nullable=False),
    sa.Column("cell", sa.Integer(), nullable=False),
    sa.Column("repeat", sa.Integer(), nullable=False),
    sa.Column("provider", sa.Text(), nullable=False),
    sa.Column("model", sa.Text(), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("recorder_id", ID),
    sa.Column("endpoint", sa.Text()),
    *_outcome(),
    sa.Column("history", sa.JSON()),
    sa.Column("follows", ID),
    sa.Column("asked_at", INSTANT),
    sa.Column("interrupted_at", INSTANT),
    _belongs("completions", "recorder_id", "recorders.id", gone="SET NULL"),
    _belongs("completions", "run_id", "runs.id"),
    sa.UniqueConstraint("run_id", "position", name="uq_completions_run_id_position"),
)
_partial("ix_completions_unfinished", completions.c.recorder_id, "recorder_id IS NOT NULL")
_partial("ix_completions_interrupted", completions.c.interrupted_at, "interrupted_at IS NOT NULL")
for _owner, _name in ((runs, "request"), (completions, "history")):
    _partial(
        f"ix_{_owner.name}_with_files", _owner.c.id, f"instr({_name}, '\"sha256\":') > 0",
        f"strpos(CAST({_name} AS TEXT), '\"sha256\":') > 0",
    )  # fmt: skip
_table(
    "attempts",
    sa.Column("id", ID, nullable=False),
    sa.Column("completion_id", ID, nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("endpoint", sa.Text(), nullable=False),
    sa.Column("model", sa.Text(), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("sent_at", INSTANT, nullable=False),
    sa.Column("finished_at", INSTANT),
    sa.Column("status", sa.Integer()),
    sa.Column("request_id", sa.Text()),
    *_outcome(),
    _belongs("attempts", "completion_id", "completions.id"),
    sa.UniqueConstraint("completion_id", "number", name="uq_attempts_completion_id_number"),
)
_table(
    "attachments",
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("data", sa.LargeBinary(), nullable=False),
    key=("sha256",),
)
_table(
    "choices",
    sa.Column("person", sa.Text(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("changed_at", INSTANT, nullable=False),
    sa.Column("choice", sa.JSON(), nullable=False),
    key=("person", "name"),
)
_table(
    "experiments",
    sa.Column("id", ID, nullable=False),
    sa.Column("created_at", INSTANT, nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("person", sa.Text()),
)


def _said(name: str, key: str, *columns: sa.Column[Any]) -> sa.Table:
    """A table of what a person says about a completion."""
    return _table(
        name,
        sa.Column("completion_id", ID, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        *columns,
        _belongs(name, "completion_id", "completions.id"),
        key=("completion_id", key),
    )


_said(
    "ratings", "person", sa.Column("thumb", sa.Integer()), sa.Column("stars", sa.Integer()),
    sa.Column("best", sa.Boolean(), nullable=False),
)  # fmt: skip
_said("notes", "person", sa.Column("text", sa.Text(), nullable=False))
tags = _said("tags", "name", sa.Column("name", sa.Text(), nullable=False))
sa.Index("ix_tags_name", tags.c.name, tags.c.completion_id)
_table(
    "models",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("provider", sa.Text(), nullable=False),
    sa.Column("model", sa.Text(), nullable=False),
    sa.UniqueConstraint("provider", "model", name="uq_models_provider_model"),
)
cards = _table(
    "cards",
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
    sa.Column("target", sa.Integer(), nullable=False),
    sa.Column("outcome", sa.SmallInteger(), nullable=False),
    sa.Column("repeat", sa.Integer(), nullable=False),
    sa.Column("cost_kind", sa.SmallInteger()),
    sa.Column("cost", sa.Double()),
    sa.Column("input_tokens", sa.Integer()),
    sa.Column("output_tokens", sa.Integer()),
    sa.Column("duration_s", sa.Double()),
    sa.Column("time_to_first_token_s", sa.Double()),
    sa.Column("person", sa.Text()),
    sa.Column("run_id", ID, nullable=False),
    sa.Column("completion_id", ID, nullable=False),
    _belongs("cards", "completion_id", "completions.id"),
    sa.UniqueConstraint("completion_id", name="uq_cards_completion_id"),
    key=("number",),
)
sa.Index("ix_cards_target", cards.c.target)
_partial("ix_cards_outcome", cards.c.outcome, "outcome <> 1")
_partial("ix_cards_person", cards.c.person, "person IS NOT NULL")


def upgrade() -> None:
    """Create what does not exist yet, and the catalogue of what does."""
    bind = op.get_bind()
    there = set(sa.inspect(bind).get_table_names())
    for table in TABLES.sorted_tables:
        if table.name in there:
            _complete(bind, table)
        else:
            table.create(bind)
    op.execute(
        "UPDATE completions SET asked_at = (SELECT created_at FROM runs WHERE runs.id = completions.run_id) "
        "WHERE asked_at IS NULL"
    )
    for statement in catalogue.statements(bind):
        bind.exec_driver_sql(statement)


def _complete(bind: sa.Connection, table: sa.Table) -> None:
    """Add the columns and indexes that an older schema lacked."""
    inspector = sa.inspect(bind)
    columns = {column["name"] for column in inspector.get_columns(table.name)}
    indexes = {index["name"] for index in inspector.get_indexes(table.name)}
    for column in table.columns:
        if column.name not in columns:
            made = CreateColumn(column).compile(dialect=bind.dialect)
            bind.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {made}")
    for index in table.indexes:
        if index.name not in indexes:
            index.create(bind)
