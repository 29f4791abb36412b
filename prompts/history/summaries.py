"""What the completions of each day, and of each target, came to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import Any

import sqlalchemy as sa

from prompts.history.filters import conditions
from prompts.history.lines import Filter, Summary
from prompts.history.listed import spend
from prompts.run import WARM_UP
from prompts.schema import completions, runs
from providers.completion import GOOD_STATES


def days(connection: sa.Connection, wanted: Filter) -> tuple[Summary, ...]:
    """One summary a day (UTC) that has completions, newest first."""
    return _summaries(connection, wanted, lambda row: row.asked_at.date().isoformat())[::-1]


def targets(connection: sa.Connection, wanted: Filter) -> tuple[Summary, ...]:
    """One summary a target, by name."""
    return _summaries(connection, wanted, lambda row: f"{row.provider}:{row.model}")


def _summaries(connection: sa.Connection, wanted: Filter, key: Callable[[Any], str]) -> tuple[Summary, ...]:
    query = sa.select(
        completions.c.asked_at, completions.c.provider, completions.c.model, completions.c.state, completions.c.repeat,
        completions.c.cost_kind, completions.c.cost_amount, completions.c.input_tokens, completions.c.output_tokens,
        completions.c.duration_s, completions.c.time_to_first_token_s,
    )  # fmt: skip
    query = query.join(runs, runs.c.id == completions.c.run_id).where(*conditions(connection, wanted))
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        groups[key(row)].append(row)
    return tuple(_summary(name, groups[name]) for name in sorted(groups))


def _summary(key: str, rows: list[Any]) -> Summary:
    calls = [row for row in rows if row.repeat != WARM_UP]
    good = [row for row in calls if row.state in GOOD_STATES]
    durations = [row.duration_s for row in good if row.duration_s is not None]
    firsts = [row.time_to_first_token_s for row in good if row.time_to_first_token_s is not None]
    return Summary(
        key, len(calls), len(good), spend(rows), sum(row.input_tokens or 0 for row in rows),
        sum(row.output_tokens or 0 for row in rows), median(durations) if durations else None,
        median(firsts) if firsts else None,
    )  # fmt: skip
