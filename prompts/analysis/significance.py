"""Which of two targets of a run is better on a figure, in plain words, with its interval.

Owns what is compared with what. Repeats were asked in step, so each repeat is a pair, and anything that drifts over
time affects both sides alike. Undisturbed points are compared with undisturbed ones, or else all with all. The rules
and the sentences are those of `statistics/verdicts.py`; no verdict is given before all answers are in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Literal

from prompts.analysis.spread import Compared, Point, Side, spread, undisturbed
from prompts.analysis.statistics import times
from prompts.analysis.statistics.time_verdicts import Meeting, Times, fewest_to_compare, judge
from prompts.analysis.statistics.verdicts import Kind

FEWEST = times.FEWEST
"""Below so many repeats nothing can be concluded even about two targets."""
_STALLED = 3.0  # the slowest answer is named if it took at least so many times the median


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of two sides."""

    pair: tuple[int, int]
    """Their places in `sides`; the better one first, if one is better."""
    told: Kind | Literal["none"]
    """The kind of verdict; `none` if a side has no figure at all."""
    sentence: str
    detail: str
    """The medians, and what a reader must know about the points; may be empty."""


def verdicts(sides: Sequence[Side], metric: Compared, *, running: bool = False) -> list[Verdict]:
    """A verdict for every pair of `sides`, in their order; the better side of a pair comes first.

    `running`: answers are still to come, so no verdict is given that would depend on when one happens to look.
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
    """How often each of `targets` targets must be asked before any verdict is possible."""
    return fewest_to_compare(targets * (targets - 1) // 2)


def fewest_sentence(targets: int) -> str:
    """A sentence, for before anything is asked, on how many repeats a verdict needs. Empty for one target."""
    if targets < 2:
        return ""
    return f"To say which of {targets} is faster takes at least {repeats_needed(targets)} repeats each."


def leader(sides: Sequence[Side], metric: Compared) -> int:
    """The place of the side with the best median; a side without points never leads."""

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
    """The values with smaller as better: for a figure of which more is better, the inverse."""
    found = [point.value for point in points if point.repeat == repeat and point.value > 0]
    return found if metric.metric.better == "least" else [1 / value for value in found]


def _chosen(first: Side, second: Side) -> tuple[tuple[Sequence[Point], Sequence[Point]], bool]:
    """The points to compare: undisturbed ones if both sides have enough such repeats, else all."""
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
    """Notes on what a median hides: answers that never came, and one that stalled."""
    said: list[str] = []
    if missing := side.asked - side.answers:
        said.append(f"{side.name}: {missing} of {side.asked} gave no answer.")
    slowest, middle = max(p.value for p in side.points), median(p.value for p in side.points)
    if metric.metric.better == "least" and len(side.points) > 2 and slowest > _STALLED * middle > 0:
        said.append(f"{side.name}: the slowest took {metric.say(slowest)}.")
    return said
