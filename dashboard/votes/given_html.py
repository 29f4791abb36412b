"""The votes that a person cast, with the names of the models. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from prompts.core.printable import escape
from prompts.votes.votes import CHOICES, REASONS, Vote


def given_html(votes: Sequence[Vote]) -> str:
    """A table with a row per vote, in the order in which they were cast."""
    rows = "".join(_row(number, vote) for number, vote in enumerate(votes, 1))
    return (
        '<table class="vote-given"><thead><tr><th>Vote</th><th>Left was</th><th>Right was</th><th>You said</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _row(number: int, vote: Vote) -> str:
    said = CHOICES[vote.choice] + (f", {REASONS[vote.reason]}" if vote.reason else "")
    apart = (
        " · named its model, counted separately"
        if vote.gave_away
        else " · imported, not counted"
        if vote.imported
        else ""
    )
    sides = "".join(
        f"<td{' data-won' if vote.choice == side else ''}>{escape(answer.name)}</td>"
        for side, answer in (("left", vote.left), ("right", vote.right))
    )
    return f"<tr><td>{number}</td>{sides}<td>{escape(said + apart)}</td></tr>"
