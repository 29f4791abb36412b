"""Which of two targets of a run is better on a figure, in plain words, with its interval.

Owns what is compared with what: repeats were asked in step, so each is a pair of its own, and what drifts in between
touches both sides alike. Clean points are compared with clean ones, or all with all. The rules and the sentences are
those of `statistics/verdicts.py`; no verdict is given before all answers are in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Literal

from prompts.analysis.spread import Compared, Point, Side, spread, undisturbed
from prompts.analysis.statistics import times
from prompts.analysis.statistics.verdicts import Kind, Meeting, Times, fewest_to_compare, judge

FEWEST = times.FEWEST
"""Repeats below which nothing can be told of even two targets."""
_STALLED = 3.0  # times the median from which the slowest answer is named beside it


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of two sides."""

    pair: tuple[int, int]
    """Their places among the sides; the better one first where one is."""
    told: Kind | Literal["none"]
    """`none`: a side has no figure at all."""
    sentence: str
    detail: str
    """The medians, and what must be known of the points; may be empty."""


def verdicts(sides: Sequence[Side], metric: Compared, *, running: bool = False) -> list[Verdict]:
    """Every pair of sides, in their order; the first named is the better one where one is.

    `running`: answers are still to come, so that nothing is decided by when one happens to look.
    """
    pairs = list(combinations(range(len(sides)), 2))
    meetings = {pair: _meet(sides, pair, metric) for pair in pairs if all(sides[n].points for n in pair)}
    words, unfinished = Times(metric.wins, "repeats"), "Still running" if running else ""
    judged = {
        frozenset(found.pair): found for found in judge(list(meetings.values()), words, unfinished=unfinished)
    }  # fmt: skip
    return [
        Verdict((found := judged[frozenset(pair)]).pair, found.kind, found.sentence, _detail(sides, found.pair, metric))
        if pair in meetings
        else _nothing(sides, pair, metric)
        for pair in pairs
    ]


def repeats_needed(targets: int) -> int:
    """How often each of so many targets must be asked before any verdict is possible."""
    return fewest_to_compare(targets * (targets - 1) // 2)


def fewest_sentence(targets: int) -> str:
    """Said before anything is asked: what it takes to say which is faster. Empty for one target."""
    if targets < 2:
        return ""
    return f"To say which of {targets} is faster takes at least {repeats_needed(targets)} repeats each."


def leader(sides: Sequence[Side], metric: Compared) -> int:
    """The side with the best median; one without points never leads."""

    def rank(place: int) -> tuple[bool, float]:
        values = spread(sides[place].points).values
        if not values:
            return True, 0.0
        return False, median(values) if metric.metric.better == "least" else -median(values)

    return min(range(len(sides)), key=rank)


def _meet(sides: Sequence[Side], pair: tuple[int, int], metric: Compared) -> Meeting:
    first, second = sides[pair[0]], sides[pair[1]]
    points, _ = _chosen(first, second)
    repeats = range(max(first.asked, second.asked))
    values = [[_values(side, repeat, metric) for repeat in repeats] for side in points]
    return Meeting(pair, (first.name, second.name), values[0], values[1])


def _values(points: Sequence[Point], repeat: int, metric: Compared) -> list[float]:
    """As a duration, so that less is better: of what should be most, the inverse."""
    found = [point.value for point in points if point.repeat == repeat and point.value > 0]
    return found if metric.metric.better == "least" else [1 / value for value in found]


def _chosen(first: Side, second: Side) -> tuple[tuple[Sequence[Point], Sequence[Point]], bool]:
    """Like with like: clean points where enough repeats are clean on both sides, else all points of both."""
    clean = (undisturbed(first.points), undisturbed(second.points))
    both = {point.repeat for point in clean[0]} & {point.repeat for point in clean[1]}
    return (clean, True) if len(both) >= FEWEST else ((first.points, second.points), False)


def _nothing(sides: Sequence[Side], pair: tuple[int, int], metric: Compared) -> Verdict:
    without = [sides[n].name for n in pair if not sides[n].points]
    said = f"Nothing to compare: {' and '.join(without)} {'has' if len(without) == 1 else 'have'} no figure here."
    return Verdict(pair, "none", said, f"Because {metric.absent}.")


def _detail(sides: Sequence[Side], pair: tuple[int, int], metric: Compared) -> str:
    first, second = sides[pair[0]], sides[pair[1]]
    points, clean = _chosen(first, second)
    parts = [f"Median {' against '.join(metric.say(median(p.value for p in side)) for side in points)}."]
    disturbed = any(point.disturbed for side in (first, second) for point in side.points)
    if disturbed:
        parts.append("Clean points only." if clean else "Used all measurements: too few normal ones.")
    for side in (first, second):
        parts.extend(_beside(side, metric))
    return " ".join(parts)


def _beside(side: Side, metric: Compared) -> list[str]:
    """What a median hides: answers that never came, and one that stalled."""
    said: list[str] = []
    if missing := side.asked - side.answers:
        said.append(f"{side.name}: {missing} of {side.asked} gave no answer.")
    slowest, middle = max(p.value for p in side.points), median(p.value for p in side.points)
    if metric.metric.better == "least" and len(side.points) > 2 and slowest > _STALLED * middle > 0:
        said.append(f"{side.name}: the slowest took {metric.say(slowest)}.")
    return said
