"""The tables of decisions and of watched experiments; see `schema.py` for the others.

Both refer to experiments by ids that may be gone: what was decided, and on what evidence, is stored in full.
"""

from __future__ import annotations

import sqlalchemy as sa

from prompts.record.column_types import Instant, Money
from prompts.record.schema import metadata

decisions = sa.Table(
    "decisions", metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("decided_at", Instant, nullable=False, index=True),
    sa.Column("task", sa.Text, nullable=False, doc="what the model was chosen for"),
    sa.Column("chosen", sa.Text, nullable=False, doc="`provider:model`, with its settings where they part it"),
    sa.Column("person", sa.Text, doc="who decided; empty where nobody logs in"),
    sa.Column("because", sa.Text, nullable=False, doc="in their own words; may be empty"),
    sa.Column("evidence", sa.JSON, nullable=False, doc="what was known then, frozen: `core.decision`"),
)  # fmt: skip
"""What was chosen, for which task, on what evidence, by whom, when. Never changed: the newest for a task counts."""

watches = sa.Table(
    "watches", metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("plan_id", sa.String(36), nullable=False, unique=True, doc="the experiment, which may be gone"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("person", sa.Text, doc="who wants it watched; empty where nobody logs in"),
    sa.Column("every_days", sa.Integer, nullable=False),
    sa.Column("budget", Money, nullable=False, doc="US dollars of one run, never exceeded"),
    sa.Column("asked_at", Instant, doc="when it was last asked again, or begun to be; empty: never"),
)  # fmt: skip
"""Experiments that are repeated at intervals."""

looks = sa.Table(
    "watch_looks", metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("watch_id", sa.String(36), sa.ForeignKey("watches.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("plan_id", sa.String(36), doc="the experiment that asked it, which may be gone; empty: it could not"),
    sa.Column("moved", sa.JSON, nullable=False, doc="the changes, each with its model; empty: no change beyond chance"),
    sa.Column("problem", sa.Text, doc="why it could not be asked, or not to its end; empty: it was"),
)  # fmt: skip
"""One row per repetition, with what it showed."""
