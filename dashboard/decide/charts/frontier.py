"""Quality against cost, with 95 % ranges of both, time as colour, and a ring around the efficient models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from prompts.core import format as text_of
from prompts.core.format import SHARE_ON_AXIS
from prompts.decide.efficient import Standing
from prompts.decide.evidence import dollars, share_shown, shown

_WIDE = 20  # if the largest value is at least this many times the smallest, the axis is logarithmic
_TIPS = {
    "name": "Model", "says": "Quality", "money": "1,000 requests", "time": "Median time", "standing": "Standing",
}  # fmt: skip
_GREEN, _GREY, _TEAL = "#43b08f", "#7a817e", "#2b6f80"


def chart(standings: Sequence[Standing]) -> alt.LayerChart | alt.FacetChart:
    """Up is better, left is cheaper, and the colour is the time; if all cost the same, left is faster instead."""
    rows = [_row(n, each) for n, each in enumerate(standings, 1)]
    base = alt.Chart(alt.Data(values=rows))
    free = _same_cost(standings)
    x = _x("seconds", rows) if free else _x("cost", rows)
    y = alt.Y(
        "quality:Q",
        title="quality",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(labelExpr=SHARE_ON_AXIS, tickCount=5),
    )
    line = base.mark_rule(strokeWidth=2, opacity=0.5, color=_GREY)
    ends = ("fast", "slow") if free else ("cheap", "dear")
    ranges = [
        line.encode(x=x, y=alt.Y("low:Q", title="quality"), y2="high:Q"),
        line.encode(x=alt.X(f"{ends[0]}:Q"), x2=ends[1], y=y),
    ]
    tips = [alt.Tooltip(f"{name}:N", title=title) for name, title in _TIPS.items()]
    colour = alt.value(_TEAL) if free else alt.Color(
        "seconds:Q", title="seconds", scale=alt.Scale(range=["#2b6f80", "#b5532d"]), legend=alt.Legend(format=".2~r")
    )  # fmt: skip
    circles = base.mark_circle(size=560, opacity=1, strokeWidth=3).encode(
        x=x, y=y, tooltip=tips, stroke=alt.Stroke("ring:N", scale=None), color=colour
    )  # fmt: skip
    numbers = base.mark_text(color="white", fontWeight=600, fontSize=12).encode(x=x, y=y, text="number:N")
    return alt.layer(*ranges, circles, numbers).properties(height=320)


def legend(standings: Sequence[Standing]) -> str:
    """How to read the chart, in words; maps its numbers to names."""
    left = "left is faster; all cost the same" if _same_cost(standings) else "left is cheaper, blue is faster"
    names = ", ".join(f"{n} {each.candidate.name}" for n, each in enumerate(standings, 1))
    return (
        f"{names}. Up is better, {left}. Lines are 95 % ranges. Ringed in green: no other is at least as good, as "
        "cheap and as fast. A model without a fee is compared with its like."
    )


def _same_cost(standings: Sequence[Standing]) -> bool:
    return len({each.candidate.dollars.value for each in standings if each.candidate.dollars}) == 1


def _x(name: str, rows: Sequence[Mapping[str, str | float]]) -> alt.X:
    if name == "seconds":
        axis, title = alt.Axis(format=".2~r", tickCount=5, grid=False), "median seconds of an answer"
    else:
        said = "datum.value == 0 ? '$0' : '$' + format(datum.value, '.2~r')"
        axis, title = alt.Axis(labelExpr=said, tickCount=5, grid=False), "US dollars for 1,000 requests"
    return alt.X(f"{name}:Q", scale=_scale([float(row[name]) for row in rows]), title=title, axis=axis)


def describe(standings: Sequence[Standing]) -> str:
    """The chart in words, for screen readers."""
    said = "; ".join(f"{row['name']}: {row['says']}, {row['money']}, {row['time']}, {row['standing']}" for row in
                     (_row(n, each) for n, each in enumerate(standings, 1)))  # fmt: skip
    return f"Quality against cost. {said}."


def _row(number: int, each: Standing) -> dict[str, str | float]:
    one = each.candidate
    quality, cost, seconds = one.quality, one.dollars, one.seconds
    if quality is None or cost is None or seconds is None:
        raise ValueError(f"{one.name} lacks a figure and has no standing")
    return {
        "number": str(number), "name": f"{number} · {one.name}", "quality": quality.value, "cost": 1000 * cost.value,
        "seconds": seconds.value, "low": _or(quality.low, quality.value), "high": _or(quality.high, quality.value),
        "fast": _or(seconds.low, seconds.value), "slow": _or(seconds.high, seconds.value),
        "cheap": 1000 * _or(cost.low, cost.value), "dear": 1000 * _or(cost.high, cost.value),
        "says": share_shown(quality), "time": shown(seconds, text_of.seconds),
        "money": "no fee" if one.no_fee else shown(cost, lambda v: dollars(1000 * v)),
        "standing": f"beaten by {each.beaten_by}" if each.beaten_by else "efficient",
        "ring": _GREY if each.beaten_by else _GREEN,
    }  # fmt: skip


def _or(end: float | None, value: float) -> float:
    return value if end is None else end


def _scale(values: Sequence[float]) -> alt.Scale:
    positive = [value for value in values if value > 0]
    if positive and len(positive) == len(values) and max(positive) / min(positive) >= _WIDE:
        return alt.Scale(type="log", nice=False, padding=30)
    return alt.Scale(type="linear", zero=True, padding=30, nice=False, domain=alt.Undefined if positive else [-1, 1])
