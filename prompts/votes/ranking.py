"""Who is preferred: places as bands, a verdict for each pair, and how many more votes are needed.

Owns the verdict `preferred`. People look while they vote, so it must hold however often one looks: an e-value against
equal strengths (a normal mixture) is used in place of a p-value, and Holm's method corrects it for all pairs. Intervals
are valid for a single look. The number of votes needed is for the preference that matters to the user, never for the
observed one.

Sources: as in `fit.py`; H. Robbins, Annals of Mathematical Statistics 41(5), 1970, and I. Waudby-Smith et al., Annals
of Statistics 52(6), 2024 (mixtures that hold at all times); S. Holm, Scandinavian Journal of Statistics 6(2), 1979.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

from prompts.analysis.statistics.paired import POWER, holm
from prompts.analysis.statistics.rates import Interval
from prompts.votes import fit as fitting
from prompts.votes.votes import Vote, VotedAnswer

if TYPE_CHECKING:
    from prompts.votes.fit import Matrix

By = Literal["contestant", "model"]
"""What is ranked: contestants of one ballot by name, or models over several ballots by `provider:model`."""
ALPHA = 0.05
"""How often any pair of equal models may be called different, over all pairs and however often one looks."""
MATTERS = 0.15
"""The default for the smallest preference that matters, above one half: 0.15 is 65 of 100."""
FEWEST_TOLD = 100
"""With fewer votes of a contestant, its place is always shown with its band."""
_EXPECTED = 0.5  # variance of a difference between two models, in log odds, that the mixture expects
_MOST_MORE = 100_000


@dataclass(frozen=True, slots=True)
class Standing:
    """One contestant compared with the others."""

    name: str
    target: str
    """`provider:model`."""
    strength: Interval
    """Log odds against the average of the others; 0 is equal to them."""
    rate: Interval
    """The same as a probability: how often it is preferred to a typical other, ties counted as half."""
    wins: int
    losses: int
    ties: int
    """Includes "both bad"."""
    best_place: int
    """1 plus the number of contestants preferred to it."""
    worst_place: int
    """The lowest place that the votes do not rule out."""

    @property
    def votes(self) -> int:
        """How many votes it took part in, of those that count."""
        return self.wins + self.losses + self.ties

    @property
    def score(self) -> float | None:
        """Its share of these votes, ties counted as half; `None` without votes."""
        return (self.wins + self.ties / 2) / self.votes if self.votes else None


@dataclass(frozen=True, slots=True)
class Duel:
    """The verdict on two contestants; the first has the higher estimated strength."""

    first: str
    second: str
    chance: Interval
    """How often the first is preferred to the second, ties counted as half; from direct votes and those via others."""
    direct: int
    """Votes between just these two."""
    p: float
    """Corrected for all pairs; valid however often one looks."""
    preferred: bool
    """Whether it is certain that the first is preferred."""
    votes_needed: int | None
    """About how many more direct votes would show a preference that matters with probability 80 %; 0 if one is shown
    already.

    `None`: more than anybody will give.
    """


@dataclass(frozen=True, slots=True)
class Ranking:
    """The result of all votes, strongest first."""

    standings: tuple[Standing, ...]
    duels: tuple[Duel, ...]
    """Every pair, in the order of the standings."""
    counted: int
    """Votes that the ranking is based on."""
    both_bad: int
    """How many of these said that both are bad."""
    gave_away: int
    """Votes left out because an answer revealed its model."""
    imported: int
    """Votes left out because they were imported from a file."""
    skipped: int
    people: int
    """How many people gave the counted votes."""
    cases: int
    """How many cases the counted votes are about."""

    def duel(self, one: str, other: str) -> Duel | None:
        """The verdict on these two, whichever is first."""
        return next((each for each in self.duels if {each.first, each.second} == {one, other}), None)


def ranking(
    votes: Sequence[Vote], *, by: By = "contestant", among: Sequence[str] = (), matters: float = MATTERS
) -> Ranking:  # fmt: skip
    """The ranking by all votes that count. `among`: contestants to include even without votes.

    `matters`: the preference that matters, above one half. Votes between two answers of one contestant are ignored.
    """
    counting = [vote for vote in votes if vote.counts and name_of(vote.left, by) != name_of(vote.right, by)]
    sides = [side for vote in counting for side in (vote.left, vote.right)]
    names = list(dict.fromkeys((*among, *(name_of(side, by) for side in sides))))
    targets = {name_of(side, by): side.target for side in sides}
    found = _fit(counting, names, by) if names else None
    duels = _duels(counting, names, by, found, matters) if found else ()
    standings = tuple(_standing(counting, name, targets, names, by, found, duels) for name in names if found)
    return Ranking(
        tuple(sorted(standings, key=lambda each: (-each.strength.estimate, each.name))), duels, len(counting),
        sum(vote.choice == "both_bad" for vote in counting), sum(vote.gave_away for vote in votes),
        sum(vote.imported for vote in votes if not vote.gave_away and vote.choice != "skip"),
        sum(vote.choice == "skip" for vote in votes), len({vote.person for vote in counting}),
        len({vote.case for vote in counting}),
    )  # fmt: skip


def name_of(side: VotedAnswer, by: By) -> str:
    """The name by which a side is ranked."""
    return side.name if by == "contestant" else side.target


def rows_of(votes: Sequence[Vote], names: Sequence[str], by: By) -> Matrix:
    """A row per vote: 1 for the left contestant, -1 for the right one."""
    import numpy as np

    places, rows = {name: n for n, name in enumerate(names)}, np.zeros((len(votes), len(names)))
    each = np.arange(len(votes))
    rows[each, [places[name_of(vote.left, by)] for vote in votes]] = 1
    rows[each, [places[name_of(vote.right, by)] for vote in votes]] = -1
    return rows


def _fit(votes: Sequence[Vote], names: Sequence[str], by: By) -> fitting.Fit:
    import numpy as np

    scores = np.array([vote.score for vote in votes])
    return fitting.fit(rows_of(votes, names, by), scores, [vote.case for vote in votes], [v.person for v in votes])


def _standing(
    votes: Sequence[Vote], name: str, targets: dict[str, str], names: Sequence[str], by: By, found: fitting.Fit,
    duels: Sequence[Duel],
) -> Standing:  # fmt: skip
    contrast = _against_others(names.index(name), len(names))
    strength = found.interval(contrast)
    got = Counter(
        vote.score if name_of(vote.left, by) == name else 1 - vote.score
        for vote in votes if name in (name_of(vote.left, by), name_of(vote.right, by))
    )  # fmt: skip
    above = sum(duel.preferred and duel.second == name for duel in duels)
    below = sum(duel.preferred and duel.first == name for duel in duels)
    return Standing(
        name, targets.get(name, name), strength, fitting.as_chance(strength), got[1.0], got[0.0], got[0.5],
        1 + above, len(names) - below,
    )  # fmt: skip


def _duels(
    votes: Sequence[Vote], names: Sequence[str], by: By, found: fitting.Fit, matters: float
) -> tuple[Duel, ...]:  # fmt: skip
    direct = Counter(frozenset((name_of(vote.left, by), name_of(vote.right, by))) for vote in votes)
    order = sorted(range(len(names)), key=lambda n: (-found.strengths[n], names[n]))
    pairs = [(_between(a, b, len(names)), a, b) for a, b in combinations(order, 2)]
    corrected = holm([1 / evidence(*found.data_alone(contrast)) for contrast, _, _ in pairs])
    several: list[Duel] = []
    for (contrast, a, b), p in zip(pairs, corrected, strict=True):
        chance = fitting.as_chance(found.interval(contrast))
        preferred = p <= ALPHA
        needed = 0 if preferred else votes_needed(found.data_alone(contrast)[1], matters, len(pairs))
        several.append(Duel(names[a], names[b], chance, direct[frozenset((names[a], names[b]))], p, preferred, needed))
    return tuple(several)


def evidence(estimate: float, variance: float) -> float:
    """The e-value against a difference of 0, at least 1:
    for equal models it ever exceeds x in at most one of x ballots."""
    if variance == float("inf"):
        return 1.0
    both = variance + _EXPECTED
    power = log(variance / both) / 2 + estimate**2 * _EXPECTED / (2 * variance * both)
    return max(1.0, exp(min(power, 700.0)))


def votes_needed(variance: float, matters: float, pairs: int = 1) -> int | None:
    """About how many more votes between two would show a preference of one half plus `matters` with probability 80 %.

    `variance`: of their difference now, from the votes alone. `None`: more than 100,000.
    """
    true = log((0.5 + matters) / (0.5 - matters))

    def enough(more: int) -> bool:
        later = 1 / (1 / variance + more / 4)
        return evidence(max(0.0, true - NormalDist().inv_cdf(POWER) * sqrt(later)), later) >= pairs / ALPHA

    low, high = 0, 1
    while not enough(high):
        low, high = high, 2 * high
        if high > _MOST_MORE:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _against_others(place: int, size: int) -> Matrix:
    import numpy as np

    contrast = np.full(size, -1 / max(1, size - 1))
    contrast[place] = 1.0
    return contrast


def _between(first: int, second: int, size: int) -> Matrix:
    import numpy as np

    contrast = np.zeros(size)
    contrast[first], contrast[second] = 1.0, -1.0
    return contrast
