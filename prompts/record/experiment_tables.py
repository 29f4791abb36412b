"""The tables of experiments: plans over cases, their cells, and the providers' gates; see `schema.py` for the others.

`schema.experiments` contains people's collections of runs, under an earlier name.
"""

from __future__ import annotations

import sqlalchemy as sa

from prompts.record.column_types import Instant, Money
from prompts.record.schema import metadata

_NUMBER: sa.types.TypeEngine[float] = sa.Double()

plans = sa.Table(
    "experiment_plans", metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("created_at", Instant, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("person", sa.Text, doc="whose; empty where nobody logs in"),
    sa.Column("plan", sa.JSON, nullable=False, doc="the whole of it, cases too"),
    sa.Column("version", sa.Integer, nullable=False, doc="counts the changes of the plan"),
    sa.Column("planned_cases", sa.Integer, nullable=False, doc="as it was first run"),
    sa.Column(
        "planned_repeats", sa.Integer, nullable=False, server_default="1", doc="as it was first run"
    ),
    sa.Column("stage", sa.String(16), nullable=False, doc="running, paused, stopped or finished"),
    sa.Column("reason", sa.Text, doc="why it was paused or stopped, in a sentence"),
    sa.Column(
        "recorder_id", sa.String(36), sa.ForeignKey("recorders.id", ondelete="SET NULL"), index=True,
        doc="who is asking; empty when nobody is",
    ),
    sa.Column(
        "asked_as", sa.JSON(none_as_null=True),
        doc="by whom workers ask each provider, such as ollama@gpu-box; empty: one process asks it all",
    ),
    sa.Column("budget", Money, doc="US dollars that are never exceeded; empty: no budget"),
    sa.Column("spent", Money, nullable=False, doc="US dollars of what is over; kept only under a budget"),
    sa.Column("reserved", Money, nullable=False, doc="US dollars that calls in progress or lost may cost"),
)  # fmt: skip
"""What is asked over cases, and how far it is. Its runs refer to it by `runs.plan_id`."""

cells = sa.Table(
    "experiment_cells", metadata,
    sa.Column(
        "completion_id", sa.String(36), sa.ForeignKey("completions.id", ondelete="CASCADE"), primary_key=True,
    ),
    sa.Column(
        "plan_id", sa.String(36), sa.ForeignKey("experiment_plans.id", ondelete="CASCADE"), nullable=False,
    ),
    sa.Column("repeat", sa.Integer, nullable=False),
    sa.Column("row", sa.Integer, nullable=False, doc="which case"),
    sa.Column("wording", sa.Integer, nullable=False),
    sa.Column("target", sa.Integer, nullable=False),
    sa.Column("reserved", Money, doc="US dollars set aside for it; empty: nothing is"),
    sa.Column("taken_from", Instant, doc="when it was asked, if it was taken over from the record"),
    sa.Column("findings", sa.JSON(none_as_null=True), doc="what each check found; empty: not checked"),
    sa.Column("note", sa.Text, doc="why it waits, in a sentence"),
    # In the order of asking, so that if it is cut short all targets were asked the same.
    sa.UniqueConstraint("plan_id", "repeat", "row", "wording", "target"),
)  # fmt: skip
"""One row per answer of a plan: its completion, its place in the plan, and the findings of the checks."""

drafts = sa.Table(
    "experiment_drafts", metadata,
    sa.Column("id", sa.String(64), primary_key=True, doc="nobody can guess it: who has it has the draft"),
    sa.Column("person", sa.Text, nullable=False, doc="whose; empty where nobody logs in"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False, index=True),
    sa.Column("draft", sa.JSON, nullable=False),
)  # fmt: skip
"""Experiments that are being written and have not been started."""

library_prompts = sa.Table(
    "library_prompts", metadata,
    sa.Column("key", sa.String(80), primary_key=True),
    sa.Column("deleted", sa.String(40), primary_key=True, doc="empty; else what brings it back"),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("file", sa.Text, nullable=False, doc="the version as the TOML file that it would be"),
)  # fmt: skip
"""The prompts that a team shares, one row per version; a single person's prompts are in a folder."""

JUDGES_FROM = 1_000_000
"""If a cell's `target` is at least this, it is a question to a judge about another cell; see `judge_store.py`."""

gates = sa.Table(
    "gates", metadata,
    sa.Column("provider", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, primary_key=True, doc="the address that is asked"),
    sa.Column("at_once", sa.Integer, nullable=False, doc="calls at the same time"),
    sa.Column("per_minute", sa.Integer, doc="calls a minute; empty: not known"),
    sa.Column("tokens_per_minute", sa.Integer, doc="likewise"),
    sa.Column("shut_until", Instant, doc="nothing is sent before then"),
    sa.Column("learnt_from", sa.Text, doc="what the provider said, in a sentence"),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("next_at", Instant, doc="when the next call is due under a limit a minute; empty: none was counted"),
)  # fmt: skip
"""The limits of each provider, as learnt from its refusals."""

workers = sa.Table(
    "workers", metadata,
    sa.Column("id", sa.String(36), sa.ForeignKey("recorders.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False, doc="worker, dashboard or run"),
    sa.Column("providers", sa.JSON, nullable=False, doc="what it listens for, such as openai or ollama@gpu-box"),
    sa.Column("at_once", sa.Integer, nullable=False, doc="its own calls to each hosted provider at the same time"),
    sa.Column("joined_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False, doc="its last sign of life"),
    sa.Column("per_minute", _NUMBER, doc="calls of it that ended lately, by the minute; empty: too few to say"),
    sa.Column("draining", sa.Boolean, nullable=False, doc="it takes nothing new, and leaves"),
)  # fmt: skip
"""The processes that ask experiments together; the id is that of their recorder."""
