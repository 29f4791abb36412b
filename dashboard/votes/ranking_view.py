"""The ranking over all ballots, by task and by person, with what is left out and why."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.markdown_escape import plain
from dashboard.votes.standings import offer_votes, show_standings
from dashboard.votes.voter import voter
from prompts.core import format as text_of
from prompts.core.printable import visible
from prompts.votes.agreement import agreement
from prompts.votes.on_record import Votes
from prompts.votes.ranking import MATTERS
from prompts.votes.sentences import agreement_says
from prompts.votes.vote_store import Wanted

_ALL, _EVERYBODY = "All tasks", "Everybody"


def show_ranking(store: Votes) -> None:
    """Rank the models by all votes. Raises `RecordError`."""
    votes, hidden = store.open_to(voter())
    if hidden:
        st.caption(
            f"{text_of.number_of(hidden, 'ballot')} that you have begun and not finished "
            f"{'is' if hidden == 1 else 'are'} left out until you have seen the names."
        )
    if not votes:
        st.info("No votes to rank yet.", icon=":material/how_to_vote:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        task = st.selectbox("Task", [_ALL, *store.tasks()], key=state.VOTES_TASK, format_func=visible, width=280)
        people = sorted({vote.person for vote in votes if vote.person})
        who = st.selectbox("Whose votes", [_EVERYBODY, *people], key=state.VOTES_WHO, format_func=visible, width=240)
        matters = matters_field()
    if task != _ALL:
        there = {vote.id for vote in store.votes(Wanted(task=task))}
        votes = [vote for vote in votes if vote.id in there]
    chosen = [vote for vote in votes if who in (_EVERYBODY, vote.person)]
    show_standings(chosen, "model", (), matters)
    st.caption(plain(agreement_says(agreement(votes))))
    offer_votes(store, chosen, task if task != _ALL else "votes")


def matters_field() -> float:
    """Ask which preference matters to the viewer; returns how far it is above one half, from 0.05 to 0.4."""
    chosen = st.slider(
        "A preference that matters", 55, 90, round(100 * (0.5 + MATTERS)), 5, format="%d in 100",
        key=state.VOTES_MATTERS, width=280,
        help="How many of 100 votes the better one should get before the difference matters to you. It decides how "
        "many more votes are said to be needed, not who is preferred.",
    )  # fmt: skip
    return chosen / 100 - 0.5
