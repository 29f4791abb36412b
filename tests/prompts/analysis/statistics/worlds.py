"""Made-up worlds in which the truth is known: how often each case is passed, and what repeats of it then come to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from prompts.analysis.statistics.rates import Tally

ALIKE = 0.6
"""How much repeats of a case are alike (intraclass correlation), as in docs/design/statistics.md."""


def strengths(chance: np.random.Generator, mean: float, cases: int, alike: float = ALIKE) -> np.ndarray:
    """How often each case is passed, around `mean`: hard and easy cases, so that repeats of one are alike."""
    spread = 1 / alike - 1
    return chance.beta(mean * spread, (1 - mean) * spread, cases)


def asked(chance: np.random.Generator, passes: np.ndarray, repeats: int) -> np.ndarray:
    """Whether each repeat (column) of each case (row) passes."""
    return chance.random((len(passes), repeats)) < passes[:, None]


def tallies(answers: np.ndarray) -> Sequence[Tally]:
    """One a case."""
    return [Tally(int(row.sum()), len(row)) for row in answers]
