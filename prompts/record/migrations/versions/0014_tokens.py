"""How many tokens per minute a provider allows, as reported by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column; it is unknown until the next answer reports it."""
    op.add_column("gates", sa.Column("tokens_per_minute", sa.Integer()))
