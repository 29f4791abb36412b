"""The first record: runs, completions, attempts, and who works on them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Spelled out rather than taken from `prompts.schema`, which will move on while this step stays.
MONEY = sa.Numeric().with_variant(sa.String(), "sqlite")
SECONDS = (
    "time_to_first_chunk_s", "time_to_first_token_s", "duration_s", "output_tokens_per_s", "output_characters_per_s",
    "connected_s", "sent_s", "headers_s",
)  # fmt: skip
TOKENS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens")


def _outcome() -> list[sa.Column[Any]]:
    return [
        sa.Column("settings", sa.JSON()),
        sa.Column("text", sa.Text()),
        sa.Column("thinking", sa.Text()),
        sa.Column("started_at", sa.DateTime(timezone=True)),
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
    ]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "recorders",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorders")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_created_at"), "runs", ["created_at"])
    op.create_table(
        "completions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cell", sa.Integer(), nullable=False),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("recorder_id", sa.String(36)),
        sa.Column("endpoint", sa.Text()),
        *_outcome(),
        sa.ForeignKeyConstraint(
            ["recorder_id"], ["recorders.id"], name=op.f("fk_completions_recorder_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_completions_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completions")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_completions_run_id_position")),
    )
    unfinished = sa.text("recorder_id IS NOT NULL")
    op.create_index(
        "ix_completions_unfinished", "completions", ["recorder_id"],
        sqlite_where=unfinished, postgresql_where=unfinished,
    )  # fmt: skip
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("completion_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("status", sa.Integer()),
        sa.Column("request_id", sa.Text()),
        *_outcome(),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completions.id"], name=op.f("fk_attempts_completion_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("completion_id", "number", name=op.f("uq_attempts_completion_id_number")),
    )
