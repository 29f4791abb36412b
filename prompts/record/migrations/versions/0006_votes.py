"""Blind votes: ballots, votes, and who has seen the names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

INSTANT = sa.DateTime(timezone=True)
ID = sa.String(36)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "ballots",
        sa.Column("id", ID, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("origin_kind", sa.String(16), nullable=False),
        sa.Column("origin_id", ID),
        sa.Column("reveal", sa.String(16), nullable=False),
        sa.Column("contestants", sa.JSON(), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ballots"),
    )
    op.create_index("ix_ballots_created_at", "ballots", ["created_at"])
    op.create_index("ix_ballots_origin_id", "ballots", ["origin_id"])
    _votes()
    op.create_table(
        "ballot_reveals",
        sa.Column("ballot_id", ID, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("ballot_id", "person", name="pk_ballot_reveals"),
        _of_ballot("ballot_reveals"),
    )


def _votes() -> None:
    op.create_table(
        "votes",
        sa.Column("id", ID, nullable=False),
        sa.Column("ballot_id", ID, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("case_key", sa.Text(), nullable=False),
        sa.Column("pair", sa.String(80), nullable=False),
        *_answer("left"),
        *_answer("right"),
        sa.Column("choice", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("gave_away", sa.Boolean(), nullable=False),
        sa.Column("revealed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_votes"),
        _of_ballot("votes"),
        sa.UniqueConstraint("ballot_id", "person", "pair", name="uq_votes_ballot_id_person_pair"),
    )


def _answer(side: str) -> list[sa.Column[str] | sa.Column[int]]:
    return [
        sa.Column(f"{side}_id", ID, nullable=False),
        sa.Column(f"{side}_name", sa.Text(), nullable=False),
        sa.Column(f"{side}_target", sa.Text(), nullable=False),
        sa.Column(f"{side}_characters", sa.Integer(), nullable=False),
        sa.Column(f"{side}_marks", sa.Integer(), nullable=False),
    ]


def _of_ballot(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["ballot_id"], ["ballots.id"], name=f"fk_{table}_ballot_id", ondelete="CASCADE")
