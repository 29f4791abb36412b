"""Workers; which of them asks which provider of a shared experiment; and when a provider's next call is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

INSTANT = sa.DateTime(timezone=True)
ID = sa.String(36)
NUMBER: sa.types.TypeEngine[float] = sa.Double()


def upgrade() -> None:
    """Create the table and the columns; existing experiments are asked by one process each, as before."""
    op.create_table(
        "workers",
        sa.Column("id", ID, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("providers", sa.JSON(), nullable=False),
        sa.Column("at_once", sa.Integer(), nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("per_minute", NUMBER),
        sa.Column("draining", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
        sa.ForeignKeyConstraint(["id"], ["recorders.id"], name="fk_workers_id", ondelete="CASCADE"),
    )
    op.add_column("experiment_plans", sa.Column("asked_as", sa.JSON()))
    op.add_column("gates", sa.Column("next_at", INSTANT))
