"""The calls that each person has in progress, where a team sets a limit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "places",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("recorder_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(["recorder_id"], ["recorders.id"], name="fk_places_recorder_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_places"),
    )
    op.create_index("ix_places_person", "places", ["person"])
