"""Cost against speed: a named point per target in the colour of its family, the efficient ones joined by a line.

Imports Altair but no Streamlit. Import it only to draw: Altair takes a while to import.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor, log10
from typing import Any, Literal

import altair as alt

from prompts.analysis.pareto import Field, Spot
from prompts.core import format as text_of
from providers.catalogue.families import families

PICK = "picked"
"""The name of the chart's selection, which holds the column of the chosen target."""
LINE, CHOSEN = "#8a9390", "#d3862b"
_PALE = 0.4
"""Opacity of a target that another one beats."""
_WIDE = 20
"""If the largest value is at least this many times the smallest, an axis is logarithmic, so that small ones differ."""
_NEAR = (0.18, 0.06)
"""Points closer than these shares of the axes (across, up) share a label."""
_SIDES: tuple[tuple[Literal["left", "right"], int], ...] = (("left", 20), ("right", -20))
OTHER = "Other"
_OTHER = "#8a9390"
_PALETTE = (
    "#2f8f6f", "#c9743a", "#5b86c4", "#8474cf", "#b59a2f", "#7b8c94", "#b0619f", "#3f9aa3", "#c05f6b", "#6f9a3f",
    "#a8795a", "#5f74a8", "#9a5fae",
)  # fmt: skip
"""A colour for each family, in the order of the catalogue: medium tones, visible on light and dark pages."""
_MIDDLE = 0.55
"""Points further right than this share of the axis have their name on the left."""
_TIP = (
    ("model", "Model"), ("cost", "Cost of one answer"), ("duration", "Duration"), ("length", "Length"),
    ("basis", "Measured here"), ("verdict", "Choice"),
)  # fmt: skip


def chart(field: Field, selected: int | None = None) -> alt.LayerChart | alt.FacetChart:
    """Points sized by the length of the answer; the one of column `selected` has a ring."""
    costs = [float(spot.cost) for spot in field.spots]
    times = [spot.duration_s for spot in field.spots]
    x_scale, y_scale = _scale(costs), _scale(times)
    x = alt.X(
        "x:Q", scale=x_scale, title=f"US dollars for one answer{_logarithmic(x_scale)}",
        axis=alt.Axis(
            labelExpr="datum.value == 0 ? 'no fee' : '$' + format(datum.value, '.3~r')"
            if any(spot.no_fee for spot in field.spots) else "'$' + format(datum.value, '.3~r')",
            values=_ticks(costs, x_scale), tickCount=5, grid=False,
        ),
    )  # fmt: skip
    y = alt.Y(
        "y:Q", scale=y_scale, title=f"seconds until the answer had ended{_logarithmic(y_scale)}",
        axis=alt.Axis(tickCount=5, format=".3~r", values=_ticks(times, y_scale)),
    )  # fmt: skip
    rows = [_row(spot, selected) for spot in field.spots]
    points = alt.Chart(alt.Data(values=rows)).encode(
        x=x, y=y, tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in _TIP]
    )
    pick = alt.selection_point(name=PICK, fields=["column"])
    by_family = _colours(row["family"] for row in rows)
    legend = alt.Legend(title=None, orient="top", symbolType="circle") if len(by_family) > 1 else None
    circles = points.mark_circle(strokeWidth=3, cursor="pointer").encode(
        size=alt.Size("characters:Q", legend=None, scale=alt.Scale(type="linear", range=[160, 900], zero=True)),
        color=alt.Color(
            "family:N", legend=legend, scale=alt.Scale(domain=[*by_family], range=[*by_family.values()])
        ),
        opacity=alt.Opacity("opacity:Q", scale=None),
        stroke=alt.Stroke("ring:N", scale=None),
    )  # fmt: skip
    labels = _labels(field.spots, costs, times)
    names = [
        _names([row for row in labels if row["align"] == align], align, dx).encode(x=x, y=y, text="label:N")
        for align, dx in _SIDES
        if any(row["align"] == align for row in labels)
    ]
    return alt.layer(*_line(field, x, y), circles.add_params(pick), *names).properties(height=420)


def _names(rows: list[dict[str, Any]], align: Literal["left", "right"], dx: int) -> alt.Chart:
    texts = alt.Chart(alt.Data(values=rows))
    # The page's own text colour, so that labels follow a change of theme at once.
    return texts.mark_text(
        align=align, dx=dx, fontSize=12, fontWeight=600, limit=260, tooltip=None, color="currentColor"
    )


def describe(field: Field) -> str:
    """The chart in words, for screen readers."""
    return "Cost vs. speed. " + "; ".join(f"{spot.name}: {spot.verdict}" for spot in field.spots) + "."


def length(spot: Spot) -> str:
    """The length of the answer: `812 characters`."""
    return "length not on record" if spot.characters is None else f"{text_of.count(spot.characters)} characters"


