"""The fields of Choose: the task, the evidence, how the model will be used, must-haves and weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import streamlit as st

from dashboard import state
from prompts.analysis import monthly_cost
from prompts.core import format as text_of
from prompts.decide.candidate import Use
from prompts.decide.shortlist import MustHaves
from prompts.decide.task import LONGEST, Purpose, fitting, kind
from prompts.decide.weights import Weights
from prompts.experiments.asked import Experiment
from prompts.experiments.library.prompt import TASKS

KEY = state.CHOOSE


def ask_purpose(experiments: Sequence[Experiment], collections: Sequence[tuple[str, str]]) -> Purpose | None:
    """The task, and the experiments that count as evidence for it; `None` while no task is named."""
    named = {name: id for id, name in reversed(collections)}
    own = list(dict.fromkeys(each.plan.name for each in experiments))
    options = [*own, *(name for name in named if name not in own), *TASKS]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "What is it for?", list(dict.fromkeys(options)), index=None, key="task", bind="query-params", width=420,
            placeholder="Choose a task, or describe it in your words", accept_new_options=True,
            format_func=lambda name: _labelled(name, own, named),
            help="Your experiments and collections, and the tasks of the prompt library. Your own words find the "
            "experiments that are about them.",
        )  # fmt: skip
        if not chosen or not chosen.strip():
            return None
        name = chosen.strip()[:LONGEST]
        evidence = _ask_evidence(name, experiments)
    return Purpose(name, tuple(evidence), named.get(name) if name not in own else None)


def _labelled(name: str, own: Sequence[str], collections: Mapping[str, str]) -> str:
    if name in own:
        return f"{name} (experiment)"
    return f"{name} (collection)" if name in collections else f"{name} (task)" if kind(name) else name


def _ask_evidence(name: str, experiments: Sequence[Experiment]) -> Sequence[str]:
    """The experiments that count; at first those that fit the task, until the person chooses others."""
    titles = {each.id: f"{each.plan.name} ({each.created_at:%Y-%m-%d})" for each in experiments}
    if st.session_state.get(f"{KEY}evidence-of") != (name, tuple(titles)):
        before = st.session_state.get(f"{KEY}evidence-of")
        if before is None or before[0] != name:
            st.session_state[f"{KEY}evidence"] = [id for id in fitting(name, experiments) if id in titles]
        st.session_state[f"{KEY}evidence-of"] = name, tuple(titles)
    st.session_state[f"{KEY}evidence"] = [id for id in st.session_state.get(f"{KEY}evidence", []) if id in titles]
    return st.multiselect(
        "Evidence from", list(titles), key=f"{KEY}evidence", format_func=titles.__getitem__, width=640,
        placeholder="No experiment matches yet: choose one, or probe a model below",
        help="Experiments over cases. Cases that are the same in several of them are taken as one.",
    )  # fmt: skip


def ask_use() -> Use:
    """How the model will be used: requests a day, tokens of each, and the hourly cost of one's own machine."""
    st.session_state.setdefault(state.VOLUME, monthly_cost.DEFAULT_PER_DAY)
    per_day = st.select_slider(
        "Requests a day", monthly_cost.PER_DAY, key=state.VOLUME, format_func=text_of.count,
        help=f"A month counts as {monthly_cost.DAYS} days.",
    )  # fmt: skip
    with st.container(horizontal=True):
        reads = _whole(
            "Tokens in", "tokens-in", "The tokens of one request of yours. Empty: the length that was measured."
        )
        writes = _whole("Tokens out", "tokens-out", "The tokens of one answer. Empty: the length that was measured.")
        own = st.number_input(
            "Own machine, $ an hour", min_value=0.0, value=None, step=0.05, format="%.2f", key=state.OWN_COST_PER_HOUR,
            placeholder="not set", width=170,
            help="Electricity and your share of the machine, for local models. Not set: they count as $0.",
        )  # fmt: skip
    return Use(per_day, reads, writes, None if own is None else Decimal(str(own)))


def ask_must_haves() -> MustHaves:
    """The conditions that a model must meet to be on the shortlist."""
    with st.container(horizontal=True):
        budget = st.number_input(
            "At most, $ a month", min_value=0.0, value=None, step=1.0, format="%.2f", key=f"{KEY}budget",
            placeholder="any", width=150,
        )  # fmt: skip
        seconds = st.number_input(
            "Answer within, s", min_value=0.0, value=None, step=0.5, format="%g", key=f"{KEY}seconds",
            placeholder="any", width=150, help="The median, as measured here.",
        )  # fmt: skip
        quality = st.number_input(
            "Quality at least, %", min_value=0, max_value=100, value=None, step=5, key=f"{KEY}quality",
            placeholder="any", width=150, help="The share of answers that pass, or of votes and ratings in its favour.",
        )  # fmt: skip
        context = _whole("Context at least", "context", "Tokens that must fit into one request.")
    with st.container(horizontal=True):
        local = st.toggle("Local only", key=f"{KEY}local", help="Text stays on this computer or network.")
        in_eu = st.toggle("EU", key=f"{KEY}eu", help="Text stays here, or a source says that it is served in the EU.")
        pictures = st.toggle("Takes pictures", key=f"{KEY}pictures")
        pdfs = st.toggle("Takes PDFs", key=f"{KEY}pdfs")
        can_ask = st.toggle("Can be asked from here", key=f"{KEY}can-ask", help="Its key is set.")
    return MustHaves(
        None if budget is None else Decimal(str(budget)), seconds, local, in_eu, pictures, pdfs, context,
        None if quality is None else quality / 100, can_ask,
    )  # fmt: skip


def ask_weights() -> Weights:
    """The weights of quality, cost and time, 0 to 10 each; with all at 0 nothing is ranked."""
    with st.container(horizontal=True):
        quality, cost, time = (
            st.slider(label, 0, 10, 0, key=f"{KEY}weight-{label.lower()}", width=220)
            for label in ("Quality", "Cost", "Time")
        )
    return Weights(quality, cost, time)


def _whole(label: str, name: str, said: str) -> int | None:
    return st.number_input(
        label, min_value=1, value=None, step=100, key=f"{KEY}{name}", placeholder="any" if "least" in label else
        "as measured", width=175, help=said,
    )  # fmt: skip
