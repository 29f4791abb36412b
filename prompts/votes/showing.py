"""A pair as it may be shown before the vote: two answers and the prompt, and nothing that reveals who made them.

The only way from a recorded answer to the page of a vote. Names, ids, digests, seeds, times, costs, tokens and thinking
cannot leak, as they are not there: the page gets a `ShownPair`, and the `Pair` stays on the server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from prompts.analysis.self_naming import masked
from prompts.votes.answers import AnswerText
from prompts.votes.style import marks
from prompts.votes.votes import Ballot, Choice, Contestant, Pair, Vote, VotedAnswer
from providers.catalogue.catalogue import find

Unformatted = Callable[[str], str]
"""Removes the formatting from a text."""
Address = Callable[[str], str]
"""Returns an address for a picture, by its digest, where all have one size and format and meaningless names."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who votes, and when."""

    id: str
    """The id for the vote."""
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One side."""

    text: str
    """Markdown, or plain text if formatting is off; names are masked."""
    plain: bool
    cut: bool
    """Whether it was cut off at a limit."""
    pictures: tuple[str, ...] = ()
    """The addresses of its pictures."""


@dataclass(frozen=True, slots=True)
class ShownPair:
    """Everything that leaves the server before the vote."""

    left: ShownAnswer
    right: ShownAnswer
    prompt: str | None
    """`None` if the two were asked with different words, which would distinguish them."""
    earlier: tuple[tuple[str, str], ...]
    """(role, text) of each turn before the prompt."""
    gave_away: bool
    """Whether a name was masked, so that the vote is counted separately."""


def shown(
    ballot: Ballot, pair: Pair, texts: Mapping[str, AnswerText], unformatted: Unformatted | None = None,
    address: Address = lambda _: "",
) -> ShownPair:  # fmt: skip
    """The pair as it is shown; `unformatted` removes formatting, if given. Raises `KeyError` if an answer is gone."""
    left, right = texts[pair.left_id], texts[pair.right_id]
    compared = [name for each in ballot.contestants for name in _names(each)]
    asked = f"{left.prompt}\n{right.prompt}"
    first, second = (masked(each.text, prompt=asked, compared=compared) for each in (left, right))
    alike = left.prompt == right.prompt and left.earlier == right.earlier
    earlier = left.earlier if alike else ()
    return ShownPair(
        _side(first.text, left, unformatted, address), _side(second.text, right, unformatted, address),
        left.prompt if alike else None,
        tuple((role, masked(text, compared=compared).text) for role, text in earlier),
        first.gave_away or second.gave_away,
    )  # fmt: skip


def _side(text: str, answer: AnswerText, unformatted: Unformatted | None, address: Address) -> ShownAnswer:
    return ShownAnswer(
        unformatted(text) if unformatted else text, unformatted is not None, answer.cut,
        tuple(map(address, answer.pictures)),
    )  # fmt: skip


def voted(ballot: Ballot, pair: Pair, seen: ShownPair, choice: Choice, said: Said) -> Vote:
    """The vote on a pair that was shown, with what the ranking needs of its answers."""
    return Vote(
        said.id, ballot.id, said.person, said.at, pair.case,
        _voted(pair.left_id, ballot.contestants[pair.left], seen.left),
        _voted(pair.right_id, ballot.contestants[pair.right], seen.right),
        choice, gave_away=seen.gave_away,
    )  # fmt: skip


def _voted(id: str, contestant: Contestant, answer: ShownAnswer) -> VotedAnswer:
    formatting = 0 if answer.plain else marks(answer.text)
    return VotedAnswer(id, contestant.shown, contestant.model, len(answer.text.strip()), formatting)


def _names(contestant: Contestant) -> tuple[str, ...]:
    """The model's names, as the provider and as people spell it."""
    provider, _, model = contestant.target.partition(":")
    known = find(provider, model)
    return (model, known.label) if known else (model,)
