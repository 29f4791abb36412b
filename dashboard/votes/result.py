"""A ballot after the reveal: what everybody's votes say, how far people agree, and one's own votes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.answer_grid.offered_pictures import offered_pictures
from dashboard.answer_grid.panel import panel
from dashboard.engine import Engine
from dashboard.logins import visitor
from dashboard.markdown_escape import plain
from dashboard.votes.address import go_to
from dashboard.votes.given_html import Pictures, given_html
from dashboard.votes.judges import show_judges
from dashboard.votes.ranking_view import matters_field
from dashboard.votes.standings import offer_votes, show_standings
from prompts.votes import answers
from prompts.votes.agreement import agreement
from prompts.votes.on_record import Votes
from prompts.votes.sentences import agreement_says
from prompts.votes.vote_store import Wanted
from prompts.votes.votes import Ballot, Vote


def show_result(core: Engine, store: Votes, ballot: Ballot, person: str) -> None:
    """Show the result. Raises `RecordError`."""
    votes = store.votes(Wanted(ballot=ballot.id))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header(plain(ballot.name), anchor=False)
        st.button("All ballots", key="votes-all", on_click=go_to, args=(None,))
    st.caption(
        plain(f"Task: {ballot.task}. You have seen the names, so you can no longer vote on this ballot; others can.")
    )
    matters = matters_field()
    show_standings(votes, "contestant", [each.shown for each in ballot.contestants], matters)
    st.caption(plain(agreement_says(agreement(votes))))
    show_judges(core, ballot, votes)
    offer_votes(store, votes, ballot.name)
    own = [vote for vote in votes if vote.person == person]
    if own:
        st.subheader("Your votes", anchor=False)
        panel(given_html(own, _pictures(store, own)), key="vote-given", label="Your votes with the names")


def _pictures(store: Votes, votes: Sequence[Vote]) -> Pictures:
    """The pictures of these votes, offered to this visitor small."""
    who, ids = (
        visitor(),
        {side.completion_id for vote in votes if not vote.imported for side in (vote.left, vote.right)},
    )
    found = store.archive.read(lambda c: answers.drawn(c, sorted(ids)))
    return {
        id: [(offered_pictures.offer(each.sha256, "small", who), each.described) for each in several]
        for id, several in found.items()
    }
