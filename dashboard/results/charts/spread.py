"""The strip plot of repeats: a row per target with every point, and a line at the median.

Rows are placed by number rather than by name, so that names can be above their points and take no width from them.
Clean and disturbed points differ in shape and wording, not in colour.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from prompts.analysis.spread import Compared, Point, Side, spread
from prompts.core import format as text_of

CLEAN, MARKED = "clean", "under marked conditions"
_ROW_PX, _AXIS_PX, _LEGEND_PX = 64, 56, 40
_NAME, _TOP, _BOTTOM = 0.2, 0.48, 0.92
"""Heights within a row, from 0 to 1: of its name, and of the top and bottom of the band of points."""

Cell = str | float


def strip(sides: Sequence[Side], metric: Compared) -> alt.LayerChart | alt.FacetChart:
    """The chart of all points of `metric`, on one axis that starts at 0."""
    scale, title = _axis(sides, metric)
    points = [_point(row, side, point, metric, scale) for row, side in enumerate(sides) for point in side.points]
    medians = [_median(row, side, metric, scale) for row, side in enumerate(sides) if len(side.points) > 1]
    marked = any(point["kind"] == MARKED for point in points)
    across = alt.Scale(zero=True, nice=True, padding=0)  # without padding 0, the bars push the 0 away from the edge
    x = alt.X("value:Q", title=title, scale=across, axis=alt.Axis(tickCount=6))
    down = alt.Scale(domain=[0, len(sides)], reverse=True, nice=False)
    y = alt.Y("y:Q", axis=_names(len(sides)), scale=down)
    shape = alt.Shape(
        "kind:N", scale=alt.Scale(domain=[CLEAN, MARKED], range=["circle", "diamond"]),
        legend=alt.Legend(title=None, orient="top") if marked else None,
    )  # fmt: skip
    dots = alt.Chart(alt.Data(values=points)).mark_point(size=90, filled=True, opacity=0.65)
    # Thin bars, because a rule would be black even on a dark page.
    lines = alt.Chart(alt.Data(values=medians)).mark_bar(size=3)
    chart = alt.layer(
        dots.encode(x, y, shape, tooltip=_tooltip(target="Model", shown=metric.name, repeat="Asked", why="Conditions")),
        lines.encode(x, y, alt.Y2("end:Q"), tooltip=_tooltip(target="Model", shown="Median", basis="Of")),
    )
    names = alt.param(name="names", value=[_headline(side, metric) for side in sides])
    # Streamlit's theme takes the space for axis and legend out of this height.
    height = _ROW_PX * len(sides) + _AXIS_PX + (_LEGEND_PX if marked else 0)
    return chart.add_params(names).properties(height=height)


def _names(rows: int) -> alt.Axis:
    """An axis whose labels are the rows' headlines, inside the plot."""
    return alt.Axis(
        values=[row + _NAME for row in range(rows)], labelExpr="names[floor(datum.value)]", title=None, grid=False,
        ticks=False, domain=False, labelAlign="left", labelPadding=-2, labelLimit=320, labelFontWeight=600,
    )  # fmt: skip


def _tooltip(**titles: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def _headline(side: Side, metric: Compared) -> str:
    seen = spread(side.points)
    if seen.n < 2:
        return f"{side.name} · {'one point' if seen.n else 'no figure'}"
    return f"{side.name} · median {metric.say(seen.median)}"


def _point(row: int, side: Side, point: Point, metric: Compared, scale: float) -> dict[str, Cell]:
    """One point; later repeats are lower in the band, so that equal values do not hide each other."""
    share = (point.repeat + 0.5) / side.asked
    return {
        "target": side.name, "value": point.value * scale, "y": row + _TOP + (_BOTTOM - _TOP) * share,
        "shown": metric.say(point.value), "repeat": f"repeat {point.repeat + 1} of {side.asked}",
        "kind": MARKED if point.disturbed else CLEAN,
        "why": ", ".join(text_of.CONDITIONS[c] for c in point.disturbed) or CLEAN,
    }  # fmt: skip


def _median(row: int, side: Side, metric: Compared, scale: float) -> dict[str, Cell]:
    seen = spread(side.points)
    value = seen.median or 0.0
    return {
        "target": side.name, "value": value * scale, "y": row + _TOP - 0.04, "end": row + _BOTTOM + 0.04,
        "shown": metric.say(value), "basis": f"{seen.n} {'clean ' if seen.clean_only else ''}points",
    }  # fmt: skip


def _axis(sides: Sequence[Side], metric: Compared) -> tuple[float, str]:
    """The factor for the values, and the title of the axis: milliseconds if all values are below a second."""
    if metric.unit:
        return 1.0, metric.name
    if metric.name == "Cost":
        return 1.0, "Cost (US dollars)"
    most = max((point.value for side in sides for point in side.points), default=0.0)
    return (1000.0, f"{metric.name} (ms)") if most < 1 else (1.0, f"{metric.name} (s)")
