"""Votes that came in by a file are told from those that were cast here.

Of votes from before nobody knows; they count as cast here.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the column."""
    op.add_column("votes", sa.Column("imported", sa.Boolean(), nullable=False, server_default=sa.false()))
