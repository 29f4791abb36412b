"""Drafts of experiments, prompts that a team shares, and how many repeats an experiment was planned with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

INSTANT = sa.DateTime(timezone=True)
_PLANNED = {
    "sqlite": "UPDATE experiment_plans SET planned_repeats = json_extract(plan, '$.repeats')",
    "postgresql": "UPDATE experiment_plans SET planned_repeats = CAST(plan ->> 'repeats' AS INTEGER)",
}


def upgrade() -> None:
    """Create the two tables and the column; for existing experiments it is filled from the plan."""
    op.create_table(
        "experiment_drafts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_experiment_drafts"),
    )
    op.create_index("ix_experiment_drafts_changed_at", "experiment_drafts", ["changed_at"])
    op.create_table(
        "library_prompts",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("deleted", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "deleted", "number", name="pk_library_prompts"),
    )
    op.add_column("experiment_plans", sa.Column("planned_repeats", sa.Integer(), nullable=False, server_default="1"))
    bind = op.get_bind()
    bind.exec_driver_sql(_PLANNED[bind.dialect.name])
