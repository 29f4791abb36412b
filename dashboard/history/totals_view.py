"""Spend and speed of the runs that History finds: totals, a chart of days, and a table with a row per model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from dashboard.answer_grid.chart_panel import show_chart
from dashboard.answer_grid.panel import panel
from dashboard.history.filters import RANGE_DAYS, in_range
from dashboard.history.totals import by_calls, every_day, of_how_many, spend_says, total, worth_drawing
from dashboard.markdown_escape import plain
from dashboard.results.figures import Figures, ratings_figures, show_figures
from prompts.analysis.ratings import NOTHING, Ratings
from prompts.core import format as text_of
from prompts.core import metrics
from prompts.core.run_summaries import Filter, Summary
from prompts.history.archive import Archive
from providers.measuring.measure import utc_now

_MEDIAN = "the median of the answers that ended well, of all conditions, as measured here. Warm-ups do not count."


def show_sums(archive: Archive, looked_for: Filter) -> None:
    """Show them; for the last `RANGE_DAYS` days unless others were chosen. Raises `RecordError`."""
    today = utc_now().date()
    ranged = in_range(looked_for, today)
    since, until = ranged.since or today, min(ranged.until or today, today)
    days, models = archive.days(ranged), by_calls(archive.targets(ranged))
    _range(since, until, chosen=looked_for.since is not None)
    if not models:
        st.info("Nothing was asked on these days that matches the filters. Choose an earlier day under Filter.")
        return
    _totals(total(models), len(models))
    if since <= until:
        _charts(every_day(days, worth_drawing(days, since, until), until))
    _models(models, archive.ratings(ranged))


def _range(since: date, until: date, *, chosen: bool) -> None:
    says = "" if chosen else f", the last {RANGE_DAYS} days; choose others under Filter"
    st.caption(plain(f"{since} to {until}, days in UTC{says}."))


def _totals(all_: Summary, models: int) -> None:
    other = all_.calls - all_.good
    with st.grid(min_column_width=150, gap="small", key="history-totals"):
        st.metric("Spend", plain(text_of.spent(all_.spend)), help=plain(spend_says(all_.spend)))
        st.metric(
            "Calls", text_of.count(all_.calls), width="content",
            help="Answers that were asked for, repeats included. Warm-ups are not counted, but what they cost is.",
        )  # fmt: skip
        st.metric(
            "Not completed", text_of.count(other), width="content",
            help=f"{text_of.share(other / all_.calls if all_.calls else None)} of the calls: failed, stopped, "
            "broken off, lost or still being asked.",
        )  # fmt: skip
        tokens = "As the providers counted; answers without a count add nothing."
        st.metric("Tokens in", text_of.count(all_.input_tokens), help=tokens)
        st.metric("Tokens out", text_of.count(all_.output_tokens), help=tokens)
        st.metric("Models", text_of.count(models), help="Different provider:model that were asked.")


def _charts(days: Sequence[Summary]) -> None:
    from dashboard.history import chart as charts  # Altair takes a while to import

    priced = any(day.spend.priced or day.spend.unknown for day in days)
    # If nothing has a price, there is no spend to draw.
    left, right = st.columns(2) if priced else (None, st.container())
    if left is not None:
        left.markdown("**Spend a day** in US dollars")
        with left:
            show_chart(charts.spend(days), key="history-spend", alt=charts.describe_spend(days), name="spend")
    with right:
        panel(_key(charts.COLOURS), key="history-key", label="The colours of the calls")
        show_chart(charts.calls(days), key="history-calls", alt=charts.describe_calls(days), name="calls")
    if any(day.spend.unknown for day in days):
        st.caption(
            "≥ above a bar: a cost of that day is unknown, so it was at least this. Unknown is never counted as 0."
        )


def _key(colours: Mapping[str, str]) -> str:
    items = "".join(f'<li style="--colour:{colour}">{kind}</li>' for kind, colour in colours.items())
    return f'<ul class="timeline-key history-key"><li class="history-title"><b>Calls a day</b></li>{items}</ul>'


def _models(models: Sequence[Summary], rated: Mapping[str, Ratings]) -> None:
    st.subheader("By model", anchor=False)
    columns = [
        Figures("Model", "Who was asked: provider and model.", [m.key for m in models]),
        Figures("Calls", "Answers that were asked for, repeats included.", [m.calls for m in models], _count),
        Figures(
            "Not completed", "Failed, stopped, broken off, lost or still being asked.",
            [m.calls - m.good for m in models], _count,
        ),
        Figures(
            "Spend", "US dollars, as priced when asked; ≥ where a cost is unknown. Warm-ups are paid for too.",
            [float(m.spend.amount) if m.spend.priced or m.spend.free else None for m in models], _count,
            texts=[text_of.spent(m.spend) for m in models],
        ),
        Figures(
            metrics.FIRST_TOKEN.name, f"{metrics.FIRST_TOKEN.definition} Shown: {_MEDIAN}",
            [m.time_to_first_token_s for m in models], _count,
            texts=[of_how_many(m.time_to_first_token_s, m.good) for m in models],
        ),
        Figures(
            metrics.DURATION.name, f"{metrics.DURATION.definition} Shown: {_MEDIAN}",
            [m.duration_s for m in models], _count,
            texts=[of_how_many(m.duration_s, m.good) for m in models],
        ),
        Figures(
            "Tokens in", "As the provider counted; — where it reported none.", [m.input_tokens for m in models], _count
        ),
        Figures(
            "Tokens out", "As the provider counted, thinking included; — where it reported none.",
            [m.output_tokens for m in models], _count,
        ),
        *(ratings_figures([rated.get(m.key, NOTHING) for m in models]) if rated else ()),
    ]  # fmt: skip
    show_figures(columns, key="history-models", alt="Spend, calls, median times and ratings of each model")
    if rated:
        st.caption("Ratings: of all answers of the runs that fit the filters.")


def _count(value: float | None) -> str:
    return text_of.count(None if value is None else int(value))
