"""The probabilities of next words twice: as the model gives them, and as settings reshape them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import altair as alt

from prompts.core import format as text_of

MODELS, RESHAPED = "the model's own", "with your settings"


_COLOURS = ["#3b8a74", "#d08a2e"]
"""Distinct on light and dark backgrounds, and for people who confuse red and green: they differ in lightness too."""


class Reshaped(NamedTuple):
    """The probability of one word, or of all others together, before and after reshaping (0 to 1)."""

    word: str
    own: float
    reshaped: float


def reshaped(rows: Sequence[Reshaped]) -> alt.LayerChart | alt.FacetChart:
    """A bar for each word's probability with the settings, and a tick at the model's own."""
    data = [
        {
            "word": row.word, "own": row.own, "reshaped": row.reshaped, "tick": MODELS, "bar": RESHAPED,
            "own_text": text_of.probability(row.own), "reshaped_text": text_of.probability(row.reshaped),
        }
        for row in rows
    ]  # fmt: skip
    tooltip = [
        alt.Tooltip("word:N", title="Next word"),
        alt.Tooltip("reshaped_text:N", title="With your settings"),
        alt.Tooltip("own_text:N", title="The model's own"),
    ]
    # Sorting by a list would put the words into code in the browser, where one such as "if" breaks the chart.
    order = alt.Scale(domain=[row.word for row in rows])
    words = alt.Y("word:N", scale=order, title=None, axis=alt.Axis(labelLimit=130, ticks=False))
    scale = alt.Scale(domain=[0, max(0.05, *(max(row.own, row.reshaped) for row in rows))])
    axis = alt.Axis(format="~%", tickCount=4, title="Probability of being drawn")
    legend = alt.Legend(orient="top", title=None, symbolType="square", columns=1)  # both fit at 360 px
    colour = alt.Scale(domain=[RESHAPED, MODELS], range=_COLOURS)
    base = alt.Chart(alt.Data(values=data)).encode(y=words, tooltip=tooltip)
    bars = base.mark_bar(height=14, cornerRadiusEnd=3).encode(
        x=alt.X("reshaped:Q", scale=scale, axis=axis), color=alt.Color("bar:N", scale=colour, legend=legend)
    )
    ticks = base.mark_tick(thickness=3, height=20).encode(
        x=alt.X("own:Q", scale=scale, axis=axis), color=alt.Color("tick:N", scale=colour, legend=legend)
    )
    return alt.layer(bars, ticks).properties(height=26 * len(rows))
