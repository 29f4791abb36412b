"""A ranking in sentences: on a pair, a place, and how much evidence there is. Owns the words."""

from __future__ import annotations

from collections.abc import Mapping

from prompts.analysis.statistics.rates import Interval
from prompts.analysis.statistics.verdicts import FEW
from prompts.core import format as text_of
from prompts.votes.agreement import FEWEST, Agreement
from prompts.votes.ranking import ALPHA, Duel, Ranking, Standing
from prompts.votes.style import Leaning

_CHANCE = f"Chance to say this of equal models, however often you look: under {100 * ALPHA:.0f} %."


def duel_says(duel: Duel, matters: float) -> str:
    """One pair: who is preferred, or about how many more votes are needed."""
    between = f"{text_of.number_of(duel.direct, 'vote')} between them"
    seen = f"{duel.first} {_percent(duel.chance)} of the time, {between}"
    if duel.preferred:
        return f"{duel.first} is preferred to {duel.second}: {seen}. {_CHANCE}"
    if duel.direct < FEW:
        return f"Too few votes to distinguish {duel.first} and {duel.second}: {between}. {more_says(duel, matters)}"
    return f"Cannot distinguish {duel.first} and {duel.second} yet: {seen}. {more_says(duel, matters)}"


def more_says(duel: Duel, matters: float) -> str:
    """`About 60 more votes between them would show a preference of 65 in 100.`"""
    wanted = f"a preference of {round(100 * (0.5 + matters))} in 100"
    if duel.votes_needed is None:
        return f"To show {wanted} takes more votes than anybody will give."
    return f"About {_rounded(duel.votes_needed)} more votes between them would show {wanted}."


def reach_says(found: Ranking) -> str:
    """How much evidence the votes of a ballot are, without names, for people who are still voting."""
    if not found.duels:
        return ""
    first = found.duels[0]
    if first.preferred:
        return "The votes distinguish the first two: you may stop here."
    if first.votes_needed is None:
        return "More votes than anybody will give would be needed to distinguish the first two."
    return f"About {_rounded(first.votes_needed)} more votes would distinguish the first two."


def place_says(standing: Standing) -> str:
    """A place or band: `1`, or `1 to 3`."""
    if standing.best_place == standing.worst_place:
        return str(standing.best_place)
    return f"{standing.best_place} to {standing.worst_place}"


def rate_says(standing: Standing) -> str:
    """`62 % (51 to 72 %) of 80 votes`; below ten votes counts instead of percentages."""
    if not standing.votes:
        return text_of.UNKNOWN
    of = text_of.number_of(standing.votes, "vote")
    if standing.votes < FEW:
        return f"{standing.wins} won, {standing.ties} even of {of}"
    return f"{_percent(standing.rate)} of {of}"


def counts_say(found: Ranking) -> str:
    """What the ranking is based on, and what was left out."""
    parts = [
        f"{text_of.number_of(found.counted, 'vote')} by {_people(found.people)} on "
        f"{text_of.number_of(found.cases, 'case')}"
    ]
    if found.both_bad:
        parts.append(f"{found.both_bad:,} said both are bad, which counts as even")
    if found.gave_away:
        parts.append(f"{found.gave_away:,} left out because an answer named its model")
    if found.imported:
        parts.append(f"{found.imported:,} left out because they were imported from a file")
    if found.skipped:
        parts.append(f"{found.skipped:,} skipped")
    return "; ".join(parts) + "."


def agreement_says(found: Agreement) -> str:
    """The agreement between people, or how little data there is on it."""
    if not found.pairs:
        return "Nobody has seen a pair that somebody else decided, so how far people agree is not known."
    if found.share is None:
        return (
            f"{_people(found.people)} decided {text_of.number_of(found.pairs, 'pair')} in common; their "
            f"agreement is shown from {FEWEST} pairs on."
        )
    return (
        f"{_people(found.people)} agree on {_percent(found.share)} of the {found.pairs:,} pairs that two or more "
        "decided. By chance it would be about a third to a half."
    )


def leanings_say(found: Mapping[str, Leaning | None]) -> list[str]:
    """What preference was correlated with, in sentences; empty if there are too few votes."""
    words = {
        "longer": "The longer answer was preferred", "more formatted": "The one with more formatting was preferred",
        "left": "The left one was preferred",
    }  # fmt: skip
    return [
        f"{words[kind]} {_percent(leaning.share)} of the time (n = {leaning.votes:,})."
        for kind, leaning in found.items()
        if leaning is not None
    ]


def _percent(found: Interval) -> str:
    return f"{100 * found.estimate:.0f} % ({100 * found.low:.0f} to {100 * found.high:.0f} %)"


def _rounded(number: int) -> str:
    """A number rounded up to two digits, as it is an estimate."""
    size = 10 ** max(0, len(str(number)) - 2)
    return f"{-(-number // size) * size:,}"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"
