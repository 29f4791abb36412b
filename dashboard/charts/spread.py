"""The strip plot of repeats: one row for each target, every point, and a line at the median.

Rows are numbers rather than names, so that names stand above their points and take no width from them.
Clean and disturbed points differ in shape and in words, not in colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from prompts import format as text_of
from prompts.analysis.spread import Metric, Point, Side, spread

CLEAN, MARKED = "clean", "marked, see the point"
_ROW_PX = 64
_NAME, _TOP, _BOTTOM = 0.2, 0.48, 0.92
"""Heights within a row: its name, and the band of its points."""

Cell = str | float


def strip(sides: Sequence[Side], metric: Metric) -> alt.LayerChart:
    """Every point of `metric` on one axis that starts at 0."""
    scale, unit = _unit(sides, metric)
    points = [
        _point(row, side, point, metric, scale) for row, side in enumerate(sides) for point in side.points
    ]
    medians = [_median(row, side, metric, scale) for row, side in enumerate(sides) if len(side.points) > 1]
    names = alt.param(name="names", value=[side.name for side in sides])
    rows = alt.Axis(
        values=[row + _NAME for row in range(len(sides))], labelExpr="names[floor(datum.value)]", title=None,
        grid=False, ticks=False, domain=False, labelAlign="left", labelPadding=-2, labelLimit=320, labelFontWeight=600,
    )  # fmt: skip
    y = alt.Y("y:Q", axis=rows, scale=alt.Scale(domain=[0, len(sides)], reverse=True, nice=False))
    x = alt.X("value:Q", title=f"{metric.name} ({unit})", scale=alt.Scale(zero=True, nice=True))
    shape = alt.Shape(
        "kind:N", scale=alt.Scale(domain=[CLEAN, MARKED], range=["circle", "diamond"]),
        legend=alt.Legend(title=None, orient="top") if any(row["kind"] == MARKED for row in points) else None,
    )  # fmt: skip
    dots = (
        alt.Chart(alt.Data(values=points))
        .mark_point(size=90, strokeWidth=1.6)
        .encode(
            x, y, shape, fillOpacity=alt.condition(f"datum.kind === '{CLEAN}'", alt.value(0.55), alt.value(0)),
            tooltip=[
                alt.Tooltip("target:N", title="Model"), alt.Tooltip("shown:N", title=metric.name),
                alt.Tooltip("repeat:N", title="Asked"), alt.Tooltip("conditions:N", title="Conditions"),
            ],
        )
    )  # fmt: skip
    lines = (
        alt.Chart(alt.Data(values=medians))
        .mark_rule(strokeWidth=3, strokeCap="round")
        .encode(
            x, y, alt.Y2("end:Q"),
            tooltip=[
                alt.Tooltip("target:N", title="Model"), alt.Tooltip("shown:N", title="Median"),
                alt.Tooltip("basis:N", title="Of"),
            ],
        )
    )  # fmt: skip
    return (dots.encode(fill=alt.value("currentColor")) + lines).add_params(names).properties(
        height=_ROW_PX * len(sides)
    )


def _point(row: int, side: Side, point: Point, metric: Metric, scale: float) -> dict[str, Cell]:
    """Lower in the band the later it was asked, so that equal values do not hide each other."""
    share = (point.repeat + 0.5) / side.asked
    return {
        "target": side.name, "value": point.value * scale, "y": row + _TOP + (_BOTTOM - _TOP) * share,
        "shown": metric.say(point.value), "repeat": f"repeat {point.repeat + 1} of {side.asked}",
        "kind": MARKED if point.disturbed else CLEAN,
        "conditions": ", ".join(text_of.CONDITIONS[c] for c in point.disturbed) or CLEAN,
    }  # fmt: skip


def _median(row: int, side: Side, metric: Metric, scale: float) -> dict[str, Cell]:
    found = spread(side.points)
    value = found.median or 0.0
    return {
        "target": side.name, "value": value * scale, "y": row + _TOP - 0.04, "end": row + _BOTTOM + 0.04,
        "shown": metric.say(value), "basis": f"{found.n} {'clean ' if found.clean_only else ''}points",
    }  # fmt: skip


def _unit(sides: Sequence[Side], metric: Metric) -> tuple[float, str]:
    """What the axis counts in: milliseconds where all is below a second."""
    if metric.unit:
        return 1.0, metric.unit
    if metric.name == "Cost":
        return 1.0, "US dollars"
    most = max((point.value for side in sides for point in side.points), default=0.0)
    return (1000.0, "ms") if most < 1 else (1.0, "s")
