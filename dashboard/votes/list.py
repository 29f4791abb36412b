"""The list of ballots, and the ways to begin one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.components.time_zone import time_zone
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import actor, people_log_in
from dashboard.votes.address import attempt, go_to
from prompts.analysis.self_naming import masked
from prompts.core import format as text_of
from prompts.core.printable import visible
from prompts.record.rights import refusal
from prompts.votes.ballots import Source
from prompts.votes.on_record import Votes
from prompts.votes.vote_store import BallotLine
from prompts.votes.votes import Origin
from providers.measuring.measure import utc_now


def show_list(core: Engine, store: Votes) -> None:
    """The choice of answers for a new ballot, then all ballots, newest first. Raises `RecordError`."""
    if (problem := st.session_state.get(state.BALLOT_SAYS)) is not None:
        st.error(plain(problem), icon=":material/error:")
    sources, found = _sources(core), store.lines()
    if not sources and not found:
        _first_time()
        return
    _offer_new(sources)
    for line in found:
        _row(store, line)


def _first_time() -> None:
    st.markdown(
        "You see two answers to the same prompt, without names, and choose the better one. The models’ names are shown "
        "at the end, with a ranking that says how sure it is. There is no ballot yet: it needs answers first."
    )
    with st.container(border=True, key="votes-recorded"):
        st.subheader("Answers that you have", anchor=False)
        st.markdown("Choose runs in which several models answered. They are on record, so this costs nothing.")
        st.page_link("app_pages/history.py", label="Choose runs in History", icon=":material/history:")
    with st.container(border=True, key="votes-fresh"):
        st.subheader("Fresh answers", anchor=False)
        st.markdown("Ask several models your own cases. An experiment needs no checks when people vote on it.")
        st.page_link("app_pages/experiments.py", label="Begin an experiment", icon=":material/science:")


def _offer_new(sources: Sequence[Source]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "New ballot of the answers of", sources, index=None, format_func=lambda each: visible(_says(each)),
            key="votes-source", placeholder="Choose an experiment or a collection", width=380,
        )  # fmt: skip
        st.button(
            "Make a ballot", key="votes-new", icon=":material/add:", type="primary", disabled=chosen is None,
            on_click=_begin, args=(chosen,),
        )  # fmt: skip
        st.page_link("app_pages/history.py", label="Choose runs in History", icon=":material/history:")
        st.page_link("app_pages/experiments.py", label="Ask fresh answers", icon=":material/science:")


def _sources(core: Engine) -> list[Source]:
    experiments = core.experiments.list() if core.experiments is not None else []
    collections = core.archive.facets().experiments if core.archive is not None else ()
    return [
        *(Source(Origin("experiment", each.id), each.plan.name) for each in experiments),
        *(Source(Origin("collection", id), name) for id, name in collections),
    ]


def _says(source: Source) -> str:
    return f"{source.name} ({source.origin.kind})"


def _begin(source: Source) -> None:
    st.session_state[state.BALLOT_SAYS] = None
    st.session_state[state.BALLOT_OF] = source


def _row(store: Votes, line: BallotLine) -> None:
    with st.container(border=True, key=f"ballot-{line.id}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.button(
                f"**{plain(masked(line.name).text)}**", key=f"ballot-open-{line.id}", type="tertiary", on_click=go_to,
                args=(line.id,),
            )  # fmt: skip
            if refusal(actor(), "delete a ballot", line.person) is None:
                with st.popover("Delete", icon=":material/delete:", type="tertiary", key=f"ballot-delete-{line.id}"):
                    st.markdown(
                        f"The ballot and its {text_of.number_of(line.votes, 'vote')} will be deleted for good. The "
                        "answers stay on record."
                    )
                    st.button(
                        "Delete", type="primary", key=f"ballot-delete-now-{line.id}",
                        on_click=attempt, args=(lambda: store.delete(line.id, by=actor()),),
                    )  # fmt: skip
        whose = f"{line.person} · " if people_log_in() and line.person else ""
        by = f" by {text_of.people(line.people)}" if line.votes else ""
        made = text_of.ago(line.created_at, utc_now(), time_zone())
        st.caption(plain(f"{whose}{made} · {masked(line.task).text} · {text_of.number_of(line.votes, 'vote')}{by}"))
