"""The timeline as a chart: a bar per answer, on an axis whose 0 is just before the request.

Imports Altair but no Streamlit. Import it only to draw: Altair takes a while to import.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt

from prompts.analysis.timeline import Bar, Phase, Timeline
from prompts.core import format as text_of

COLOURS: Mapping[Phase, str] = {
    "prepare": "#a9b0ae",
    "connect": "#5b86c4",
    "waiting": "#b5b04f",
    "load model": "#b0619f",
    "wait for headers": "#d3a63c",
    "wait for first output": "#e08447",
    "thinking": "#8474cf",
    "writing": "#2f8f6f",
    "ending": "#74909c",
}
"""Medium tones that stand out on light and dark pages."""
_LEFT = 0.25
"""Preparation is drawn for at most this share of the longest answer, so as not to squeeze what was measured."""
_ROW, _FRAME = 44, 84


def cut_at_s(timeline: Timeline) -> float | None:
    """How many seconds of preparation are drawn; `None` if all of it is."""
    longest = _longest(timeline)
    most = max((-bar.segments[0].start_s for bar in timeline.bars if bar.segments), default=0.0)
    return longest * _LEFT if longest and most > longest * _LEFT else None


def chart(timeline: Timeline) -> alt.LayerChart | alt.FacetChart:
    """The chart; tooltips give each phase with its seconds, meaning and conditions."""
    cut = cut_at_s(timeline)
    rows = [_row(bar, n, -cut if cut else None) for bar in timeline.bars for n in range(len(bar.segments))]
    order = [label(bar) for bar in timeline.bars]
    # The labels are above their bars, so that long names take no width.
    axis = alt.Axis(
        title=None, labelAlign="left", labelBaseline="bottom", labelOffset=-9, labelPadding=0, labelLimit=1000,
        labelOverlap=False,
    )  # fmt: skip
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(height=14, yOffset=6, cornerRadius=2)
        .encode(
            x=alt.X(
                "from:Q", title="seconds from just before the request", scale=alt.Scale(nice=False),
                axis=alt.Axis(grid=False, tickCount=8),
            ),
            x2="to:Q",
            y=alt.Y("answer:N", scale=alt.Scale(domain=order), axis=axis),
            color=alt.Color("phase:N", legend=None, scale=alt.Scale(domain=[*COLOURS], range=[*COLOURS.values()])),
            tooltip=[
                alt.Tooltip(f"{name}:N", title=title)
                for name, title in (
                    ("model", "Model"), ("phase", "Phase"), ("seconds", "Took"), ("span", "When"),
                    ("says", "Meaning"), ("conditions", "Conditions"), ("outcome", "Outcome"),
                )
            ],
        )
    )  # fmt: skip
    starts = (
        alt.Chart(alt.Data(values=[{"answer": each, "zero": 0} for each in order]))
        .mark_tick(color="#8a9390", height=26, yOffset=6, tooltip=None)
        .encode(x="zero:Q", y=alt.Y("answer:N", scale=alt.Scale(domain=order)))
    )
    return alt.layer(bars, starts).properties(height=_ROW * len(order) + _FRAME)


def label(bar: Bar) -> str:
    """The label above a bar."""
    return f"{bar.name} · {bar.outcome}"


def describe(timeline: Timeline) -> str:
    """The chart in words, for screen readers."""
    return "Where the time of each answer went. " + "; ".join(label(bar) for bar in timeline.bars) + "."


def _row(bar: Bar, n: int, floor: float | None) -> dict[str, str | float]:
    segment = bar.segments[n]
    start, end = (text_of.seconds(edge) for edge in (segment.start_s, segment.end_s))
    return {
        "answer": label(bar),
        "model": bar.name,
        "phase": segment.phase,
        "from": segment.start_s if floor is None else max(segment.start_s, floor),
        "to": segment.end_s,
        "seconds": text_of.seconds(segment.seconds),
        "span": "before the clock" if segment.start_s < 0 else f"from {start} to {end}",
        "says": segment.says,
        "conditions": bar.conditions,
        "outcome": bar.outcome,
    }


def _longest(timeline: Timeline) -> float:
    return max((bar.segments[-1].end_s for bar in timeline.bars if bar.segments), default=0.0)
