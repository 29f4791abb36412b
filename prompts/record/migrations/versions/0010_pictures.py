"""Pictures that models made: the facts about them beside an answer, the stored contents, and their times."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_NUMBERS = ("time_to_first_picture_s", "time_to_final_picture_s", "steps_per_s")


def upgrade() -> None:
    """Add the columns to answers and attempts, and create the table of contents."""
    for table in ("completions", "attempts"):
        for name in _NUMBERS:
            op.add_column(table, sa.Column(name, sa.Double()))
        op.add_column(table, sa.Column("pictures", sa.JSON()))
        with_pictures = sa.text("pictures IS NOT NULL")
        op.create_index(
            f"ix_{table}_with_pictures", table, ["id"], sqlite_where=with_pictures, postgresql_where=with_pictures
        )
    op.create_table(
        "pictures",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("sha256", name="pk_pictures"),
    )
