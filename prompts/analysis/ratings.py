"""What people's ratings say of each model: how often it was called best, thumbs and stars, each with its count.

The run is the unit of the statistics: ratings by several people of one run, and of its repeats, form one cluster. Only
a run with at least two models in which somebody chose a best answer is a contest. Pure.
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
"""Help text for each column of ratings."""


@dataclass(frozen=True, slots=True)
class Say:
    """One person's rating of one answer."""

    target: str
    """`provider:model`."""
    run: str
    person: str
    best: bool = False
    thumb: int | None = None
    """1 for up, -1 for down, `None` for neither."""
    stars: int | None = None


@dataclass(frozen=True, slots=True)
class Ratings:
    """All ratings of one model."""

    wins: PassRate
    """Of the choices of a best answer in runs it took part in, how many chose it; runs are the cases."""
    thumbs: PassRate
    """Of all thumbs, how many are up."""
    stars: tuple[int, ...]
    """All stars that were given, in ascending order."""

    @property
    def stars_median(self) -> float | None:
        """The median of the stars; `None` if none were given."""
        return float(median(self.stars)) if self.stars else None


NOTHING = Ratings(pass_rate(()), pass_rate(()), ())
"""The ratings of a model that nobody rated."""


def ratings(says: Iterable[Say], took_part: Mapping[str, Set[str]]) -> Mapping[str, Ratings]:
    """Ratings by target. `took_part`: the targets of each run in which a best answer was chosen."""
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
    """A rate in words: `7 of 10, 70 % (40 to 89 %)`; "—" if nothing was rated."""
    if rate.interval is None:
        return text_of.UNKNOWN
    low, high = (f"{100 * each:.0f}" for each in (rate.interval.low, rate.interval.high))
    return f"{rate.passed} of {rate.answered}, {text_of.share(rate.interval.estimate)} ({low} to {high} %)"


def thumbs_say(rate: PassRate) -> str:
    """Thumbs in words: `3 up, 1 down`; "—" if there are none."""
    if not rate.answered:
        return text_of.UNKNOWN
    return f"{rate.passed} up, {rate.answered - rate.passed} down"


def stars_say(stars: Ratings) -> str:
    """The median of stars in words: `★ 4 (n = 6)`; "—" if there are none."""
    middle = stars.stars_median
    return text_of.UNKNOWN if middle is None else f"★ {text_of.stars(middle)} (n = {len(stars.stars)})"
