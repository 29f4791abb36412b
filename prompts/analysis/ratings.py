"""What people's ratings say of each model: how often it was called best, thumbs and stars, each with how many.

The run is the unit: several people's say of one run, and repeats in it, are one cluster. Only a run with two models or
more in which somebody chose a best answer is a contest. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from statistics import median

from prompts.analysis.statistics.rates import PassRate, Tally, pass_rate
from prompts.core import format as text_of

DEFINITIONS: Mapping[str, str] = {
    "Called best": "How often people called it the best answer, of the choices in runs that it took part in with "
    "others. In brackets Wilson's 95 % interval: between these the true rate may lie.",
    "Thumbs": "All thumbs that people gave its answers.",
    "Stars": "The median of all stars that people gave its answers, 1 to 5.",
}
"""Each column of ratings, and what it says on hover."""


@dataclass(frozen=True, slots=True)
class Say:
    """One person's rating of one answer."""

    target: str
    """`provider:model`."""
    run: str
    person: str
    best: bool = False
    thumb: int | None = None
    """1 up, -1 down."""
    stars: int | None = None


@dataclass(frozen=True, slots=True)
class Ratings:
    """All that was said of one model."""

    wins: PassRate
    """Of the choices of a best answer in runs that it took part in, those that fell on it; the cases are runs."""
    thumbs: PassRate
    """Of the thumbs, those that are up."""
    stars: tuple[int, ...]
    """All that were given, the fewest first."""

    @property
    def stars_median(self) -> float | None:
        """`None`: none were given."""
        return float(median(self.stars)) if self.stars else None


NOTHING = Ratings(pass_rate(()), pass_rate(()), ())
"""Of a model of which nobody said anything."""


def ratings(says: Iterable[Say], took_part: Mapping[str, Set[str]]) -> Mapping[str, Ratings]:
    """By target. `took_part`: the targets of each run in which a best answer was chosen."""
    choices: defaultdict[str, list[str]] = defaultdict(list)
    thumbs: defaultdict[str, defaultdict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    stars: defaultdict[str, list[int]] = defaultdict(list)
    for say in says:
        if say.best:
            choices[say.run].append(say.target)
        if say.thumb is not None:
            thumbs[say.target][say.run].append(say.thumb > 0)
        if say.stars is not None:
            stars[say.target].append(say.stars)
    wins: defaultdict[str, list[Tally]] = defaultdict(list)
    for run, chosen in choices.items():
        targets = took_part.get(run, frozenset())
        for target in targets if len(targets) > 1 else ():
            wins[target].append(Tally(chosen.count(target), len(chosen)))
    return {
        target: Ratings(
            pass_rate(wins[target]),
            pass_rate([Tally(sum(given), len(given)) for given in thumbs[target].values()]),
            tuple(sorted(stars[target])),
        )
        for target in {*wins, *thumbs, *stars}
    }  # fmt: skip


def rate_says(rate: PassRate) -> str:
    """`7 of 10, 70 % (40 to 89 %)`; — where nothing was said."""
    if rate.interval is None:
        return text_of.UNKNOWN
    low, high = (f"{100 * each:.0f}" for each in (rate.interval.low, rate.interval.high))
    return f"{rate.passed} of {rate.answered}, {text_of.share(rate.interval.estimate)} ({low} to {high} %)"


def thumbs_say(rate: PassRate) -> str:
    """`3 up, 1 down`."""
    if not rate.answered:
        return text_of.UNKNOWN
    return f"{rate.passed} up, {rate.answered - rate.passed} down"


def stars_say(stars: Ratings) -> str:
    """`★ 4 (n = 6)`."""
    middle = stars.stars_median
    return text_of.UNKNOWN if middle is None else f"★ {text_of.stars(middle)} (n = {len(stars.stars)})"
