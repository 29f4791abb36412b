"""The votes that a person cast, with the names of the models, and what they drew. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prompts.core.printable import escape
from prompts.votes.votes import CHOICES, REASONS, Vote, VotedAnswer
from providers.files.small_pictures import SMALL

Pictures = Mapping[str, Sequence[tuple[str, str]]]
"""For each completion that drew, its pictures: the address, and what a person said it shows; empty if nobody did."""


def given_html(votes: Sequence[Vote], pictures: Pictures) -> str:
    """A table with a row per vote, in the order in which they were cast."""
    rows = "".join(_row(number, vote, pictures) for number, vote in enumerate(votes, 1))
    return (
        '<table class="vote-given"><thead><tr><th>Vote</th><th>Left was</th><th>Right was</th><th>You said</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _row(number: int, vote: Vote, pictures: Pictures) -> str:
    said = CHOICES[vote.choice] + (f", {REASONS[vote.reason]}" if vote.reason else "")
    apart = (
        " · named its model, counted separately"
        if vote.gave_away
        else " · imported, not counted"
        if vote.imported
        else ""
    )
    sides = "".join(
        f"<td{' data-won' if vote.choice == side else ''}>{_side(answer, pictures)}</td>"
        for side, answer in (("left", vote.left), ("right", vote.right))
    )
    return f"<tr><td>{number}</td>{sides}<td>{escape(said + apart)}</td></tr>"


def _side(answer: VotedAnswer, pictures: Pictures) -> str:
    shown = "".join(
        f'<img src="{escape(address)}" width="{SMALL}" height="{SMALL}" loading="lazy"'
        f' alt="{escape(described or f"Picture by {answer.name}")}">'
        for address, described in pictures.get(answer.completion_id, ())
    )
    return f"{escape(answer.name)}{shown}"
