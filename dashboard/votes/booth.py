"""Voting: two answers, a key for each choice, and the next two.

Owns what is kept from the browser: the pair stays in the session, and the browser gets a `ShownPair`, and buttons
numbered by pair. A button of an earlier pair does nothing, so a double press never votes on answers nobody has read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import SystemRandom

import streamlit as st

from dashboard import state
from dashboard.answer_grid.offered_pictures import offered_pictures
from dashboard.answer_grid.panel import panel
from dashboard.engine import Engine
from dashboard.logins import visitor
from dashboard.markdown_escape import plain
from dashboard.votes.address import go_to, link
from dashboard.votes.case_text import case_text
from dashboard.votes.last_vote import show_last
from dashboard.votes.pair_html import pair_html
from dashboard.votes.plain_text import unformatted
from prompts.analysis.self_naming import masked
from prompts.record.recorder import RecordError
from prompts.votes import answers
from prompts.votes.answers import AnswerText
from prompts.votes.drawing import next_pair
from prompts.votes.on_record import Votes, new_id
from prompts.votes.ranking import ranking
from prompts.votes.sentences import reach_says
from prompts.votes.showing import Said, ShownPair, shown, voted
from prompts.votes.vote_store import Wanted
from prompts.votes.votes import CHOICES, Ballot, Choice, Pair, Vote, VoteError
from providers.measuring.measure import utc_now

_KEYS: dict[Choice, str] = {"left": "1", "right": "2", "tie": "3", "both_bad": "4", "skip": "0"}
_chance = SystemRandom()


@dataclass(frozen=True, slots=True)
class Booth:
    """One person voting on one ballot."""

    ballot: str
    person: str
    readings: dict[str, str]
    """A digest of the text of each completion that can be shown, by id: equal texts are not worth a vote."""
    number: int = 0
    """Number of pairs shown so far; part of the keys of their buttons."""
    pair: Pair | None = None
    texts: dict[str, AnswerText] | None = None
    """The two answers of that pair."""


def show_booth(core: Engine, store: Votes, ballot: Ballot, person: str) -> None:
    """Show the next pair, or that none is left. Raises `RecordError`."""
    votes = store.votes(Wanted(ballot=ballot.id))
    booth = _at(store, ballot, person, votes)
    own = [vote for vote in votes if vote.person == person]
    drawn = any(each.pictures for each in (booth.texts or {}).values())
    _head(store, ballot, person, own, votes, drawn=drawn)
    if (problem := st.session_state.get(state.BALLOT_SAYS)) is not None:
        st.error(plain(problem), icon=":material/error:")
    if booth.pair is None or booth.texts is None:
        _nothing_left(store, ballot, person, voted=bool(own))
    else:
        seen = _shown(ballot, booth.pair, booth.texts)
        about = case_text(core, ballot, booth.pair, seen.prompt)
        panel(pair_html(seen, about.asked, about.whole), key="vote-pair", label="Two answers to compare")
    # Below the answers and not beside the buttons, where it would take up half of a phone's screen.
    show_last(store, ballot, own, lambda vote: _undo(store, ballot, vote))
    if booth.pair is not None:
        with st.bottom:
            _buttons(store, ballot, booth, person)


def _nothing_left(store: Votes, ballot: Ballot, person: str, *, voted: bool) -> None:
    if not voted:
        said = "No two answers of this ballot differ, so there is nothing to vote on."
        st.info(said, icon=":material/done_all:")
        return
    st.info("You have seen every pair that can be shown.", icon=":material/done_all:")
    st.button(
        "Show the names", type="primary", key="vote-reveal-at-the-end", on_click=_finish,
        args=(store, ballot.id, person), help="Your votes on this ballot can then no longer be changed.",
    )  # fmt: skip


def _at(store: Votes, ballot: Ballot, person: str, votes: list[Vote]) -> Booth:
    """The session's booth for this ballot, with a pair to vote on if one is left."""
    booth: Booth | None = st.session_state.get(state.BOOTH)
    if booth is None or (booth.ballot, booth.person) != (ballot.id, person):
        booth = Booth(ballot.id, person, store.archive.read(lambda c: answers.readings(c, ballot)))
    if booth.pair is not None and _decided(booth.pair, person, votes):
        booth = replace(booth, pair=None)  # it was voted on in another tab
    while booth.pair is None or booth.texts is None:
        pair = booth.pair or next_pair(ballot, votes, person, _chance, booth.readings)
        if pair is None:
            break
        found = store.archive.read(lambda c, pair=pair: answers.texts(c, sorted(pair.answers)))
        gone = pair.answers - set(found)
        left = {id: digest for id, digest in booth.readings.items() if id not in gone}
        booth = replace(
            booth, number=booth.number + 1, pair=None if gone else pair, texts=None if gone else found, readings=left
        )
    st.session_state[state.BOOTH] = booth
    return booth


def _decided(pair: Pair, person: str, votes: list[Vote]) -> bool:
    return any(
        vote.person == person and {vote.left.completion_id, vote.right.completion_id} == pair.answers for vote in votes
    )


