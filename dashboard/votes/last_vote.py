"""The actions on the vote that was cast last: giving a reason, seeing the names, and undoing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.markdown_escape import plain
from dashboard.votes.address import attempt
from prompts.votes.on_record import Votes
from prompts.votes.votes import CHOICES, REASONS, Ballot, Reason, Vote

_KEYS: dict[Reason, str] = {
    "correct": "A", "complete": "M", "clear": "E", "instructions": "F", "tone": "T", "brief": "B",
}  # fmt: skip


def show_last(store: Votes, ballot: Ballot, own: Sequence[Vote], undo: Callable[[Vote], None]) -> None:
    """Show them; nothing before the first vote."""
    if not own:
        return
    last = own[-1]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="center", key="vote-last"):
        st.caption(f"Before: {CHOICES[last.choice].lower()}{_told(last)}", width="content")
        if last.revealed:
            return
        if last.choice in ("left", "right") and last.reason is None:
            for reason, label in REASONS.items():
                st.button(
                    label, key=f"vote-why-{reason}", shortcut=_KEYS[reason], type="tertiary", on_click=_give,
                    args=(store, last, reason), help="Why you chose so (optional).",
                )  # fmt: skip
        if ballot.reveal == "each":
            st.button(
                "Which is which?", key="vote-tell", type="tertiary", on_click=_tell, args=(store, last),
                help="Shows which models they were. The vote can then no longer be changed.",
            )  # fmt: skip
        st.button(
            "Undo", key="vote-undo", shortcut="U", icon=":material/undo:", type="tertiary", on_click=undo, args=(last,)
        )


def _told(vote: Vote) -> str:
    """The reason of a vote and, once revealed, its models."""
    parts = [f", {REASONS[vote.reason]}"] if vote.reason else []
    if vote.revealed:
        parts.append(f". Left was {plain(vote.left.name)}, right was {plain(vote.right.name)}.")
    elif vote.imported:
        parts.append(". It was imported from a file, so it is not counted.")
    elif vote.gave_away:
        parts.append(". An answer named its model, so this vote is counted separately.")
    return "".join(parts)


def _give(store: Votes, vote: Vote, reason: Reason) -> None:
    attempt(lambda: store.give_reason(vote.id, vote.person, reason))


def _tell(store: Votes, vote: Vote) -> None:
    attempt(lambda: store.reveal(vote.id, vote.person))
