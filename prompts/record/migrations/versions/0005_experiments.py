"""Experiments over cases: plans, their cells, gates of providers; and cards that know which answers are such cells.

A completion may now be `waiting` before anybody has claimed it; the triggers of the cards must treat it as unfinished.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from prompts.record.migrations import experiment_catalogue

revision = "0005"
down_revision = "0004"

MONEY = sa.Numeric().with_variant(sa.String(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ID = sa.String(36)


def upgrade() -> None:
    """Create the tables, add the two columns, and replace the triggers."""
    _plans()
    _cells()
    _gates()
    op.add_column("runs", sa.Column("plan_id", ID))
    op.create_index("ix_runs_plan_id", "runs", ["plan_id"])
    op.add_column("cards", sa.Column("planned", sa.SmallInteger(), nullable=False, server_default="0"))
    listed = sa.text("planned = 0")
    op.create_index("ix_cards_listed", "cards", ["target"], sqlite_where=listed, postgresql_where=listed)
    bind = op.get_bind()
    for statement in experiment_catalogue.statements(bind):
        bind.exec_driver_sql(statement)


def _plans() -> None:
    op.create_table(
        "experiment_plans",
        sa.Column("id", ID, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("planned_cases", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("recorder_id", ID),
        sa.Column("budget", MONEY),
        sa.Column("spent", MONEY, nullable=False),
        sa.Column("reserved", MONEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_experiment_plans"),
        sa.ForeignKeyConstraint(
            ["recorder_id"], ["recorders.id"], name="fk_experiment_plans_recorder_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_experiment_plans_created_at", "experiment_plans", ["created_at"])
    op.create_index("ix_experiment_plans_recorder_id", "experiment_plans", ["recorder_id"])


def _cells() -> None:
    table = "experiment_cells"
    op.create_table(
        table,
        sa.Column("completion_id", ID, nullable=False),
        sa.Column("plan_id", ID, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("repeat", "row", "wording", "target")),
        sa.Column("reserved", MONEY),
        sa.Column("taken_from", INSTANT),
        sa.Column("findings", sa.JSON()),
        sa.Column("note", sa.Text()),
        sa.PrimaryKeyConstraint("completion_id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completions.id"], name=f"fk_{table}_completion_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["experiment_plans.id"], name=f"fk_{table}_plan_id", ondelete="CASCADE"),
        sa.UniqueConstraint(
            "plan_id", "repeat", "row", "wording", "target", name=f"uq_{table}_plan_id_repeat_row_wording_target"
        ),
    )


def _gates() -> None:
    op.create_table(
        "gates",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("at_once", sa.Integer(), nullable=False),
        sa.Column("per_minute", sa.Integer()),
        sa.Column("shut_until", INSTANT),
        sa.Column("learnt_from", sa.Text()),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("provider", "account", name="pk_gates"),
    )
