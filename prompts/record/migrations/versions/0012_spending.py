"""What each person has spent on each day, where a team sets a limit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MONEY = sa.Numeric().with_variant(sa.String(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "spending",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("spent", MONEY, nullable=False),
        sa.Column("reserved", MONEY, nullable=False),
        sa.PrimaryKeyConstraint("person", "day", name="pk_spending"),
    )
