"""Strengths from votes: the Bradley-Terry model with a prior, and how certain they are.

A strength is in log odds: one that is larger by d is preferred with probability 1 / (1 + e^-d). A tie is half a win for
each side. Each strength has the prior N(0, 1), so that a few votes do not make one infinite.

The variance is Laplace's, plus what comes from votes on the same case, or by the same person, agreeing more than single
votes would: two people who see the same two answers are not two samples of the models. Ties vary less than wins and
losses, and the likelihood is weighted for that (quasi-likelihood). Pure.

Sources: R. A. Bradley and M. E. Terry, Biometrika 39, 1952; W.-L. Chiang et al., Chatbot Arena, 2024 (arXiv 2403.04132:
ties as halves, sandwich variance); R. W. M. Wedderburn, Biometrika 61(3), 1974 (quasi-likelihood); A. C. Cameron, J. B.
Gelbach and D. L. Miller, JBES 29(2), 2011 (clusters of two kinds).
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
"""With fewer people, how much they differ cannot be estimated; the page says how many voted."""
_STEPS, _LONGEST_STEP, _NEAR = 50, 2.0, 1e-9
_AS_IF = 4.0  # as if 16 votes had no ties (1/4 each): a few votes do not tell how common ties are


@dataclass(frozen=True, slots=True)
class Fit:
    """The estimated strengths, from which the variance of any contrast (linear combination) can be computed."""

    strengths: Matrix
    posterior: Matrix
    """The covariance by Laplace's approximation, as if all votes were independent."""
    excess: Matrix
    """The additional covariance from clusters of votes."""
    degrees: int | None
    """Degrees of freedom of `excess`: the smallest number of clusters minus one;
    `None` if all votes are independent."""

    def estimate(self, contrast: Matrix) -> float:
        """The most likely value of a contrast of strengths."""
        return float(contrast @ self.strengths)

    def variance(self, contrast: Matrix) -> float:
        """The variance of that estimate, clusters included."""
        return float(contrast @ (self.posterior + self.excess) @ contrast)

    def interval(self, contrast: Matrix) -> Interval:
        """The interval at the level `CONFIDENCE`, valid for a single look."""
        tail = (1 + CONFIDENCE) / 2
        wide = t_quantile(tail, self.degrees) if self.degrees else NormalDist().inv_cdf(tail)
        centre, half = self.estimate(contrast), wide * sqrt(self.variance(contrast))
        return Interval(centre, centre - half, centre + half)

    def data_alone(self, contrast: Matrix) -> tuple[float, float]:
        """Estimate and variance of a contrast from the votes alone,
        without the prior; infinite variance if no vote concerns it."""
        independent, prior = float(contrast @ self.posterior @ contrast), float(contrast @ contrast)
        told = 1 / independent - 1 / prior
        if told <= 1e-9:
            return 0.0, float("inf")
        # The prior drew the estimate towards 0 by the share of the information that comes from it.
        return self.estimate(contrast) / (told * independent), self.variance(contrast) / independent / told


def fit(rows: Matrix, scores: Matrix, cases: Sequence[Hashable], people: Sequence[Hashable]) -> Fit:
    """Fit the model.

    `rows`: one per vote, 1 for the left contestant, -1 for the right one, then features. `scores`: the left one's
    score, 0 to 1. `cases` and `people`: the clusters that each vote belongs to.
    """
    import numpy as np  # takes a tenth of a second, so only imported when something is ranked

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
    """A difference in log odds as the probability of being preferred."""
    return Interval(*(1 / (1 + exp(-each)) for each in (strength.estimate, strength.low, strength.high)))


def _likeliest(rows: Matrix, scores: Matrix, weight: float) -> Matrix:
    """The most likely strengths, by Newton's method;
    the prior makes the objective strictly concave, so they are unique."""
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
    """The variance of the scores relative to that of wins and losses alone:
    below 1 if there are ties; never above 1."""
    seen = float(((scores - chances) ** 2).sum()) + _AS_IF
    return min(1.0, seen / (float((chances * (1 - chances)).sum()) + _AS_IF))


def _curvature(rows: Matrix, chances: Matrix, weight: float) -> Matrix:
    import numpy as np

    return weight * (rows * (chances * (1 - chances))[:, None]).T @ rows + np.eye(rows.shape[1])


def _clustered(pulls: Matrix, groups: Sequence[Hashable]) -> Matrix:
    """The sum over groups of the outer products of their votes' gradients, corrected for the number of groups."""
    import numpy as np

    places = {group: n for n, group in enumerate(dict.fromkeys(groups))}
    sums = np.zeros((len(places), pulls.shape[1]))
    np.add.at(sums, [places[group] for group in groups], pulls)
    return sums.T @ sums * len(places) / (len(places) - 1)


def _positive(matrix: Matrix) -> Matrix:
    """The nearest positive semidefinite matrix,
    so that clusters that agree less than by chance do not reduce the variance."""
    import numpy as np

    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return (vectors * np.maximum(values, 0)) @ vectors.T
