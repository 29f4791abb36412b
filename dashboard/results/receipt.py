"""The receipt of a cost, and where each figure of a completion comes from."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.answer_grid.view import said
from dashboard.markdown_escape import plain
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.rate_reasons import why_no_rate
from providers.catalogue.families import Family, family_of
from providers.completion import Completion, Cost


def show_details(answer: Answer) -> None:
    """Show the receipt of one answer, how it was measured, and what is known of its model's family."""
    done, family = answer.completion, family_of(answer.target.provider, answer.target.model)
    again = f" · answer {answer.repeat + 1}" if answer.repeat else ""
    st.markdown(f"**{plain(f'{answer.target}{again}')}**")
    with st.grid(min_column_width=280, gap="medium"):
        with st.container():
            st.markdown("**Cost**")
            if done is None:
                st.caption("Not answered yet.")
            else:
                _receipt(done.cost)
        if done is not None:
            with st.container():
                st.markdown("**How it was measured**")
                for line in evidence(done):
                    st.caption(plain(line))
        if family is not None:
            with st.container():
                st.markdown(f"**{plain(family.name)} family**")
                for line in known_of(family):
                    st.caption(plain(line))


def known_of(family: Family) -> list[str]:
    """Each fact about a family, with its source and date."""
    facts = (
        ("Developer", family.developer), ("Key strengths", family.strengths), ("Best for", family.best_for),
        ("Notable versions", family.versions), ("Where it runs", family.runs),
    )  # fmt: skip
    return [f"{what}: {fact.text} ({fact.source}, {fact.as_of})." for what, fact in facts if fact is not None]


def evidence(done: Completion) -> list[str]:
    """Everything that qualifies the figures of a completion, in sentences."""
    label, meaning = text_of.STATES[done.state]
    lines = [
        f"{label.capitalize()}: {meaning}" + (f" The vendor's reason: {done.stop_reason}." if done.stop_reason else "")
    ]
    lines.append(f"Sent to {done.endpoint} at {done.started_at:%Y-%m-%d %H:%M:%S} UTC.")
    conditions = ", ".join(text_of.CONDITIONS[c] for c in done.conditions)
    lines.append(f"Conditions: {conditions or 'clean'}.")
    lines += [f"{text_of.FLAGS[flag].capitalize()}." for flag in done.flags]
    if reason := why_no_rate(done):
        lines.append(f"No tokens/s: {reason}")
    if told := ", ".join(filter(None, (done.response_model, text_of.served(done.fingerprint)))):
        lines.append(f"Served by {told}.")
    lines += [f"{said(a)}." for a in done.adjustments]
    if (server := done.server_timings) is not None:
        parts = (
            ("load", server.load_s),
            ("prompt", server.prompt_s),
            ("answer", server.eval_s),
            ("queue", server.queue_s),
        )
        told = ", ".join(f"{name} {text_of.seconds(value)}" for name, value in parts if value is not None)
        lines.append(f"The server says: {told}.")
    if done.versions:
        lines.append("Software: " + ", ".join(f"{name} {number}" for name, number in done.versions.items()) + ".")
    return lines


def _receipt(cost: Cost) -> None:
    if cost.amount is None:
        st.write(text_of.cost(cost))
        st.caption(plain(_sentence(cost.reason or "no reason is on record")))
        return
    if cost.lines:
        rows = [
            (line.what, text_of.count(line.tokens), text_of.unit_price(line.price), text_of.money(line.amount))
            for line in cost.lines
        ]
        st.dataframe(
            pd.DataFrame(rows, columns=["what", "tokens", "$ per million", "amount"]), hide_index=True,
            key="receipt", alt="Receipt: tokens times price", width="content",
        )  # fmt: skip
    st.write(f"Total {plain(text_of.cost(cost))}")
    if cost.reason:
        st.caption(plain(_sentence(cost.reason)))
    priced = f" for {cost.priced_model}" if cost.priced_model else ""
    dated = f", as of {cost.price_date}" if cost.price_date else ""
    st.caption(plain(f"{cost.source}{priced}{dated}."))


def _sentence(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:]}."
