"""How often a model passes, with an interval that knows that repeats of a case are not independent.

Owns the case as the unit of statistics: its repeats are one cluster. Answers that were never given
(rate limits, time-outs) are no failures; whoever counts leaves them out and says how many.

Sources: E. B. Wilson, JASA 22(158), 1927; L. D. Brown, T. T. Cai and A. DasGupta, Statistical Science 16(2), 2001;
E. L. Korn and B. I. Graubard, Survey Methodology 24(2), 1998 (the effective number of answers).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan, cos, pi, sin, sqrt
from statistics import NormalDist, fmean

CONFIDENCE = 0.95
"""Of every interval: so often it holds the true value."""
_LARGE_DF = 400  # from here on a t quantile is written as a correction of the normal one


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of one case: how many of its answers passed, of how many that were given."""

    passed: int
    answered: int

    @property
    def share(self) -> float:
        """Of the answers that were given, from 0 to 1; ask only where there is one."""
        return self.passed / self.answered


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the range that holds the truth with `CONFIDENCE`."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PassRate:
    """How often answers passed, over all cases that were answered."""

    passed: int
    answered: int
    cases: int
    """With at least one answer."""
    interval: Interval | None
    """From 0 to 1; `None` without an answer."""
    design_effect: float
    """How many repeats are worth one independent answer: 1 where they tell as much as new cases would."""


def pass_rate(tallies: Sequence[Tally]) -> PassRate:
    """The pass rate over `tallies`, one a case; cases without an answer do not count.

    Wilson's interval on the effective number of answers N / deff. The design effect deff is that of the case
    clusters, held between 1 and the repeats of a case; with repeats Student's t for as many cases replaces z.
    """
    given = [tally for tally in tallies if tally.answered]
    passed, answered = sum(t.passed for t in given), sum(t.answered for t in given)
    if not given:
        return PassRate(0, 0, 0, None, 1.0)
    share, repeats = passed / answered, answered / len(given)
    effect = _design_effect(given, share, repeats)
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    if repeats > 1 and len(given) > 1:
        z = t_quantile((1 + CONFIDENCE) / 2, len(given) - 1)
    low, high = wilson(share, answered / effect, z)
    return PassRate(passed, answered, len(given), Interval(share, low, high), effect)


def _design_effect(given: Sequence[Tally], share: float, repeats: float) -> float:
    """Variance of the rate by case over that of as many independent answers; the repeats where it cannot be seen."""
    n, answered = len(given), sum(t.answered for t in given)
    independent = share * (1 - share) / answered
    if repeats <= 1 or n < 2 or independent == 0:
        return repeats
    clustered = n / (n - 1) * sum((t.passed - share * t.answered) ** 2 for t in given) / answered**2
    return min(max(clustered / independent, 1.0), repeats)


def wilson(share: float, answers: float, z: float) -> tuple[float, float]:
    """Wilson's interval of a share of `answers` (may be fractional: an effective number)."""
    weight = z * z / answers
    centre = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * sqrt(share * (1 - share) / answers + weight / (4 * answers))
    return max(0.0, centre - half), min(1.0, centre + half)


@lru_cache(maxsize=1024)
def t_quantile(probability: float, df: int) -> float:
    """Student's t with `df` degrees of freedom: the value that is not passed with `probability` (above 0.5).

    By bisection of the distribution's finite series for whole `df` (Abramowitz and Stegun, Handbook of Mathematical
    Functions, 26.7.3 and 26.7.4); from 400 on by the expansion around the normal quantile (26.7.5).
    """
    if df >= _LARGE_DF:
        z = NormalDist().inv_cdf(probability)
        return z + (z**3 + z) / (4 * df) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)
    low, high = 0.0, 1.0
    while _t_cdf(high, df) < probability:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_cdf(middle, df) < probability else (low, middle)
    return (low + high) / 2


def _t_cdf(t: float, df: int) -> float:
    angle = atan(t / sqrt(df))
    square = cos(angle) ** 2
    if df % 2:
        term = total = cos(angle) if df > 1 else 0.0
        for k in range(3, df, 2):
            term *= square * (k - 1) / k
            total += term
        within = 2 / pi * (angle + sin(angle) * total)
    else:
        term = total = 1.0
        for k in range(2, df, 2):
            term *= square * (k - 1) / k
            total += term
        within = sin(angle) * total
    return (1 + within) / 2


@dataclass(frozen=True, slots=True)
class MoneyRate:
    """What a thousand answers of this kind cost, in US dollars."""

    per_1000: Interval
    cases: int


FEWEST_FOR_MONEY = 10
"""Cases below which the cost of a thousand answers is not told: the sum of what was asked is exact, this is not."""


def money_per_1000(costs_by_case: Sequence[Sequence[float]]) -> MoneyRate | None:
    """Student's interval of the mean cost, each case one point; `None` below ten cases with a known cost."""
    means = [fmean(costs) for costs in costs_by_case if costs]
    if len(means) < FEWEST_FOR_MONEY:
        return None
    mean, half = mean_and_half(means, CONFIDENCE)
    return MoneyRate(Interval(1000 * mean, max(0.0, 1000 * (mean - half)), 1000 * (mean + half)), len(means))


def mean_and_half(values: Sequence[float], confidence: float) -> tuple[float, float]:
    """The mean of at least two values and half the width of Student's interval around it."""
    n, mean = len(values), fmean(values)
    deviation = sqrt(sum((value - mean) ** 2 for value in values) / (n - 1))
    return mean, t_quantile((1 + confidence) / 2, n - 1) * deviation / sqrt(n)
