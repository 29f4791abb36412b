"""How long an answer will be, thinking included: a range that holds for four of five answers. Pure.

Owns what the estimate is based on; the first of these that is known: answers of this model here, of the same model at
other providers, of its family, or a stated assumption. Models that think are kept apart from those that do not, as
their answers are many times as long. Lengths are modelled as lognormal, with a prior that matters most when there are
few answers; `tests/prompts/core/test_answer_length.py` checks by simulation that the ranges hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, log, pi, sqrt
from statistics import NormalDist, median
from typing import TypeVar

from prompts.core import format as text_of
from providers.catalogue.families import family_of
from providers.catalogue.model_names import same_model
from providers.interface import Effort

FEWEST = 3
"""With fewer answers of this model here, those of the same model elsewhere tell more."""
ENOUGH = 9
"""From so many answers on, the range is taken from their order statistics, without a model."""
ASSUMED = (60, 1600)
"""Tokens (low, high) if no answer tells anything."""
ASSUMED_THINKING = (250, 9000)
_ELSEWHERE, _FAMILY = 0.3, 0.7
"""Standard deviations, in logarithms, between one model at two providers, and between models of one family."""
_PRIOR_SD, _PRIOR_SD_THINKING, _PRIOR_WEIGHT = 1.0, 1.4, 4.0
"""The prior for the standard deviation, in logarithms, of one model's answers; it counts as so many answers."""

_THINKING = re.compile(
    r"^(?:o\d|gpt-[5-9]|gpt-oss|claude-(?:\w+-)?[5-9]|gemini-(?:2\.5|[3-9])|deepseek-(?:r\d|reasoner)|qwq|qwen3|"
    r"grok-(?:[3-9]|code)|magistral|kimi-k2|glm-4\.[5-9]|minimax-m|phi-\d-reasoning)|think|reason"
)
_SILENT = re.compile(r"-chat(?:-|$)|instruct|non-?(?:thinking|reasoning)|no-?think|flash-lite")

T = TypeVar("T", int, float)

History = Mapping[tuple[str, str], Sequence[int]]
"""Output tokens of earlier answers, by (provider, model)."""


@dataclass(frozen=True, slots=True)
class Length:
    """A range of output tokens, and what it is based on."""

    low: int
    high: int
    basis: str


def thinks(model: str, effort: Effort | None) -> bool:
    """Whether answers contain thinking: according to `effort` if set, else to the model's default."""
    if effort is not None:
        return effort != "none"
    name = model.lower().rsplit("/", 1)[-1]
    return _THINKING.search(name) is not None and _SILENT.search(name) is None


def expected(provider: str, model: str, effort: Effort | None, history: History) -> Length:
    """How many tokens the answer of `model` will take."""
    asked, thinking = (provider, model), thinks(model, effort)
    own = history.get(asked, ())
    if len(own) >= ENOUGH:
        return _outermost(sorted(own))
    if len(own) >= FEWEST:
        return _spread(own, thinking, f"by {_answers(len(own))} here")
    comparable = {
        other: lengths
        for other, lengths in history.items()
        if lengths and other != asked and thinks(other[1], effort) == thinking
    }
    elsewhere = {other: lengths for other, lengths in comparable.items() if _same(asked, other)}
    told = [length for lengths in elsewhere.values() for length in lengths]
    if len(told) >= FEWEST:
        places = ", ".join(sorted({place for place, _ in elsewhere}))
        return _spread(told, thinking, f"by {_answers(len(told))} of this model at {places}", between=_ELSEWHERE)
    if own:
        return _spread(own, thinking, f"by {_answers(len(own))} here, and what answers usually vary by")
    kin = [lengths for other, lengths in comparable.items() if _kin(asked, other)]
    if kin and (family := family_of(provider, model)):
        kind = f"other{' thinking' if thinking else ''} {family.name} model"
        seen = [length for lengths in kin for length in lengths]
        why = f"by {text_of.number_of(len(kin), kind)} here"
        return _spread([median(lengths) for lengths in kin], thinking, why, between=_FAMILY, seen=seen)
    low, high = ASSUMED_THINKING if thinking else ASSUMED
    what = "thinking and answer" if thinking else "an answer"
    return Length(low, high, f"{_told(low, high)} tokens out, assumed for {what}: nothing is known here of its length")


def _same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return same_model(one[1], other[1]) or same_model(other[1], one[1])


def _kin(one: tuple[str, str], other: tuple[str, str]) -> bool:
    family = family_of(*one)
    return family is not None and family == family_of(*other)


def _outermost(lengths: Sequence[int]) -> Length:
    """The range from order statistics:
    the k-th from either end excludes 2k of n + 1 further answers, whatever their distribution."""
    low, high, left_out = _ends(lengths)
    which = "10th to 90th percentile" if left_out else "smallest to largest"
    return Length(low, high, f"{_told(low, high)} tokens out, the {which} of {len(lengths)} answers here")


def _ends(lengths: Sequence[T]) -> tuple[T, T, int]:
    """The lowest and highest of sorted lengths, without the outermost if there are many, and how many those are."""
    left_out = max((len(lengths) + 1) // 10 - 1, 0)
    return lengths[left_out], lengths[-1 - left_out], left_out


def _spread(
    lengths: Sequence[float], thinking: bool, why: str, *, between: float = 0.0, seen: Sequence[float] = ()
) -> Length:  # fmt: skip
    """A prediction interval for one more answer, in logarithms (Student's t, with the prior as further answers).

    Never narrower than what was `seen`: short and long answers may both be usual, with few in between.
    """
    logs = [log(max(length, 1)) for length in lengths]
    n, middle = len(logs), median(logs)
    weight = _PRIOR_WEIGHT + n - 1
    variance = (
        _PRIOR_WEIGHT * (_PRIOR_SD_THINKING if thinking else _PRIOR_SD) ** 2
        + sum((each - middle) ** 2 for each in logs)
    ) / (weight + 1)
    of_median = pi / 2 if n > 2 else 1.0  # the variance of a median is larger than that of a mean
    reach = _t90(weight) * sqrt(variance * (1 + of_median / n) + between**2)
    least, most, _ = _ends(sorted(seen or lengths))
    low, high = max(1, min(floor(exp(middle - reach)), floor(least))), max(ceil(exp(middle + reach)), ceil(most))
    return Length(low, high, f"{_told(low, high)} tokens out for 4 of 5 answers, {why}")


def _t90(freedom: float) -> float:
    """The 90th percentile of Student's t, by the Cornish-Fisher expansion: within 1 % from 4 degrees of freedom on."""
    z = NormalDist().inv_cdf(0.9)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def _answers(n: int) -> str:
    return text_of.number_of(n, "answer")


def _told(low: int, high: int) -> str:
    return text_of.count(low) + (f" to {text_of.count(high)}" if high > low else "")