def price(spot: Spot) -> str:
    """The cost of one answer: `$0.0021`, or `no fee`."""
    return "no fee" if spot.no_fee else text_of.money(spot.cost)


def basis(spot: Spot) -> str:
    """What the figures are based on: one answer, or the median of several."""
    return "from one answer" if spot.n == 1 else f"median of {spot.n} answers"


def _line(field: Field, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The frontier, drawn in steps because nothing is on offer between two efficient targets."""
    if len(field.frontier) < 2:
        return []
    rows = [{"x": float(spot.cost), "y": spot.duration_s} for spot in field.frontier]
    line = alt.Chart(alt.Data(values=rows)).mark_line(
        interpolate="step-after", color=LINE, strokeDash=[6, 4], strokeWidth=2, opacity=0.8, tooltip=None
    )
    return [line.encode(x=x, y=y, order="x:Q")]


def _row(spot: Spot, selected: int | None) -> dict[str, Any]:
    return {
        "model": spot.name,
        "family": spot.family or OTHER,
        "column": spot.column,
        "x": float(spot.cost),
        "y": spot.duration_s,
        "characters": spot.characters or 0,
        "opacity": 0.95 if spot.efficient else _PALE,
        "ring": CHOSEN if spot.column == selected else "transparent",
        "cost": price(spot),
        "duration": text_of.seconds(spot.duration_s),
        "length": length(spot),
        "basis": basis(spot),
        "verdict": spot.verdict,
    }


def _scale(values: Sequence[float]) -> alt.Scale:
    """Linear from 0, or logarithmic if the values are far apart (symlog if 0 is among them)."""
    positive = [value for value in values if value > 0]
    if positive and max(positive) / min(positive) >= _WIDE:
        if len(positive) == len(values):
            return alt.Scale(type="log", nice=False, padding=24)
        return alt.Scale(type="symlog", constant=min(positive), nice=False, padding=24)
    domain = alt.Undefined if positive else [-1, 1]  # none has a fee: put them all in the middle
    return alt.Scale(type="linear", zero=True, padding=24, nice=False, domain=domain)


def _logarithmic(scale: alt.Scale) -> str:
    return "" if scale.type == "linear" else " (logarithmic)"


def _ticks(values: Sequence[float], scale: alt.Scale) -> alt.typing.Optional[list[float]]:
    """Ticks at 1, 2 and 5 times powers of ten, and at 0 if it is among the values; Vega's own if linear."""
    positive = [value for value in values if value > 0]
    if not positive:
        return [0.0]
    if scale.type == "linear":
        return alt.Undefined
    powers = range(floor(log10(min(positive))), ceil(log10(max(positive))) + 1)
    steps = [float(f"{digit}e{n}") for n in powers for digit in (1, 2, 5)]
    return [0.0] * (0 in values) + [step for step in steps if min(positive) <= step <= max(positive)]


def _labels(spots: Sequence[Spot], costs: Sequence[float], times: Sequence[float]) -> list[dict[str, Any]]:
    """A label for each group of points that are close: one name, two names, or `name +2` for more."""
    across, up = _places(costs), _places(times)
    groups: list[list[int]] = []
    for n in range(len(spots)):
        for group in groups:
            if abs(across[group[0]] - across[n]) < _NEAR[0] and abs(up[group[0]] - up[n]) < _NEAR[1]:
                group.append(n)
                break
        else:
            groups.append([n])
    return [
        {
            "x": costs[group[0]], "y": times[group[0]], "label": _label([spots[n].name for n in group]),
            "align": "right" if across[group[0]] > _MIDDLE else "left",
        }
        for group in groups
    ]  # fmt: skip


def _label(together: Sequence[str]) -> str:
    if len(together) <= 2:
        return ", ".join(together)
    return f"{together[0]} +{len(together) - 1}"


def _places(values: Sequence[float]) -> list[float]:
    """The position of each value on its axis, from 0 to 1."""
    scale = _scale(values)
    least = min((value for value in values if value > 0), default=1.0)
    if scale.type == "linear":
        return [value / (max(values) or 1.0) for value in values]
    bends = 1.0 if scale.type == "symlog" else 0.0
    turned = [log10(value / least + bends) for value in values]
    return [(each - min(turned)) / (max(turned) - min(turned)) for each in turned]


def _colours(of: Iterable[str]) -> dict[str, str]:
    """The colours of the families that occur, by name, in the order of the catalogue."""
    names = [family.name for family in families()]
    known = dict(zip(names, _PALETTE * (len(names) // len(_PALETTE) + 1), strict=False)) | {OTHER: _OTHER}
    wanted = set(of)
    return {name: colour for name, colour in known.items() if name in wanted}
