"""Which of two targets is better on a metric, in plain words, with how sure one can be.

Owns the words and what is compared with what: clean points with clean points, or all with all. Several
comparisons are corrected together (Holm), because the best of many often looks best by luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Literal

from prompts.analysis.mann_whitney import ALPHA, holm, p_value, runs_needed, superiority
from prompts.analysis.spread import Compared, Side, spread, undisturbed
from prompts.core import format as text_of

FEWEST = 3
"""Points on each side below which nothing is said."""
MOST_RUNS = 100
"""More than these nobody will ask for: then the difference is too small to matter here."""

Told = Literal["told", "open", "alike", "few", "none"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of two sides."""

    pair: tuple[int, int]
    """Their places among the sides."""
    told: Told
    """`told`: one is better. `open`: more runs would tell. `alike`: too many. `few`, `none`: no points."""
    sentence: str
    detail: str
    """How much, and from what; may be empty."""
    confidence: float | None = None
    """1 - p, corrected for the number of comparisons; `None` when nothing was compared."""


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two sides and the values they are compared by; superiority is the share of pairs that the first wins."""

    pair: tuple[int, int]
    names: tuple[str, str]
    values: tuple[list[float], list[float]]
    clean: bool
    disturbed: bool
    """Some of the points were measured under marked conditions."""

    @property
    def fewest(self) -> int:
        return min(map(len, self.values))

    def superior(self, metric: Compared) -> float:
        share = superiority(*self.values)
        return share if metric.metric.better == "least" else 1 - share


def verdicts(sides: Sequence[Side], metric: Compared) -> list[Verdict]:
    """Every pair of sides, in their order; the first named is the better one where one is."""
    meetings = [_meet(sides, pair) for pair in combinations(range(len(sides)), 2)]
    compared = [meeting for meeting in meetings if meeting.fewest >= FEWEST]
    corrected = iter(holm([p_value(*meeting.values) for meeting in compared]))
    return [
        _judge(meeting, metric, next(corrected), len(compared))
        if meeting.fewest >= FEWEST
        else _too_few(meeting, metric)
        for meeting in meetings
    ]


def leader(sides: Sequence[Side], metric: Compared) -> int:
    """The side with the best median; one without points never leads."""

    def rank(place: int) -> tuple[bool, float]:
        values = spread(sides[place].points).values
        if not values:
            return True, 0.0
        return False, median(values) if metric.metric.better == "least" else -median(values)

    return min(range(len(sides)), key=rank)


def _meet(sides: Sequence[Side], pair: tuple[int, int]) -> _Meeting:
    """Like with like: clean points where both have enough of them, else all points of both."""
    first, second = sides[pair[0]], sides[pair[1]]
    both = (first.points, second.points)
    clean = (undisturbed(both[0]), undisturbed(both[1]))
    fair = min(map(len, clean)) >= FEWEST
    chosen = clean if fair else both
    values = ([point.value for point in chosen[0]], [point.value for point in chosen[1]])
    disturbed = any(len(c) < len(b) for c, b in zip(clean, both, strict=True))
    return _Meeting(pair, (first.name, second.name), values, fair, disturbed)


def _too_few(meeting: _Meeting, metric: Compared) -> Verdict:
    without = [name for name, values in zip(meeting.names, meeting.values, strict=True) if not values]
    if without:
        said = f"Nothing to compare: {' and '.join(without)} {'has' if len(without) == 1 else 'have'} no figure here."
        return Verdict(meeting.pair, "none", said, f"Because {metric.absent}.")
    said = f"Too few points to compare {meeting.names[0]} and {meeting.names[1]}."
    return Verdict(meeting.pair, "few", said, f"Ask at least {FEWEST} times (5 is better).")


def _judge(meeting: _Meeting, metric: Compared, p: float, comparisons: int) -> Verdict:
    share = meeting.superior(metric)
    swapped = share < 0.5
    better, worse = reversed(meeting.names) if swapped else meeting.names
    pair = (meeting.pair[1], meeting.pair[0]) if swapped else meeting.pair
    how_much = _how_much(meeting, metric, swapped)
    sure = text_of.sure(1 - p)
    if p <= ALPHA:
        return Verdict(pair, "told", f"{better} is {metric.wins} than {worse} ({sure})", how_much, 1 - p)
    needed = runs_needed(share, comparisons)
    if needed is None or needed > MOST_RUNS:
        said = f"{better} and {worse} are too close to tell apart"
        runs = f"It would take more than {MOST_RUNS} runs each if the difference stays as small."
        return Verdict(pair, "alike", said, f"{runs} {how_much}", 1 - p)
    more = max(1, needed - meeting.fewest)
    said = f"Cannot tell {better} and {worse} apart yet ({sure})"
    runs = f"About {more} more run{'s' if more > 1 else ''} each if the difference stays as it is."
    return Verdict(pair, "open", said, f"{runs} {how_much}", 1 - p)


def _how_much(meeting: _Meeting, metric: Compared, swapped: bool) -> str:
    """The medians of what was compared, their ratio and their difference."""
    ours, theirs = reversed(meeting.values) if swapped else meeting.values
    a, b = median(ours), median(theirs)
    said = f"Median {metric.say(a)} against {metric.say(b)}"
    if a != b and min(a, b) > 0:
        ratio, word = max(a, b) / min(a, b), "less" if a < b else "more"
        said += f": {metric.say(abs(a - b))} {word}, {text_of.times(ratio)}"
    if not meeting.disturbed:
        return f"{said}."
    basis = "Clean points only." if meeting.clean else "All points, because one side has too few clean ones."
    return f"{said}. {basis}"
