"""Two models over the same cases: is one better, by how much, and how many cases are needed to tell.

Every test uses one difference per case, so cases that both pass or both fail do not count, and repeats of a case never
count as cases.

Sources: R. A. Fisher, The Design of Experiments, 1935 (the sign-flip test, which is McNemar's exact test where each
case is asked once); D. G. Bonett and R. M. Price, JEBS 37(4), 2012 (pseudo-cases); S. Holm, Scandinavian Journal of
Statistics 6(2), 1979; I. Waudby-Smith and A. Ramdas, JRSS B 86(1), 2024 (betting).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, erfc, gcd, lcm, sqrt
from statistics import NormalDist, fmean, median

from prompts.analysis.statistics.rates import CONFIDENCE, Interval, Tally, mean_and_half

PLANNED_ALPHA = 0.04
"""Significance level at the planned end of an experiment: how often equal models may be called different."""
EXTENDED_ALPHA = 0.01
"""Significance level of all later extensions together."""
POWER = 0.8
"""Power: the probability that a planned experiment shows a difference that exists."""
FEWEST_DIFFERING = 6
"""Minimum number of cases on which two must differ before a verdict is possible:
2 / 2^6 is under 4 %, 2 / 2^5 is not."""
EXACT_UP_TO = 200
"""Up to so many differing cases the test is exact; beyond, it is approximated."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two targets over the cases that both answered, in the same order."""

    first: tuple[Tally, ...]
    second: tuple[Tally, ...]

    @property
    def differences(self) -> list[float]:
        """For each case the share passed by the first minus that of the second, from -1 to 1."""
        return [a.share - b.share for a, b in zip(self.first, self.second, strict=True)]

    @property
    def differing(self) -> int:
        """The number of cases on which the two do not pass equally often."""
        return sum(a.passed * b.answered != b.passed * a.answered for a, b in zip(self.first, self.second, strict=True))

    @property
    def repeats(self) -> float:
        """The median number of answers per case."""
        return median([tally.answered for tally in (*self.first, *self.second)])


def pairing(first: Sequence[Tally], second: Sequence[Tally]) -> Pairing:
    """The cases (in the same order on both sides) that both targets answered at least once."""
    both = [(a, b) for a, b in zip(first, second, strict=True) if a.answered and b.answered]
    return Pairing(tuple(a for a, _ in both), tuple(b for _, b in both))


