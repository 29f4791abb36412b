"""Every case on every side as a small field: how many of its answers passed. Hard cases are side by side."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from prompts.core.format import SHARE_ON_AXIS
from prompts.experiments.matrix import Row
from prompts.experiments.results import tally

MOST = 400
"""The most cases drawn, the hardest first: with more, a field would be smaller than a pixel."""
_RANGE = ["#b5532d", "#d9b26a", "#2f7a63"]
_HEIGHT = 26


def chart(rows: Sequence[Row], names: Sequence[str], labels: Sequence[str]) -> alt.LayerChart | alt.FacetChart:
    """Sides are rows and cases columns, the hardest on the left. `labels`: the name of each case."""
    ordered = sorted(rows, key=_passes)[:MOST]
    fields = [
        {
            "place": place, "case": f"{row.case + 1} · {labels[row.case]}", "side": names[box.side],
            "share": found.share if found.answered else None, "mark": box.mark or box.outcome,
        }
        for place, row in enumerate(ordered) for box in row.boxes for found in (tally(box.cells),)
    ]  # fmt: skip
    base = alt.Chart(alt.Data(values=fields)).encode(
        x=alt.X("place:O", axis=None, title=None),
        y=alt.Y("side:N", title=None, scale=alt.Scale(domain=list(names)), axis=alt.Axis(labelLimit=260)),
        tooltip=[
            alt.Tooltip("case:N", title="Case"), alt.Tooltip("side:N", title="Side"), alt.Tooltip("mark:N", title=" "),
        ],
    )  # fmt: skip
    drawn = base.mark_rect().encode(
        color=alt.condition(
            "datum.share === null", alt.value("#8a918e44"),
            alt.Color(
                "share:Q", title="passed", scale=alt.Scale(domain=[0, 0.5, 1], range=_RANGE),
                legend=alt.Legend(labelExpr=SHARE_ON_AXIS),
            ),
        )
    )  # fmt: skip
    return alt.layer(drawn).properties(height=_HEIGHT * len(names) + 20)


def describe(rows: Sequence[Row], names: Sequence[str]) -> str:
    """The chart in words, for screen readers."""
    said = []
    for n, name in enumerate(names):
        failed = sum(row.boxes[n].outcome == "failed" for row in rows)
        said.append(f"{name} failed {failed} of {len(rows)} cases")
    return "Cases by side. " + "; ".join(said) + "."


def _passes(row: Row) -> tuple[float, int]:
    found = [each for box in row.boxes if (each := tally(box.cells)).answered]
    return (sum(each.share for each in found) / len(found) if found else 2.0), row.case
