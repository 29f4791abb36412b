"""How many tokens a minute a provider lets through, as it says itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the column; nothing is known until the next answer tells."""
    op.add_column("gates", sa.Column("tokens_per_minute", sa.Integer()))
