"""Conversations, attachments, saved choices of models, and two more times."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add to what is there; nothing recorded changes."""
    for table in ("completions", "attempts"):
        for name in ("time_to_last_token_s", "prepare_s"):
            op.add_column(table, sa.Column(name, sa.Double()))
    op.add_column("completions", sa.Column("history", sa.JSON()))
    op.add_column("completions", sa.Column("follows", sa.String(36)))
    op.add_column("runs", sa.Column("link_id", sa.String(36)))
    op.add_column("runs", sa.Column("link_kind", sa.String(16)))
    op.create_index(op.f("ix_runs_link_id"), "runs", ["link_id"])
    op.create_table(
        "attachments",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_attachments")),
    )
    op.create_table(
        "choices",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("choice", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("person", "name", name=op.f("pk_choices")),
    )
