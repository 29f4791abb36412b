"""The pass rate of each side at each run of the same experiment, with its interval."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from dashboard.experiments.charts.rates import COLOUR
from prompts.core import format as text_of
from prompts.core.format import SHARE_ON_AXIS
from prompts.experiments.over_time import Moment

_HEIGHT_PX, _EDGE_PX = 320, 24


def chart(moments: Sequence[Moment]) -> alt.LayerChart | alt.FacetChart:
    """A point and its interval for each side and run; points of one side are joined."""
    rows = [
        {
            "at": each.experiment.created_at.isoformat(), "side": name, "rate": rate.interval.estimate,
            "low": rate.interval.low, "high": rate.interval.high, "said": _said(each, name),
        }
        for each in moments for name, rate in each.rates.items() if rate.interval
    ]  # fmt: skip
    sides = list(dict.fromkeys(row["side"] for row in rows))
    colour = alt.Color(
        "side:N", title=None, scale=alt.Scale(domain=sides),
        legend=alt.Legend(orient="top", labelLimit=260, symbolOpacity=1),
    )  # fmt: skip
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "at:T",
            title=None,
            scale=alt.Scale(padding=_EDGE_PX),
            axis=_axis(moments),
        ),
        color=colour if len(sides) > 1 else alt.value(COLOUR),
        tooltip=[alt.Tooltip("side:N", title="Side"), alt.Tooltip("said:N", title="Passed")],
    )
    y = alt.Y(
        "rate:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(labelExpr=SHARE_ON_AXIS, tickCount=5),
        title="answers passed",
    )
    return alt.layer(
        base.mark_rule(strokeWidth=3, opacity=0.3).encode(y=alt.Y("low:Q"), y2="high:Q"),
        base.mark_line(strokeWidth=1.5).encode(y=y),
        base.mark_point(size=90, filled=True, opacity=1).encode(y=y),
    ).properties(height=_HEIGHT_PX)


def _axis(moments: Sequence[Moment]) -> alt.Axis:
    """One label for each run, with seconds if several runs are of one minute."""
    at = [each.experiment.created_at for each in moments]
    alike = len({time.replace(second=0, microsecond=0) for time in at}) < len(at)
    return alt.Axis(
        format="%b %d %H:%M:%S" if alike else "%b %d %H:%M", values=[1000 * time.timestamp() for time in at],
        labelAngle=0, labelOverlap=True,
    )  # fmt: skip


def describe(moments: Sequence[Moment]) -> str:
    """The chart in words, for screen readers."""
    said = [
        f"{each.experiment.created_at:%Y-%m-%d %H:%M}: "
        + ", ".join(f"{name} {_said(each, name)}" for name, rate in each.rates.items() if rate.interval)
        for each in moments
    ]
    return "Pass rates over time. " + "; ".join(said) + "."


def _said(moment: Moment, side: str) -> str:
    rate = moment.rates[side]
    return f"{rate.passed:,} of {text_of.number_of(rate.answered, 'answer')} to {text_of.number_of(rate.cases, 'case')}"
