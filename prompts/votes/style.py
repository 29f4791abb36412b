"""What besides content an answer may be preferred for: length, formatting, the side it is on.

These are correlations with their n, not causes: a longer answer may be better because it says more. The ranking with
length and formatting held equal is shown beside the plain one, never instead of it.

Source: T. Li, A. Angelopoulos and W.-L. Chiang, "Does style matter?", LMSYS, 2024 (features as shares of the sum).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from prompts.analysis.statistics.rates import CONFIDENCE, Interval, wilson
from prompts.votes import fit as fitting
from prompts.votes.ranking import By, name_of, rows_of
from prompts.votes.votes import Vote, VotedAnswer

FEWEST = 10
"""A correlation is given only with at least so many votes."""
FEWEST_HELD = 50
"""With fewer votes nothing is held equal: three more unknowns would only widen the intervals."""
_MARKS = re.compile(
    r"^[ \t]{0,3}#{1,6}[ \t]|^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]|^[ \t]*(?:```|~~~)|^[ \t]*\|.*\|"
    r"|\*\*\S[^*\n]*\*\*|__\S[^_\n]*__",
    re.MULTILINE,
)


def marks(text: str) -> int:
    """The number of headings, list items, bold words, table rows and code fences in `text`."""
    return sum(1 for _ in _MARKS.finditer(text))


@dataclass(frozen=True, slots=True)
class Leaning:
    """How often answers with a feature were preferred,
    of the decided votes in which one had more of it than the other."""

    share: Interval
    """0.5 means no correlation."""
    votes: int


def leanings(votes: Sequence[Vote]) -> Mapping[str, Leaning | None]:
    """For the longer answer, the one with more formatting, and the left one; `None` below ten such votes."""
    decided = [vote for vote in votes if vote.counts and vote.choice in ("left", "right")]
    return {
        "longer": _leaning(decided, lambda vote: vote.left.characters - vote.right.characters),
        "more formatted": _leaning(decided, lambda vote: vote.left.marks - vote.right.marks),
        "left": _leaning(decided, lambda _: 1),
    }


def _leaning(votes: Sequence[Vote], lead: Callable[[Vote], int]) -> Leaning | None:
    """`lead`: by how much the left one has more of the feature than the right one."""
    differing = [vote for vote in votes if lead(vote)]
    if len(differing) < FEWEST:
        return None
    share = sum((lead(vote) > 0) == (vote.choice == "left") for vote in differing) / len(differing)
    low, high = wilson(share, len(differing), NormalDist().inv_cdf((1 + CONFIDENCE) / 2))
    return Leaning(Interval(share, low, high), len(differing))


def held_equal(votes: Sequence[Vote], by: By = "contestant") -> Mapping[str, Interval] | None:
    """How often each would be preferred to a typical other if answers were equally long and formatted.

    `None` below fifty votes.
    """
    import numpy as np

    counting = [vote for vote in votes if vote.counts and name_of(vote.left, by) != name_of(vote.right, by)]
    if len(counting) < FEWEST_HELD:
        return None
    names = list(dict.fromkeys(name_of(side, by) for vote in counting for side in (vote.left, vote.right)))
    features = np.array([[_share(vote, "characters"), _share(vote, "marks")] for vote in counting])
    # Scaled to unit spread, so that the prior of a strength fits them as well.
    features = features / np.maximum(features.std(axis=0), 1e-9) * (features.std(axis=0) > 0)
    rows = np.hstack([rows_of(counting, names, by), features])
    scores = np.array([vote.score for vote in counting])
    found = fitting.fit(rows, scores, [vote.case for vote in counting], [vote.person for vote in counting])
    told: dict[str, Interval] = {}
    for n, name in enumerate(names):
        contrast = np.full(rows.shape[1], -1 / max(1, len(names) - 1))
        contrast[n], contrast[len(names) :] = 1.0, 0.0
        told[name] = fitting.as_chance(found.interval(contrast))
    return told


def _share(vote: Vote, feature: str) -> float:
    """The left one's lead as a share of the sum of both."""
    left, right = (_value(side, feature) for side in (vote.left, vote.right))
    return (left - right) / (left + right) if left + right else 0.0


def _value(side: VotedAnswer, feature: str) -> int:
    return side.characters if feature == "characters" else side.marks
