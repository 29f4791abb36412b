"""How much faster, case by case, with an interval; and the interval of one median.

Sources: J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34(2), 1963; M. Hollander, D. A. Wolfe and
E. Chicken, Nonparametric Statistical Methods, 3rd edition, 2014, 3.1 to 3.3 (signed ranks and their interval).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import comb, exp, floor, log, sqrt
from statistics import NormalDist, fmean, median

from prompts.analysis.statistics.paired import sign_flip
from prompts.analysis.statistics.rates import CONFIDENCE, Interval

FEWEST = 6
"""Minimum number of points for a 95 % interval:
all of 6 lie on one side of the median with probability 2 / 2^6 = 3 %."""
_WRITTEN_DOWN = 60  # up to so many values all pairs are listed
_EXACT_UP_TO = 60  # up to so many signed ranks the distribution is exact


def ratio(first: Sequence[Sequence[float]], second: Sequence[Sequence[float]]) -> Interval | None:
    """How many times as long `first` takes as `second`, over the cases (in the same order) that both measured.

    Each case gives the logarithm of the ratio of its medians. The estimate is that of Hodges and Lehmann, with exact
    bounds from Wilcoxon's signed ranks, so a single stalled call does no harm. `None` below six cases.
    """
    logs = log_ratios(first, second)
    if len(logs) < FEWEST:
        return None
    pairs, cut = len(logs) * (len(logs) + 1) // 2, _signed_rank_cut(len(logs))
    middle = {(pairs - 1) // 2, pairs // 2}
    found = _walsh(logs, [*middle, cut, pairs - 1 - cut])
    return Interval(exp(fmean(found[place] for place in middle)), exp(found[cut]), exp(found[pairs - 1 - cut]))


def _walsh(values: Sequence[float], places: Sequence[int]) -> dict[int, float]:
    """The Walsh averages (means of all pairs, each value with itself too) at `places` of their ascending order.

    For many values they are not all listed: each is found by bisection, counting at each step how many lie below, to 12
    digits of the range.
    """
    if len(values) <= _WRITTEN_DOWN:
        every = sorted((a + b) / 2 for n, a in enumerate(values) for b in values[n:])
        return {place: every[place] for place in places}
    import numpy as np  # takes a tenth of a second, so only imported for many values

    ordered = np.sort(np.array(values))

    def not_above(value: float) -> int:
        both_orders = int(ordered.searchsorted(2 * value - ordered, "right").sum())
        return (both_orders + int(ordered.searchsorted(value, "right"))) // 2

    return {place: _halved(float(ordered[0]), float(ordered[-1]), place, not_above) for place in places}


def _halved(low: float, high: float, place: int, not_above: Callable[[float], int]) -> float:
    """The smallest number that at least `place` + 1 of the means do not exceed, between `low` and `high`."""
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if not_above(middle) > place else (middle, high)
    return high


def log_ratios(first: Sequence[Sequence[float]], second: Sequence[Sequence[float]]) -> list[float]:
    """The logarithm of the ratio of medians for each case that has a positive median on both sides."""
    found = zip(first, second, strict=True)
    medians = ((median(a), median(b)) for a, b in found if a and b)
    return [log(a / b) for a, b in medians if a > 0 and b > 0]


def p_value(logs: Sequence[float]) -> float:
    """Two-sided p-value of the signed ranks of log ratios; ties share their mean rank, ratios of 1 are dropped."""
    sizes = [abs(each) for each in logs if each]
    order, often = sorted(sizes), Counter(sizes)
    doubled = {size: 2 * bisect_left(order, size) + count + 1 for size, count in often.items()}
    return sign_flip([doubled[abs(each)] * (1 if each > 0 else -1) for each in logs if each])


def median_interval(values: Sequence[float]) -> Interval | None:
    """The median and the two order statistics that enclose it with at least 95 %; `None` below six points."""
    n = len(values)
    if n < FEWEST:
        return None
    order, tail, below = sorted(values), 0.0, 0
    while (tail := tail + comb(n, below) / 2**n) <= (1 - CONFIDENCE) / 2:
        below += 1
    return Interval(median(order), order[below - 1], order[n - below])


@lru_cache(maxsize=256)
def _signed_rank_cut(n: int) -> int:
    """How many of the ordered Walsh averages lie outside the interval on each side."""
    tail = (1 - CONFIDENCE) / 2
    if n > _EXACT_UP_TO:
        z = NormalDist().inv_cdf(1 - tail)
        return max(0, floor(n * (n + 1) / 4 - z * sqrt(n * (n + 1) * (2 * n + 1) / 24)))
    ways = [1] + [0] * (n * (n + 1) // 2)
    for rank in range(1, n + 1):
        for total in range(len(ways) - 1, rank - 1, -1):
            ways[total] += ways[total - rank]
    limit, reached, cut = tail * 2**n, 0, 0
    while (reached := reached + ways[cut]) <= limit:
        cut += 1
    return cut - 1 if cut else 0
