"""Cost, time and pass rate: one numbered point per side, the efficient ones joined by a line."""

from __future__ import annotations

import altair as alt

from prompts.core import format as text_of
from prompts.core.format import SHARE_ON_AXIS
from prompts.experiments.frontier import Frontier, Spot

_WIDE = 20  # if the largest value is at least this many times the smallest, an axis is logarithmic
_RANGE = ["#b5532d", "#d9b26a", "#2f7a63"]


def chart(found: Frontier) -> alt.LayerChart | alt.FacetChart:
    """Right is expensive and up is slow; colour and label say how many answers passed."""
    rows = [_row(n, spot) for n, spot in enumerate(found.spots, 1)]
    x = alt.X(
        "x:Q", scale=_scale([spot.dollars for spot in found.spots]), title="US dollars for one answer",
        axis=alt.Axis(labelExpr="datum.value == 0 ? '$0' : '$' + format(datum.value, '.2~r')", tickCount=5, grid=False),
    )  # fmt: skip
    y = alt.Y(
        "y:Q", scale=_scale([spot.seconds for spot in found.spots]), title="seconds until the answer had ended",
        axis=alt.Axis(tickCount=5, format=".3~r"),
    )  # fmt: skip
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=x, y=y,
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in (
            ("side", "Side"), ("passed", "Passed"), ("cost", "Cost of one answer"), ("time", "Duration"),
            ("verdict", "Choice"),
        )],
    )  # fmt: skip
    circles = base.mark_circle(size=620, opacity=1, strokeWidth=2.5).encode(
        color=alt.Color(
            "passes:Q", title="passed", scale=alt.Scale(domain=[0, 0.5, 1], range=_RANGE),
            legend=alt.Legend(labelExpr=SHARE_ON_AXIS, orient="right"),
        ),
        stroke=alt.Stroke("ring:N", scale=None),
    )  # fmt: skip
    numbers = base.mark_text(color="white", fontWeight=600, fontSize=12).encode(text="number:N")
    rates = base.mark_text(dy=-24, fontSize=11, color="#7a817e").encode(text="passed:N")
    return alt.layer(*_line(found, x, y), circles, numbers, rates).properties(height=380)


def describe(found: Frontier) -> str:
    """The chart in words, for screen readers."""
    said = (f"{s.name}: {text_of.share(s.passes)} passed, {_cost(s)}, {text_of.seconds(s.seconds)}, {_choice(s)}"
            for s in found.spots)  # fmt: skip
    return "Cost against time against pass rate. " + "; ".join(said) + "."


def _line(found: Frontier, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    best = sorted((s for s in found.spots if not s.beaten_by and not s.no_fee), key=lambda s: (s.dollars, s.seconds))
    if len(best) < 2:
        return []
    rows = [{"x": spot.dollars, "y": spot.seconds} for spot in best]
    line = alt.Chart(alt.Data(values=rows)).mark_line(
        color="#6e7874", strokeDash=[6, 4], strokeWidth=1.5, opacity=0.7, tooltip=None
    )
    return [line.encode(x=x, y=y, order="x:Q")]


def _row(number: int, spot: Spot) -> dict[str, str | float]:
    return {
        "number": str(number), "side": f"{number} · {spot.name}", "x": spot.dollars, "y": spot.seconds,
        "passes": spot.passes, "passed": text_of.share(spot.passes), "cost": _cost(spot),
        "time": text_of.seconds(spot.seconds), "verdict": _choice(spot),
        "ring": "#6e7874" if spot.beaten_by else "#2f7a63",
    }  # fmt: skip


def _cost(spot: Spot) -> str:
    return "no fee" if spot.no_fee else f"${spot.dollars:.2g}"


def _choice(spot: Spot) -> str:
    return f"{spot.beaten_by} is no worse on all three" if spot.beaten_by else "efficient"


def _scale(values: list[float]) -> alt.Scale:
    positive = [value for value in values if value > 0]
    if positive and len(positive) == len(values) and max(positive) / min(positive) >= _WIDE:
        return alt.Scale(type="log", nice=False, padding=30)
    domain = alt.Undefined if positive else [-1, 1]
    return alt.Scale(type="linear", zero=True, padding=30, nice=False, domain=domain)
