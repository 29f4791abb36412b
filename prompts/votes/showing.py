"""A pair as it may be seen before the vote: two answers and what was asked, and nothing that tells who made them.

The only way from an answer on record to the page of a vote. Refuses names, ids, digests, seeds, times, costs, tokens
and thinking by not having them: whoever draws the page gets a `ShownPair` and holds the `Pair` back.
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
"""Takes the formatting off a text."""
Address = Callable[[str], str]
"""From the digest of a picture to where a browser finds it: all of one size and format, under names that say nothing.
"""


@dataclass(frozen=True, slots=True)
class Said:
    """Who votes, and when."""

    id: str
    """Of the vote."""
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One side."""

    text: str
    """Markdown, or without formatting where that is switched off; names masked."""
    plain: bool
    cut: bool
    """It ended at a limit."""
    pictures: tuple[str, ...] = ()
    """Where they are."""


@dataclass(frozen=True, slots=True)
class ShownPair:
    """All that leaves the server before the vote."""

    left: ShownAnswer
    right: ShownAnswer
    prompt: str | None
    """`None`: the two were asked in different words, which would tell them apart."""
    earlier: tuple[tuple[str, str], ...]
    """The turns before the prompt: role and text."""
    gave_away: bool
    """A name was masked, so the vote will be counted apart."""


def shown(
    ballot: Ballot, pair: Pair, texts: Mapping[str, AnswerText], unformatted: Unformatted | None = None,
    address: Address = lambda _: "",
) -> ShownPair:  # fmt: skip
    """The pair, complete; `unformatted` takes the formatting off. Raises `KeyError` if an answer is gone."""
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
    return VotedAnswer(id, contestant.name, contestant.target, len(answer.text.strip()), formatting)


def _names(contestant: Contestant) -> tuple[str, ...]:
    """A contestant's model, as its provider spells it, and as people know it."""
    provider, _, model = contestant.target.partition(":")
    known = find(provider, model)
    return (model, known.label) if known else (model,)
