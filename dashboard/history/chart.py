"""Bar charts of spend and calls per day. A day with an unknown cost says so above its bar.

Imports Altair but no Streamlit. Import it only to draw: Altair takes a while to import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from dashboard.history.totals import of_how_many
from prompts.core import format as text_of
from prompts.core.run_summaries import Summary

GOOD, OTHER = "answered", "not completed"
COLOURS: Mapping[str, str] = {GOOD: "#3b8a74", OTHER: "#d08a2e"}
"""Distinct on light and dark backgrounds, and for people who confuse red and green: they differ in lightness too."""
_HEIGHT = 190
_MARK, _SMALL_MARK, _ROOMY = 13, 8, 45  # sizes of "≥": small with more than 45 days, where large ones would touch
_CENTS_FROM = 0.1  # US dollars: if any day has spent this much, the axis is labelled in whole cents
_TIP = [
    alt.Tooltip(f"{name}:N", title=title)
    for name, title in (
        ("day", "Day (UTC)"), ("spend", "Spend"), ("unknown", "Of unknown cost"), ("calls", "Calls"),
        ("other", "Not completed"), ("duration", "Median duration"), ("first", "Median first token"),
    )
]  # fmt: skip


def spend(days: Sequence[Summary]) -> alt.LayerChart | alt.FacetChart:
    """US dollars per day, with "≥" above the bar of a day with unknown costs."""
    base = alt.Chart(alt.Data(values=[_row(day) for day in days])).encode(x=_x(days))
    digits = ",.2f" if max((day.spend.amount for day in days), default=0) >= _CENTS_FROM else ".3~r"
    axis = alt.Axis(labelExpr=f"datum.value ? '$' + format(datum.value, '{digits}') : '$0'", tickCount=4)
    y = alt.Y("amount:Q", title=None, axis=axis)
    bars = base.mark_bar(color=COLOURS[GOOD], cornerRadiusEnd=2).encode(y=y, tooltip=_TIP)
    marks = base.mark_text(
        dy=-8, fontSize=_MARK if len(days) <= _ROOMY else _SMALL_MARK, color=COLOURS[OTHER], fontWeight=600
    ).encode(y=y, text="mark:N", tooltip=_TIP)
    return alt.layer(bars, marks).properties(height=_HEIGHT)


def calls(days: Sequence[Summary]) -> alt.Chart:
    """Calls per day, those not completed on top."""
    rows = [
        {**_row(day), "kind": kind, "number": number, "order": order}
        for day in days
        for order, (kind, number) in enumerate(((GOOD, day.good), (OTHER, day.calls - day.good)))
        if number
    ]
    colour = alt.Color("kind:N", scale=alt.Scale(domain=[*COLOURS], range=[*COLOURS.values()]), legend=None)
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=_x(days), y=alt.Y("number:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=4)), color=colour,
            order="order:Q", tooltip=_TIP,
        )
        .properties(height=_HEIGHT)
    )  # fmt: skip


def describe_spend(days: Sequence[Summary]) -> str:
    """The chart of spend in words, for screen readers."""
    said = [f"{day.key}: {text_of.spent(day.spend)}" for day in days if day.calls or day.spend.unknown]
    return f"Spend of each day. {'; '.join(said) or 'Nothing was asked'}."


def describe_calls(days: Sequence[Summary]) -> str:
    """The chart of calls in words, for screen readers."""
    said = [f"{day.key}: {day.calls}, {day.calls - day.good} not completed" for day in days if day.calls]
    return f"Calls of each day. {'; '.join(said) or 'Nothing was asked'}."


def _x(days: Sequence[Summary]) -> alt.X:
    """The axis of days: a place for each day, and as many labels as fit."""
    axis = alt.Axis(
        title=None, labelAngle=0, labelOverlap="greedy", labelBound=True, ticks=False,
        labelExpr="utcFormat(toDate(datum.value), '%-d %b')",
    )  # fmt: skip
    return alt.X("day:O", axis=axis, scale=alt.Scale(domain=[day.key for day in days]))


def _row(day: Summary) -> dict[str, str | float]:
    return {
        "day": day.key,
        "amount": float(day.spend.amount),
        "mark": "≥" if day.spend.unknown else "",
        "spend": text_of.spent(day.spend) if day.spend.unknown or day.spend.priced or day.spend.free else "$0",
        "unknown": text_of.number_of(day.spend.unknown, "answer"),
        "calls": text_of.count(day.calls),
        "other": text_of.count(day.calls - day.good),
        "duration": of_how_many(day.duration_s, day.good),
        "first": of_how_many(day.time_to_first_token_s, day.good),
    }
