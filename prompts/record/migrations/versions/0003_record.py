"""Experiments, ratings, notes, tags, fingerprints, and what lists and filters go by."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add to what is there; nothing recorded changes."""
    op.add_column("runs", sa.Column("experiment_id", sa.String(36)))
    op.add_column("runs", sa.Column("kept", sa.String(16)))
    op.create_index(op.f("ix_runs_experiment_id"), "runs", ["experiment_id"])
    for table in ("completions", "attempts"):
        op.add_column(table, sa.Column("fingerprint", sa.JSON()))
    op.add_column("completions", sa.Column("asked_at", INSTANT))
    op.add_column("completions", sa.Column("interrupted_at", INSTANT))
    op.create_index(
        "ix_completions_interrupted", "completions", ["interrupted_at"],
        sqlite_where=sa.text("interrupted_at IS NOT NULL"), postgresql_where=sa.text("interrupted_at IS NOT NULL"),
    )  # fmt: skip
    for table, column in (("runs", "request"), ("completions", "history")):
        op.create_index(
            f"ix_{table}_with_files", table, ["id"],
            sqlite_where=sa.text(f"instr({column}, '\"sha256\":') > 0"),
            postgresql_where=sa.text(f"strpos(CAST({column} AS TEXT), '\"sha256\":') > 0"),
        )  # fmt: skip
    op.execute("UPDATE completions SET asked_at = (SELECT created_at FROM runs WHERE runs.id = completions.run_id)")
    op.create_table(
        "experiments",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiments")),
    )
    _marks(
        "ratings", "person",
        sa.Column("thumb", sa.Integer()),
        sa.Column("stars", sa.Integer()),
        sa.Column("best", sa.Boolean(), nullable=False),
    )  # fmt: skip
    _marks("notes", "person", sa.Column("text", sa.Text(), nullable=False))
    _marks("tags", "name", sa.Column("name", sa.Text(), nullable=False))
    op.create_index("ix_tags_name", "tags", ["name", "completion_id"])


def _marks(name: str, key: str, *columns: sa.Column[Any]) -> None:
    """What a person says of a completion."""
    op.create_table(
        name,
        sa.Column("completion_id", sa.String(36), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("completion_id", key, name=op.f(f"pk_{name}")),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completions.id"], name=op.f(f"fk_{name}_completion_id"), ondelete="CASCADE"
        ),
    )
