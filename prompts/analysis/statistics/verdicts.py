"""What may be said of two targets, in one sentence: the first of four that applies.

Owns the words, the order of the sentences and which comparisons are corrected together. Gives no verdict while an
experiment runs or if it was cut short, none on an extension without the evidence for it, and never "97 % sure".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from prompts.analysis.statistics import paired
from prompts.analysis.statistics.paired import EXTENDED_ALPHA, PLANNED_ALPHA, Pairing
from prompts.analysis.statistics.rates import Interval, Tally

Kind = Literal["better", "same", "open", "few", "running"]
Stage = Literal["running", "planned", "extended"]
"""`planned`: the planned end was reached, and this is the planned test. `extended`: cases were added after it."""

CHANCE = f"Chance to say this of equal models: under {100 * PLANNED_ALPHA:.0f} %."
"""Ends every sentence that calls one model better, faster or cheaper."""
OF_ONE_PAIR = "The interval is of this pair alone; corrected for {} pairs compared, it may still be chance."
"""Why an interval that excludes equality is no verdict."""
FEW = 10
"""With fewer cases than this, counts are given instead of percentages."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of one pair of targets."""

    pair: tuple[int, int]
    """Their places in `names`; if one is better it comes first."""
    kind: Kind
    sentence: str
    difference: Interval | None
    """First minus second of `pair` in shares, or for times first divided by second;
    `None` if nothing can be compared."""
    cases: int
    """The number of cases that both answered."""
    p: float | None = None
    """Corrected for all comparisons made together; `None` if nothing was tested."""
    needed: int | None = None
    """How many such cases would probably show the difference that matters;
    `None` if more cases would not help, or too few differ to tell."""

    @property
    def halves(self) -> tuple[str, str]:
        """The verdict in two parts:
        the statement (`Cannot tell yet:`) and the figures behind it, which may be empty."""
        head, end, rest = re.split(r"([:.]) ", f"{self.sentence} ", maxsplit=1)
        return f"{head}{end}", rest.strip()


@dataclass(frozen=True, slots=True)
class Question:
    """What the person wanted to know, as stated before the first call."""

    matters: float = 0.1
    """The smallest difference that would matter, in shares: 0.1 is 10 points."""
    baseline: int | None = None
    """The place of the target that all others are compared with; `None`: compare every pair."""
    stage: Stage = "planned"
    planned_cases: int | None = None
    """How many cases, from the first, were planned; later ones are an extension. `None`: all."""
    unfinished: str = "Still running"
    """Why there is no verdict while the stage is `running`; it may have been paused or stopped."""


def quality(
    names: Sequence[str],
    tallies: Sequence[Sequence[Tally]],
    question: Question,
    pairs: Sequence[tuple[int, int]] | None = None,
    planned: Sequence[Sequence[Tally]] | None = None,
) -> list[Verdict]:
    """A verdict for each of `pairs`, all corrected together (Holm); the tallies of all targets are in the same order of
    cases.

    `pairs`: `None` means every pair, or each target against the baseline. `planned`: the tallies of the planned
    answers, needed where repeats were added later; `None`: those of the planned cases.
    """
    pairs = pairs_of(len(names), question.baseline) if pairs is None else pairs
    before = [each[: question.planned_cases] for each in tallies] if planned is None else planned
    looks = [
        _Look(
            pair, (names[pair[0]], names[pair[1]]), paired.pairing(tallies[pair[0]], tallies[pair[1]]),
            paired.pairing(before[pair[0]], before[pair[1]]),
        )
        for pair in pairs
    ]  # fmt: skip
    corrected = paired.holm([paired.p_value(look.planned) for look in looks])
    return [_judge(look, p, len(pairs), question) for look, p in zip(looks, corrected, strict=True)]


@dataclass(frozen=True, slots=True)
class _Look:
    """One pair with the tallies to judge it by."""

    pair: tuple[int, int]
    names: tuple[str, str]
    whole: Pairing
    planned: Pairing
    """The planned part, on which the planned test is based even if more answers came later."""

    @property
    def steady(self) -> bool:
        """Whether the difference over all cases has the same sign as over the planned ones."""
        return sum(self.whole.differences) * sum(self.planned.differences) > 0


def pairs_of(targets: int, baseline: int | None) -> list[tuple[int, int]]:
    """Every pair of that many targets, or each target against the baseline."""
    every = combinations(range(targets), 2)
    return [pair for pair in every if baseline is None or baseline in pair]


