"""Two samples of points: do they differ, and how many points would it take to tell?

Owns the Mann-Whitney test, Holm's correction and the estimate of the number of runs. Pure statistics;
knows nothing of models. The test asks for order only, so one slow outlier among five does no harm.

Sources: H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18(1), 1947; S. Holm, "A simple
sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6(2), 1979;
G. E. Noether, "Sample size determination for some common nonparametric tests", JASA 82(398), 1987.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import ceil, comb, erfc, gcd, sqrt
from statistics import NormalDist

ALPHA = 0.05
"""How often two that are alike may be called different."""
POWER = 0.8
"""How likely the estimated number of runs should be to tell a difference that is there."""
EXACT_UP_TO = 40
"""Points of both samples together that are still counted exactly."""


def p_value(first: Sequence[float], second: Sequence[float]) -> float:
    """Two-sided: how often chance alone would set apart two alike samples at least as far as these.

    Exact up to 40 points in all, ties included: every way to deal the observed ranks (the mean rank for equal
    values) is counted, and those whose rank sum is at least as far from its mean are added up. Beyond, the
    normal approximation, corrected for ties and for continuity. 1 for an empty sample.
    """
    small, large = sorted((first, second), key=len)
    if not small:
        return 1.0
    ranks = _doubled_ranks([*small, *large])
    n, total = len(small), len(ranks)
    expected = n * (total + 1)
    distance = abs(sum(ranks[:n]) - expected)
    if total > EXACT_UP_TO:
        return _normal_p(distance / 2, n, total - n, Counter(ranks))
    step = gcd(*ranks)
    ways = _ways(tuple(sorted(rank // step for rank in ranks)), n)
    return sum(count for dealt, count in enumerate(ways) if abs(dealt * step - expected) >= distance) / comb(total, n)


def superiority(first: Sequence[float], second: Sequence[float]) -> float:
    """The share of all pairs in which `first` is the smaller, equal ones counted half: 0.5 when they are alike."""
    ranks = _doubled_ranks([*first, *second])
    n, m = len(first), len(second)
    return 1 - (sum(ranks[:n]) - n * (n + 1)) / (2 * n * m)


def holm(p_values: Sequence[float]) -> list[float]:
    """Each p-value made as strict as comparing so many at once demands."""
    adjusted, floor = [1.0] * len(p_values), 0.0
    for done, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        floor = max(floor, (len(p_values) - done) * p_values[index])
        adjusted[index] = min(1.0, floor)
    return adjusted


def runs_needed(superior: float, comparisons: int = 1) -> int | None:
    """Points on each side that would probably tell a difference of this size; `None` when there is none.

    Noether's formula for two equal samples, n = (z(1 - a/2) + z(power))^2 / (6 (p - 1/2)^2), with p the
    superiority and a the error allowed to each of the `comparisons`; and at least so many that complete
    separation would be enough: 2 / C(2n, n) <= a.
    """
    effect = abs(superior - 0.5)
    if effect < 1e-9:
        return None
    error = ALPHA / comparisons
    z = NormalDist().inv_cdf(1 - error / 2) + NormalDist().inv_cdf(POWER)
    least = 1
    while 2 / comb(2 * least, least) > error:
        least += 1
    return max(least, ceil(z * z / (6 * effect * effect)))


def _doubled_ranks(values: Sequence[float]) -> list[int]:
    """Twice the rank of each value, from 2; equal values share their mean, which doubling keeps whole."""
    place: dict[float, int] = {}
    below = 0
    for value, often in sorted(Counter(values).items()):
        place[value] = 2 * below + often + 1
        below += often
    return [place[value] for value in values]


@lru_cache(maxsize=256)  # without ties it is the same question for every pair
def _ways(ranks: tuple[int, ...], size: int) -> list[int]:
    """In how many ways `size` of the `ranks` give each sum; the index is the sum.

    A row of counts is one big integer with a fixed width for each sum: adding a rank to every choice is a
    shift, and joining two rows an addition.
    """
    width = comb(len(ranks), size).bit_length() // 8 + 1  # bytes; no count outgrows it
    rows = [1] + [0] * size
    for rank in ranks:
        for chosen in range(size, 0, -1):
            rows[chosen] += rows[chosen - 1] << (8 * width * rank)
    packed = rows[size].to_bytes(width * (sum(ranks[-size:]) + 1), "little")
    return [int.from_bytes(packed[at : at + width], "little") for at in range(0, len(packed), width)]


def _normal_p(distance: float, n: int, m: int, ties: Counter[int]) -> float:
    total = n + m
    tied = sum(often**3 - often for often in ties.values())
    variance = n * m / 12 * (total + 1 - tied / (total * (total - 1)))
    if variance <= 0:
        return 1.0
    return erfc(max(0.0, distance - 0.5) / sqrt(2 * variance))
