"""Decisions, and experiments that are watched for drift."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MONEY = sa.Numeric().with_variant(sa.String(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ID = sa.String(36)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "decisions",
        sa.Column("id", ID, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_decided_at", "decisions", ["decided_at"])
    op.create_table(
        "watches",
        sa.Column("id", ID, nullable=False),
        sa.Column("plan_id", ID, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("budget", MONEY, nullable=False),
        sa.Column("asked_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_watches"),
        sa.UniqueConstraint("plan_id", name="uq_watches_plan_id"),
    )
    op.create_table(
        "watch_looks",
        sa.Column("id", ID, nullable=False),
        sa.Column("watch_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("plan_id", ID),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_watch_looks"),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"], name="fk_watch_looks_watch_id", ondelete="CASCADE"),
    )
    op.create_index("ix_watch_looks_watch_id", "watch_looks", ["watch_id"])