def _shown(ballot: Ballot, pair: Pair, texts: dict[str, AnswerText]) -> ShownPair:
    who, plain_ = visitor(), unformatted if st.session_state.get(state.VOTES_PLAIN) else None
    return shown(ballot, pair, texts, plain_, lambda digest: offered_pictures.offer(digest, "even", who))


def _head(store: Votes, ballot: Ballot, person: str, own: list[Vote], votes: list[Vote], *, drawn: bool) -> None:
    compared = [each.target.partition(":")[2] for each in ballot.contestants]
    st.header(plain(masked(ballot.name, compared=compared).text), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", key="vote-head"):
        if not drawn:
            _offer_plain()
        with st.popover("Invite others", icon=":material/group_add:", key="vote-invite"):
            st.markdown(
                "Anybody who opens this address votes on the same answers, alone and without seeing your votes."
            )
            st.code(link(ballot.id), language=None)
        with st.popover("Finish", icon=":material/visibility:", key="vote-finish"):
            st.markdown("You will see which model made which, and cannot vote on this ballot any more.")
            st.button(
                "Show the names", type="primary", key="vote-reveal", on_click=_finish, args=(store, ballot.id, person)
            )
        st.button("All ballots", key="votes-all", type="tertiary", on_click=go_to, args=(None,))
    given, all_ = (sum(vote.choice != "skip" for vote in several) for several in (own, votes))
    reach = reach_says(ranking(votes, among=[each.shown for each in ballot.contestants])) if given else ""
    seen = "The shape of a picture and how sharp it is cannot be hidden." if drawn else ""
    st.caption(f"Your votes: {given:,}. Everybody’s: {all_:,}. {reach} {seen}", help=_OF_PICTURES if drawn else None)


_OF_PICTURES = (
    "Pictures are shown at one size and in one format, without metadata and descriptions. Their shape, their sharpness "
    "and any watermark stay, and may reveal the model."
)


def _offer_plain() -> None:
    on = bool(st.session_state.get(state.VOTES_PLAIN))
    # A button and not a toggle, because a toggle with the focus would swallow the keys for voting.
    st.button(
        "With formatting" if on else "Plain text", key="vote-plain", shortcut="P", icon=":material/text_fields:",
        on_click=_turn_plain, args=(not on,), help="Removes headings, bold, tables and emoji from both answers, so "
        "that you judge the content; or shows them again.",
    )  # fmt: skip


def _buttons(store: Votes, ballot: Ballot, booth: Booth, person: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="center", key="vote-choices"):
        for choice, label in CHOICES.items():
            st.button(
                label, key=f"vote-{choice}-{booth.number}", shortcut=_KEYS[choice], on_click=_cast,
                args=(store, ballot, booth, person, choice), type="tertiary" if choice == "skip" else "secondary",
            )  # fmt: skip


def _cast(store: Votes, ballot: Ballot, booth: Booth, person: str, choice: Choice) -> None:
    held: Booth | None = st.session_state.get(state.BOOTH)
    st.session_state[state.BALLOT_SAYS] = None
    if held != booth or booth.pair is None or booth.texts is None:
        return  # a double press: its pair has been voted on
    seen = _shown(ballot, booth.pair, booth.texts)
    try:
        store.cast(voted(ballot, booth.pair, seen, choice, Said(new_id(), person, utc_now())))
    except (RecordError, VoteError) as exc:
        st.session_state[state.BALLOT_SAYS] = str(exc)
        return
    st.session_state[state.BOOTH] = replace(booth, pair=None, texts=None)


def _turn_plain(on: bool) -> None:
    st.session_state[state.VOTES_PLAIN] = on


def _undo(store: Votes, ballot: Ballot, vote: Vote) -> None:
    """Take back a vote, and show its pair again."""
    booth: Booth | None = st.session_state.get(state.BOOTH)
    st.session_state[state.BALLOT_SAYS] = None
    try:
        store.take_back(vote.id, vote.person)
    except (RecordError, VoteError) as exc:
        st.session_state[state.BALLOT_SAYS] = str(exc)
        return
    if booth is not None:
        st.session_state[state.BOOTH] = replace(booth, pair=_pair_of(ballot, vote), texts=None)


def _pair_of(ballot: Ballot, vote: Vote) -> Pair | None:
    """The pair of a vote; `None` if its names are not in the ballot, as with imported votes."""
    places = {each.shown: n for n, each in enumerate(ballot.contestants)}
    left, right = (places.get(side.name) for side in (vote.left, vote.right))
    if left is None or right is None:
        return None
    return Pair(vote.case, left, right, vote.left.completion_id, vote.right.completion_id)


def _finish(store: Votes, ballot_id: str, person: str) -> None:
    try:
        store.finish(ballot_id, person)
    except RecordError as exc:
        st.session_state[state.BALLOT_SAYS] = str(exc)
        return
    st.session_state[state.BALLOT_SAYS] = st.session_state[state.BOOTH] = None
