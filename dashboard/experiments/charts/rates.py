"""Pass rates with their 95 % intervals, one row per side."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from prompts.core.format import SHARE_ON_AXIS
from prompts.experiments.results import Side
from prompts.experiments.results_text import rate_text

_ROW_PX, _AXIS_PX = 34, 74
COLOUR = "#2f7a63"


def chart(sides: Sequence[Side]) -> alt.LayerChart | alt.FacetChart:
    """A point and its interval for each side whose answers were checked, on a scale from 0 to 100 %."""
    rows = [
        {
            "side": side.name, "rate": side.rate.interval.estimate, "low": side.rate.interval.low,
            "high": side.rate.interval.high, "said": rate_text(side),
        }
        for side in sides if side.rate.interval
    ]  # fmt: skip
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y(
            "side:N", title=None, scale=alt.Scale(domain=[row["side"] for row in rows]), axis=alt.Axis(labelLimit=260)
        ),
        tooltip=[alt.Tooltip("side:N", title="Side"), alt.Tooltip("said:N", title="Passed")],
    )
    scale, axis = alt.Scale(domain=[0, 1]), alt.Axis(labelExpr=SHARE_ON_AXIS, tickCount=5)
    bars = base.mark_bar(size=4, opacity=0.45, color=COLOUR).encode(
        x=alt.X("low:Q", scale=scale, axis=axis, title=["answers that passed", "with 95 % interval"]), x2="high:Q"
    )
    points = base.mark_point(size=110, filled=True, color=COLOUR, opacity=1).encode(x=alt.X("rate:Q", scale=scale))
    return alt.layer(bars, points).properties(height=_ROW_PX * len(rows) + _AXIS_PX)


def describe(sides: Sequence[Side]) -> str:
    """The chart in words, for screen readers."""
    return "Pass rates. " + "; ".join(f"{side.name}: {rate_text(side)}" for side in sides) + "."