def _judge(look: _Look, p: float, pairs: int, question: Question) -> Verdict:
    pair, pairing, (a, b) = look.pair, look.whole, look.names
    found, cases = paired.difference(pairing), len(pairing.first)
    if found is None:
        none = f"No case has a verdict on both {a} and {b}."
        running = question.stage == "running"
        said = f"{question.unfinished}, no verdict yet. {none}" if running else none
        return Verdict(pair, "running" if running else "few", said, None, 0)
    if question.stage == "running":
        said = f"{question.unfinished}, no verdict yet. {_seen(pairing, a, b, found)}"
        return Verdict(pair, "running", said, found, cases)
    if pairing.differing < paired.FEWEST_DIFFERING:
        said = f"Too few cases differ to say ({pairing.differing} of {cases}). {_seen(pairing, a, b, found)}"
        return Verdict(pair, "few", said, found, cases, p)
    if _one_sided(found) and ((p <= PLANNED_ALPHA and look.steady) or _extended(pairing, pairs, question)):
        return _better(pair, (a, b), pairing, found, p)
    if -question.matters <= found.low and found.high <= question.matters:
        said = f"No difference that matters to you between {a} and {b} (within ±{_points(question.matters)})."
        return Verdict(pair, "same", f"{said} {_seen(pairing, a, b, found)}", found, cases, p)
    needed = paired.cases_needed(question.matters, paired.scatter(pairing), pairs)
    more = (
        f"Showing a difference of {_points(question.matters)} takes about {needed} cases like these; you have {cases}."
        if needed > cases
        else f"With {cases} cases a difference of {_points(question.matters)} would probably have shown."
    )
    why = f" {_doubt(look, pairs, question)}" if _one_sided(found) else ""
    said = f"Cannot tell yet: {_seen(pairing, a, b, found)}{why} {more}"
    return Verdict(pair, "open", said, found, cases, p, needed if needed > cases else None)


def _doubt(look: _Look, pairs: int, question: Question) -> str:
    """Why a difference whose interval excludes 0 may still be chance."""
    if question.stage == "extended":
        return "The interval is of all cases, the test of those that were planned; it may still be chance."
    if pairs > 1 and paired.p_value(look.planned) <= PLANNED_ALPHA:
        return OF_ONE_PAIR.format(pairs)
    return "The interval excludes 0, but only just, and the exact test does not; it may still be chance."


def _one_sided(found: Interval) -> bool:
    """Whether the interval, as displayed, excludes equality; a verdict that contradicts it would not be believed.

    Test and interval are computed in two ways: in simulations about 1 in 25 pairs that the test calls different have an
    interval that reaches 0.
    """
    return round(100 * found.low) > 0 or round(100 * found.high) < 0


def _extended(pairing: Pairing, pairs: int, question: Question) -> bool:
    return question.stage == "extended" and paired.evidence(pairing.differences) >= pairs / EXTENDED_ALPHA


def _better(pair: tuple[int, int], names: tuple[str, str], pairing: Pairing, found: Interval, p: float) -> Verdict:
    if found.estimate < 0:
        pair, names = (pair[1], pair[0]), (names[1], names[0])
        pairing = Pairing(pairing.second, pairing.first)
        found = Interval(-found.estimate, -found.high, -found.low)
    said = f"{names[0]} is better than {names[1]}: {_against(pairing)}, {_change(found)}."
    return Verdict(pair, "better", f"{said} {CHANCE}", found, len(pairing.first), p)


def _seen(pairing: Pairing, a: str, b: str, found: Interval) -> str:
    first, second = _rates(pairing)
    return f"{a} {first}, {b} {second}, difference {_change(found, signed=False)}."


def _against(pairing: Pairing) -> str:
    first, second = _rates(pairing)
    return f"{first} against {second}"


def _rates(pairing: Pairing) -> tuple[str, str]:
    """Both pass rates in words: counts if cases are few and equally often answered, else mean shares."""
    sides = (pairing.first, pairing.second)
    counted = len(pairing.first) < FEW and all(len({each.answered for each in side}) == 1 for side in sides)
    said = _count if counted else _share
    return said(pairing.first), said(pairing.second)


def _count(side: Sequence[Tally]) -> str:
    return f"{sum(tally.passed for tally in side)} of {sum(tally.answered for tally in side)}"


def _share(side: Sequence[Tally]) -> str:
    """The mean over the cases of the share passed."""
    return f"{100 * sum(tally.share for tally in side) / len(side):.0f} %"


def _change(found: Interval, *, signed: bool = True) -> str:
    estimate, low, high = (round(100 * each) for each in (found.estimate, found.low, found.high))
    sign = "+" if signed and estimate > 0 else "−" if estimate < 0 else ""
    return f"{sign}{abs(estimate)} point{'' if abs(estimate) == 1 else 's'} ({_minus(low)} to {_minus(high)})"


def _minus(number: int) -> str:
    return f"−{-number}" if number < 0 else str(number)


def _points(share: float) -> str:
    number = 100 * share
    return f"{number:.0f} point{'' if number == 1 else 's'}"
