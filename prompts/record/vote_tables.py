"""The tables of blind votes: ballots, votes, and who was shown the names; see `schema.py` for the others.

A vote refers to its answers by ids that may be gone, and stores what a ranking needs of them, never a text.
"""

from __future__ import annotations

import sqlalchemy as sa

from prompts.record.column_types import Instant
from prompts.record.schema import metadata

ballots = sa.Table(
    "ballots", metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("created_at", Instant, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("task", sa.Text, nullable=False, doc="what it is about; rankings are made for each"),
    sa.Column("person", sa.Text, doc="who made it; empty where nobody logs in"),
    sa.Column("origin_kind", sa.String(16), nullable=False, doc="experiment, collection or runs"),
    sa.Column("origin_id", sa.String(36), index=True, doc="of the experiment or collection, which may be gone"),
    sa.Column("reveal", sa.String(16), nullable=False, doc="end or each: when names are revealed"),
    sa.Column("contestants", sa.JSON, nullable=False, doc="a name and a `provider:model` each, and who imported it"),
    sa.Column("cases", sa.JSON, nullable=False, doc="a key each, and for every contestant ids of completions"),
)  # fmt: skip
"""What is voted on. Contains no text of a prompt or an answer."""


def _answer(side: str) -> list[sa.Column[str] | sa.Column[int]]:
    """One of the two answers of a vote."""
    return [
        sa.Column(f"{side}_id", sa.String(36), nullable=False, doc="its completion, which may be gone"),
        sa.Column(f"{side}_name", sa.Text, nullable=False),
        sa.Column(f"{side}_target", sa.Text, nullable=False, doc="`provider:model`"),
        sa.Column(f"{side}_characters", sa.Integer, nullable=False),
        sa.Column(f"{side}_marks", sa.Integer, nullable=False, doc="headings, list items and the like"),
    ]


votes = sa.Table(
    "votes", metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("ballot_id", sa.String(36), sa.ForeignKey("ballots.id", ondelete="CASCADE"), nullable=False),
    sa.Column("person", sa.Text, nullable=False, doc="who voted; empty where nobody gave a name"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("case_key", sa.Text, nullable=False),
    sa.Column("pair", sa.String(80), nullable=False, doc="both completions in the order of their ids"),
    *_answer("left"),
    *_answer("right"),
    sa.Column("choice", sa.String(16), nullable=False, doc="left, right, tie, both_bad or skip"),
    sa.Column("reason", sa.String(16)),
    sa.Column("gave_away", sa.Boolean, nullable=False, doc="an answer named its model: in no ranking"),
    sa.Column("revealed", sa.Boolean, nullable=False, doc="the names were revealed, so it can no longer be changed"),
    sa.Column("imported", sa.Boolean, nullable=False, server_default=sa.false(), doc="from a file: in no ranking"),
    sa.UniqueConstraint("ballot_id", "person", "pair"),
)  # fmt: skip
"""One person's choice between two answers; two tabs, or importing the same file twice, do not make a second one."""

reveals = sa.Table(
    "ballot_reveals", metadata,
    sa.Column("ballot_id", sa.String(36), sa.ForeignKey("ballots.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("person", sa.Text, primary_key=True, doc="empty where nobody gave a name"),
    sa.Column("at", Instant, nullable=False),
)  # fmt: skip
"""Who has finished a ballot and was shown the names, and so may not vote on it any more."""
