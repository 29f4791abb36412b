"""How often a model passes, with an interval that allows for repeats of a case not being independent.

Owns the case as the unit of the statistics: its repeats are one cluster. Answers that were never given (rate limits,
time-outs) are not failures; callers leave them out and report how many.

Sources: E. B. Wilson, JASA 22(158), 1927; L. D. Brown, T. T. Cai and A. DasGupta, Statistical Science 16(2), 2001; E.
L. Korn and B. I. Graubard, Survey Methodology 24(2), 1998 (the effective number of answers).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan, cos, pi, sin, sqrt
from statistics import NormalDist, fmean

CONFIDENCE = 0.95
"""Confidence level of every interval."""
_LARGE_DF = 400  # from so many degrees of freedom on, a t quantile is computed as a correction of the normal one


@dataclass(frozen=True, slots=True)
class Tally:
    """The result of one case: how many of the answers that were given passed."""

    passed: int
    answered: int

    @property
    def share(self) -> float:
        """Passed answers as a fraction of those given, 0 to 1. Only valid if at least one was given."""
        return self.passed / self.answered


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and its confidence interval at the level `CONFIDENCE`."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PassRate:
    """The share of answers that passed, over all cases that were answered."""

    passed: int
    answered: int
    cases: int
    """The number of cases with at least one answer."""
    interval: Interval | None
    """Shares from 0 to 1; `None` without an answer."""
    design_effect: float
    """How many repeats of a case are worth one independent answer; 1 if each tells as much as a new case."""


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
    """Variance of the rate by case relative to that of as many independent answers;
    `repeats` if it cannot be estimated."""
    n, answered = len(given), sum(t.answered for t in given)
    independent = share * (1 - share) / answered
    if repeats <= 1 or n < 2 or independent == 0:
        return repeats
    clustered = n / (n - 1) * sum((t.passed - share * t.answered) ** 2 for t in given) / answered**2
    return min(max(clustered / independent, 1.0), repeats)


def wilson(share: float, answers: float, z: float) -> tuple[float, float]:
    """Wilson's interval for a share of `answers`, which may be fractional (an effective number)."""
    weight = z * z / answers
    centre = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * sqrt(share * (1 - share) / answers + weight / (4 * answers))
    return max(0.0, centre - half), min(1.0, centre + half)


@lru_cache(maxsize=1024)
def t_quantile(probability: float, df: int) -> float:
    """The quantile of Student's t with `df` degrees of freedom at `probability` (above 0.5).

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
    """The cost of a thousand answers of this kind, in US dollars."""

    per_1000: Interval
    cases: int


FEWEST_FOR_MONEY = 10
"""Minimum number of cases for projecting the cost of a thousand answers.
The sum already spent is exact, this is not."""


def money_per_1000(costs_by_case: Sequence[Sequence[float]]) -> MoneyRate | None:
    """Student's interval of the mean cost, with one point per case; `None` below ten cases with a known cost."""
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
