"""Monthly estimate: cost and waiting time of this prompt, asked n times a day."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboard import state
from dashboard.markdown_escape import plain
from dashboard.results.figures import Figures, show_figures
from prompts.analysis import monthly_cost
from prompts.core import format as text_of
from prompts.core.run import Run


def show_volume(run: Run) -> None:
    """Show the choice of how often, the cost of one's own machine, and the resulting table."""
    if not any(answer.counts and answer.completion for answer in run.answers):
        st.caption("Once an answer has ended, this shows what a month of such answers would cost.")
        return
    st.session_state.setdefault(state.VOLUME, monthly_cost.DEFAULT_PER_DAY)
    per_day = st.select_slider(
        "This prompt, times a day", monthly_cost.PER_DAY, key=state.VOLUME, format_func=text_of.count,
        help=f"A month counts as {monthly_cost.DAYS} days. Every answer is taken to be like those of this run.",
    )  # fmt: skip
    local = monthly_cost.has_local(run)
    own = _own_cost() if local else None
    estimates = monthly_cost.at_volume(run, per_day, own)
    _table(run, estimates)
    st.caption(
        f"{text_of.count(per_day * monthly_cost.DAYS)} answers a month ({monthly_cost.DAYS} days). "
        "Waiting: all of them one after another. Savings by prompt caching and batch discounts are not included. "
        "Shaded: the lowest of its column."
        + (" A model without a fee is not called the cheapest, because its machine costs money too: set your own cost "
           "per hour to compare it." if local and own is None else "")
    )  # fmt: skip
    if overfull := [each.name for each in estimates if each.overfull]:
        hours = f"More than the {monthly_cost.MONTH_H} hours of a month, so that one machine is not enough"
        st.caption(plain(f"{hours}: {', '.join(overfull)}."))


def _own_cost() -> Decimal | None:
    value = st.number_input(
        "Your own cost per hour for local models, US dollars", min_value=0.0, value=None, step=0.05, format="%.2f",
        key=state.OWN_COST_PER_HOUR, placeholder="not set", width=380,
        help="Electricity and your share of the machine, for the hours in which it answers.",
    )  # fmt: skip
    return None if value is None else Decimal(str(value))


def _table(run: Run, estimates: list[monthly_cost.Estimate]) -> None:
    columns = [
        Figures("Model", "Who was asked.", [each.name for each in estimates]),
        Figures(
            "Cost per month", "US dollars: the cost of one answer, times answers a day, times days.",
            [_dollars(each, each.money) for each in estimates], text_of.rate, monthly_cost.cheapest(estimates),
            [_money(each, each.money) for each in estimates],
        ),
        Figures(
            "Waiting per month", "The duration of one answer, times answers a day, times days.",
            [each.waiting_s for each in estimates], text_of.long_time, monthly_cost.quickest(estimates),
        ),
        Figures(
            "Cost of one", "US dollars for one answer, measured in this run.",
            [_dollars(each, each.per_answer) for each in estimates], text_of.rate,
            texts=[_money(each, each.per_answer) for each in estimates],
        ),
        Figures(
            "Duration of one", "From just before the request until the stream had ended, measured in this run.",
            [each.duration_s for each in estimates], text_of.seconds,
        ),
        Figures("Source", "What the figures rest on, or why there is none.", [each.basis for each in estimates]),
    ]  # fmt: skip
    show_figures(columns, key=f"volume-{run.id}", alt="Money and waiting a month for each model, the cheapest first")


def _dollars(each: monthly_cost.Estimate, amount: Decimal | None) -> float | None:
    """The amount to sort by: no fee as 0, unknown last."""
    return 0.0 if each.kind == "no fee" else None if amount is None else float(amount)


def _money(each: monthly_cost.Estimate, amount: Decimal | None) -> str:
    return "no fee" if each.kind == "no fee" else text_of.money(amount)
