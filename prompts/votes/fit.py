"""Strengths behind the votes: Bradley and Terry's model with a prior, and how far it can be trusted.

A strength is in log odds: one that is larger by d is preferred with chance 1 / (1 + e^-d). A tie is half a win for
either side. Each strength has the prior N(0, 1), so a handful of votes does not make one of them endless.

The variance is Laplace's, plus what votes on the same case, or of the same person, agree more than single votes
would: two people who see the same two answers are not two samples of the models. Ties vary less than wins and
losses; the likelihood is weighted for it (quasi-likelihood). Pure.

Sources: R. A. Bradley and M. E. Terry, Biometrika 39, 1952; W.-L. Chiang et al., Chatbot Arena, 2024
(arXiv 2403.04132: ties as halves, sandwich variance); R. W. M. Wedderburn, Biometrika 61(3), 1974 (quasi-likelihood);
A. C. Cameron, J. B. Gelbach and D. L. Miller, JBES 29(2), 2011 (clusters of two kinds).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from prompts.analysis.statistics.rates import CONFIDENCE, Interval, t_quantile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.floating[Any]]

FEWEST_PEOPLE = 5
"""Below so many people how far they differ cannot be estimated; the page says how many voted."""
_STEPS, _LONGEST_STEP, _NEAR = 50, 2.0, 1e-9
_AS_IF = 4.0  # a quarter for each of sixteen votes without ties: a handful does not say how common ties are


@dataclass(frozen=True, slots=True)
class Fit:
    """The strengths, and of any contrast of them the variance."""

    strengths: Matrix
    posterior: Matrix
    """Covariance by Laplace's approximation, as if every vote were independent."""
    excess: Matrix
    """What clusters of votes add to it."""
    degrees: int | None
    """Of freedom of that: one less than the fewest clusters; `None`: every vote stands alone."""

    def estimate(self, contrast: Matrix) -> float:
        """The contrast of strengths that is most likely."""
        return float(contrast @ self.strengths)

    def variance(self, contrast: Matrix) -> float:
        """Of that, clusters included."""
        return float(contrast @ (self.posterior + self.excess) @ contrast)

    def interval(self, contrast: Matrix) -> Interval:
        """With `CONFIDENCE`, for one look."""
        tail = (1 + CONFIDENCE) / 2
        wide = t_quantile(tail, self.degrees) if self.degrees else NormalDist().inv_cdf(tail)
        centre, half = self.estimate(contrast), wide * sqrt(self.variance(contrast))
        return Interval(centre, centre - half, centre + half)

    def data_alone(self, contrast: Matrix) -> tuple[float, float]:
        """What the votes say of a contrast without the prior: estimate and variance; endless where none touch it."""
        independent, prior = float(contrast @ self.posterior @ contrast), float(contrast @ contrast)
        told = 1 / independent - 1 / prior
        if told <= 1e-9:
            return 0.0, float("inf")
        # The prior drew the estimate towards 0 by the share of what is known that comes from it.
        return self.estimate(contrast) / (told * independent), self.variance(contrast) / independent / told


def fit(rows: Matrix, scores: Matrix, cases: Sequence[Hashable], people: Sequence[Hashable]) -> Fit:
    """`rows`: a vote each, 1 for the left contestant, -1 for the right one, then features; `scores`: what left got."""
    import numpy as np  # a tenth of a second, spent only where something is ranked

    first = _likeliest(rows, scores, 1.0)
    chances = _chances(rows, first)
    weight = 1 / _dispersion(scores, chances)
    found = _likeliest(rows, scores, weight)
    chances = _chances(rows, found)
    posterior = np.linalg.inv(_curvature(rows, chances, weight))
    pulls = weight * rows * (scores - chances)[:, None]
    excess, clusters = np.zeros_like(posterior), list[int]()
    for groups, fewest in ((cases, 2), (people, FEWEST_PEOPLE)):
        if fewest <= len(set(groups)) < len(groups):
            excess += _positive(posterior @ (_clustered(pulls, groups) - pulls.T @ pulls) @ posterior)
            clusters.append(len(set(groups)))
    return Fit(found, posterior, excess, min(clusters) - 1 if clusters else None)


def as_chance(strength: Interval) -> Interval:
    """How often it is preferred, for what it leads by in log odds."""
    return Interval(*(1 / (1 + exp(-each)) for each in (strength.estimate, strength.low, strength.high)))


def _likeliest(rows: Matrix, scores: Matrix, weight: float) -> Matrix:
    """By Newton's method; the prior keeps the curve convex, so it finds the one best."""
    import numpy as np

    found = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        chances = _chances(rows, found)
        slope = weight * rows.T @ (scores - chances) - found
        step = np.linalg.solve(_curvature(rows, chances, weight), slope)
        found = found + np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
        if float(np.abs(step).max(initial=0)) < _NEAR:
            break
    return found


def _chances(rows: Matrix, strengths: Matrix) -> Matrix:
    import numpy as np

    return 1 / (1 + np.exp(-rows @ strengths))


def _dispersion(scores: Matrix, chances: Matrix) -> float:
    """How much the scores vary, measured by wins and losses alone: under 1 with ties, which vary less. Never above."""
    seen = float(((scores - chances) ** 2).sum()) + _AS_IF
    return min(1.0, seen / (float((chances * (1 - chances)).sum()) + _AS_IF))


def _curvature(rows: Matrix, chances: Matrix, weight: float) -> Matrix:
    import numpy as np

    return weight * (rows * (chances * (1 - chances))[:, None]).T @ rows + np.eye(rows.shape[1])


def _clustered(pulls: Matrix, groups: Sequence[Hashable]) -> Matrix:
    """The sum over groups of the squares of what their votes pull together."""
    import numpy as np

    places = {group: n for n, group in enumerate(dict.fromkeys(groups))}
    sums = np.zeros((len(places), pulls.shape[1]))
    np.add.at(sums, [places[group] for group in groups], pulls)
    return sums.T @ sums * len(places) / (len(places) - 1)


def _positive(matrix: Matrix) -> Matrix:
    """The nearest covariance: clusters that agree less than chance take nothing away."""
    import numpy as np

    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return (vectors * np.maximum(values, 0)) @ vectors.T
