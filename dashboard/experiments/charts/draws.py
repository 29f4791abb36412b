"""The duration of every single answer, one row per side, with a line at the median."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from prompts.core import format as text_of
from prompts.experiments.results import Side

MOST = 1_000
"""The most points drawn per side; if there are more, every second, third or so is drawn."""
_ROW_PX, _AXIS_PX = 46, 56
COLOUR = "#2f7a63"


def chart(sides: Sequence[Side], labels: Sequence[str]) -> alt.LayerChart | alt.FacetChart:
    """The chart; logarithmic if the slowest answer took at least twenty times as long as the fastest."""
    points = [_point(side, case, n, value, labels) for side in sides for case, n, value in thinned(side)]
    medians = [{"side": side.name, "value": side.time} for side in sides if side.time is not None]
    values = [value for side in sides for case in side.durations for value in case if value > 0]
    wide = bool(values) and max(values) / min(values) >= 20
    x = alt.X(
        "value:Q", title=f"seconds until the answer had ended{' (logarithmic)' if wide else ''}",
        scale=alt.Scale(type="log" if wide else "linear", zero=not wide), axis=alt.Axis(tickCount=6, format=".3~r"),
    )  # fmt: skip
    y = alt.Y(
        "side:N", title=None, scale=alt.Scale(domain=[side.name for side in sides]), axis=alt.Axis(labelLimit=260)
    )
    tips = [
        alt.Tooltip("side:N", title="Side"),
        alt.Tooltip("case:N", title="Case"),
        alt.Tooltip("shown:N", title="Took"),
    ]
    dots = alt.Chart(alt.Data(values=points)).mark_circle(size=46, opacity=0.45, color=COLOUR).encode(
        x, y, yOffset=alt.YOffset("spread:Q", scale=alt.Scale(domain=[-1, 1])), tooltip=tips
    )  # fmt: skip
    lines = alt.Chart(alt.Data(values=medians)).mark_tick(size=30, thickness=3, color="#d3862b").encode(x, y)
    return alt.layer(dots, lines).properties(height=_ROW_PX * len(sides) + _AXIS_PX)


def thinned(side: Side) -> list[tuple[int, int, float]]:
    """Case, repeat and seconds of the answers that are drawn, at most `MOST`."""
    every = [(c, n, value) for c, case in enumerate(side.durations) for n, value in enumerate(case)]
    step = max(1, -(-len(every) // MOST))
    return every[::step]


def describe(sides: Sequence[Side]) -> str:
    """The chart in words, for screen readers."""
    return "Durations. " + "; ".join(f"{side.name}: median {text_of.seconds(side.time)}" for side in sides) + "."


def _point(side: Side, case: int, repeat: int, value: float, labels: Sequence[str]) -> dict[str, str | float]:
    spread = ((case * 7 + repeat * 3) % 11) / 11 - 0.5  # so that equal values do not hide each other
    return {
        "side": side.name, "value": value, "case": f"{case + 1} · {labels[case]}", "shown": text_of.seconds(value),
        "spread": spread,
    }  # fmt: skip
