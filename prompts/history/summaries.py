"""Totals of the completions of each day, and of each target, read from their cards."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median
from typing import Any

import sqlalchemy as sa

from prompts.core.plan import WARM_UP
from prompts.core.run_summaries import Filter, Spend, Summary
from prompts.record import full_text
from prompts.record.filter_sql import FREE, GOOD, PRICED, UNKNOWN, Condition, all_cards
from prompts.record.schema import ROOM, cards, models

AT_ONCE = 10_000
_DAY = cards.c.number // sa.literal_column(str(86_400_000 * ROOM))
_CALL = cards.c.repeat != WARM_UP
_GOOD_CALL = sa.and_(_CALL, cards.c.outcome == GOOD)


def days(connection: sa.Connection, wanted: Filter) -> tuple[Summary, ...]:
    """One summary for each day (UTC) that has completions, newest first."""
    found = _summaries(connection, wanted, _DAY, _date)
    return tuple(sorted(found, key=lambda summary: summary.key, reverse=True))


def targets(connection: sa.Connection, wanted: Filter) -> tuple[Summary, ...]:
    """One summary for each target, sorted by name."""
    names = {row.id: f"{row.provider}:{row.model}" for row in connection.execute(sa.select(models))}
    found = _summaries(connection, wanted, cards.c.target, names.__getitem__)
    return tuple(sorted(found, key=lambda summary: summary.key))


def _summaries(
    connection: sa.Connection, wanted: Filter, key: sa.ColumnElement[int], name: Callable[[int], str]
) -> list[Summary]:
    conditions = full_text.conditions(connection, wanted)
    durations = _medians(connection, key, cards.c.duration_s, conditions)
    firsts = _medians(connection, key, cards.c.time_to_first_token_s, conditions)
    return [
        Summary(
            name(row.key), row.calls, row.good, Spend(_dollars(row.amount), row.priced, row.free, row.unknown),
            row.input_tokens, row.output_tokens, durations.get(row.key), firsts.get(row.key),
        )
        for row in connection.execute(_sums(key).where(*conditions))
    ]  # fmt: skip


def _sums(key: sa.ColumnElement[int]) -> sa.Select[Any]:
    """The query for totals. Warm-ups count for money and tokens, but not as calls."""

    def count(condition: Condition) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    return all_cards([
        key.label("key"), count(_CALL).label("calls"), count(_GOOD_CALL).label("good"),
        sa.func.coalesce(sa.func.sum(cards.c.cost), 0.0).label("amount"),
        count(cards.c.cost_kind == PRICED).label("priced"), count(cards.c.cost_kind == FREE).label("free"),
        count(cards.c.cost_kind == UNKNOWN).label("unknown"),
        sa.func.sum(cards.c.input_tokens).label("input_tokens"),
        sa.func.sum(cards.c.output_tokens).label("output_tokens"),
    ]).group_by(sa.text("key"))  # fmt: skip


def _medians(
    connection: sa.Connection, key: sa.ColumnElement[int], seconds: sa.ColumnElement[float], conditions: list[Condition]
) -> dict[int, float]:
    """The median of each group, over the calls that ended well and have that time."""
    query = all_cards([key.label("key"), seconds.label("seconds")]).where(*conditions, _GOOD_CALL, seconds.is_not(None))
    values: defaultdict[int, array[float]] = defaultdict(lambda: array("d"))
    with connection.execute(query.execution_options(yield_per=AT_ONCE)) as rows:
        for row in rows:
            values[row.key].append(row.seconds)
    return {group: median(of_it) for group, of_it in values.items()}


def _date(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()


def _dollars(amount: float) -> Decimal:
    """A sum of floats as `Decimal`, rounded to twelve digits to remove binary rounding errors."""
    return Decimal(f"{amount:.12g}")