def p_value(pair: Pairing) -> float:
    """Two-sided p-value of the sign-flip test:
    how often chance alone sets equal targets at least as far apart. 1 where no case differs."""
    scale = lcm(*{tally.answered for tally in (*pair.first, *pair.second)})
    return sign_flip(
        [
            a.passed * (scale // a.answered) - b.passed * (scale // b.answered)
            for a, b in zip(pair.first, pair.second, strict=True)
        ]
    )


def sign_flip(differences: Sequence[int]) -> float:
    """Two-sided p-value of a sum of integer differences if each could equally well have had the opposite sign.

    Exact up to 200 non-zero differences: all 2^n assignments of signs are counted, to 15 digits. Beyond that, the
    normal approximation.
    """
    sizes = [abs(each) for each in differences if each]
    if not sizes:
        return 1.0
    seen = abs(sum(differences))
    if len(sizes) > EXACT_UP_TO:
        return erfc(seen / sqrt(2 * sum(size * size for size in sizes)))
    import numpy as np  # takes a tenth of a second, so only imported when something is tested

    step = gcd(*sizes)
    sizes, seen = [size // step for size in sizes], seen // step
    ways, reached = np.zeros(sum(sizes) + 1), 0  # how many choices of the signs so far give each sum
    ways[0] = 1
    for size in sizes:
        ways[size : reached + size + 1] += ways[: reached + 1].copy()
        reached += size
    few = (reached - seen) // 2 + 1  # how many sums at each end are as far from the middle as the observed one
    far = ways[:few].sum() + ways[-few:].sum() if seen else ways.sum()
    return float(far / 2.0 ** len(sizes))


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted for multiple comparisons (Holm)."""
    adjusted, floor = [1.0] * len(p_values), 0.0
    for done, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        floor = max(floor, (len(p_values) - done) * p_values[index])
        adjusted[index] = min(1.0, floor)
    return adjusted


def difference(pair: Pairing) -> Interval | None:
    """First minus second in shares, with its interval; `None` without cases.

    Student's interval over the differences and two pseudo-cases of plus and minus 1 / sqrt(repeats): without them a
    handful of equal cases would claim to know the difference exactly.
    """
    found = pair.differences
    if not found:
        return None
    pseudo = 1 / sqrt(pair.repeats)
    centre, half = mean_and_half([*found, pseudo, -pseudo], CONFIDENCE)
    # The pseudo-cases move the centre towards 0, but by less than half the width: the estimate stays inside.
    return Interval(fmean(found), max(-1.0, centre - half), min(1.0, centre + half))


def scatter(pair: Pairing) -> float:
    """The standard deviation of the differences of single cases, pseudo-cases included."""
    pseudo = 1 / sqrt(pair.repeats) if pair.first else 1.0
    values = [*pair.differences, pseudo, -pseudo]
    mean = fmean(values)
    return sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))


def assumed_scatter(repeats: int) -> float:
    """The scatter to plan with before anything was asked: sqrt(0.03 + 0.36 / repeats).

    That of two targets that each pass about three cases of four, independently, and whose repeats of a case agree as
    often as not; fitted to the power found by simulation at 1, 3 and 5 repeats.
    """
    return sqrt(0.03 + 0.36 / repeats)


def smallest_difference(cases: int, spread: float, comparisons: int = 1) -> float | None:
    """The smallest true difference, in shares, that so many cases show with probability `POWER`; `None` if none can.

    `spread`: the standard deviation of the differences, as from `scatter`. `comparisons`: how many pairs are tested.
    """
    if cases < fewest_cases(comparisons):
        return None
    return min(1.0, _z(comparisons) * spread / sqrt(cases))


def cases_needed(matters: float, spread: float, comparisons: int = 1) -> int:
    """How many cases show a true difference of `matters`, in shares, with probability `POWER`."""
    return max(fewest_cases(comparisons), ceil((_z(comparisons) * spread / matters) ** 2))


def fewest_cases(comparisons: int = 1, alpha: float = PLANNED_ALPHA) -> int:
    """Minimum number of cases (or repeats, where those are the unit) for any verdict, whatever their results."""
    fewest = 1
    while 2.0 ** (1 - fewest) > alpha / comparisons:
        fewest += 1
    return fewest


def _z(comparisons: int) -> float:
    normal = NormalDist()
    return normal.inv_cdf(1 - PLANNED_ALPHA / comparisons / 2) + normal.inv_cdf(POWER)


_LEAST_STAKE, _MOST_STAKE = 0.15, 0.75
"""Bounds of the stake, as fractions of what the bettor holds. In simulations with equal targets, 50 and 100 cases,
the e-value 20 was exceeded in at most 2.5 %."""


def evidence(differences: Sequence[float]) -> float:
    """The e-value against equal targets, from differences of -1 to 1 in the order in which the cases were planned.

    The capital of a bettor who starts with 1, puts half on either side, and before each case stakes a fraction chosen
    by the cases before it (mean / (variance + mean^2), within bounds). If targets are equal it exceeds x in at most one
    of x experiments, however often one looks.
    """
    up = down = 1.0
    total, squares, seen = 0.0, 0.25, 1  # starts as if one case without a difference had been seen
    for each in differences:
        if each == 0:
            continue
        mean, variance = total / seen, squares / seen
        stake = mean / (variance + mean * mean)
        up *= 1 + min(max(stake, _LEAST_STAKE), _MOST_STAKE) * each
        down *= 1 - min(max(-stake, _LEAST_STAKE), _MOST_STAKE) * each
        total, squares, seen = total + each, squares + (each - mean) ** 2, seen + 1
    return (up + down) / 2
