"""What may be said of two targets, in one sentence: the first of four that holds.

Owns the words, the order of the sentences and what is corrected together. Refuses a verdict while an experiment
runs or was cut short, a verdict on an extension without the evidence for it, and "97 % sure" of anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from prompts.analysis.statistics import paired, times
from prompts.analysis.statistics.paired import EXTENDED_ALPHA, PLANNED_ALPHA, Pairing
from prompts.analysis.statistics.rates import Interval, Tally

Kind = Literal["better", "same", "open", "few", "running"]
Stage = Literal["running", "planned", "extended"]
"""`planned`: its planned end was reached, and this is the look that was planned. `extended`: cases came later."""

CHANCE = f"Chance to say this of equal models: under {100 * PLANNED_ALPHA:.0f} %."
"""Ends every sentence that calls one better, faster or cheaper."""
FEW = 10
"""Cases below which counts stand in place of percentages."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one pair of targets."""

    pair: tuple[int, int]
    """Their places; of `better`, the better one first."""
    kind: Kind
    sentence: str
    difference: Interval | None
    """First minus second of `pair` in shares, or first by second for times; `None` where nothing can be compared."""
    cases: int
    """That both answered."""
    p: float | None = None
    """Corrected for all that was compared; `None` where nothing was tested."""
    needed: int | None = None
    """Cases like these that would probably show the difference that matters; `None` where more would not, or where
    too few differ to reckon it."""

    @property
    def halves(self) -> tuple[str, str]:
        """What is said, and what it rests on: `Cannot tell yet:` and the figures. The second may be empty."""
        head, end, rest = re.split(r"([:.]) ", f"{self.sentence} ", maxsplit=1)
        return f"{head}{end}", rest.strip()


@dataclass(frozen=True, slots=True)
class Question:
    """What the person wants to know, as it was said before the first call."""

    matters: float = 0.1
    """The difference that would matter, in shares: 0.1 is 10 points."""
    baseline: int | None = None
    """Compare with this target only; `None`: every pair."""
    stage: Stage = "planned"
    planned_cases: int | None = None
    """The first so many cases were planned, those after them are an extension; `None`: all."""
    unfinished: str = "Still running"
    """Why there is no verdict while the stage is `running`: it may have been paused or stopped."""


def quality(
    names: Sequence[str],
    tallies: Sequence[Sequence[Tally]],
    question: Question,
    pairs: Sequence[tuple[int, int]] | None = None,
    planned: Sequence[Sequence[Tally]] | None = None,
) -> list[Verdict]:
    """A verdict for each of `pairs`, all corrected together (Holm); `tallies` of a pair in the same order of cases.

    `pairs`: `None` is every pair, or each against the baseline. `planned`: the tallies of what was planned, where
    repeats came later; `None`: those of the planned cases.
    """
    pairs = _pairs(len(names), question.baseline) if pairs is None else pairs
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
    """One pair as it is judged."""

    pair: tuple[int, int]
    names: tuple[str, str]
    whole: Pairing
    planned: Pairing
    """What was planned: what the planned test is about, whatever came later."""

    @property
    def steady(self) -> bool:
        """Whether all that is known points where what was planned did."""
        return sum(self.whole.differences) * sum(self.planned.differences) > 0


def _pairs(targets: int, baseline: int | None) -> list[tuple[int, int]]:
    every = combinations(range(targets), 2)
    return [pair for pair in every if baseline is None or baseline in pair]


def _judge(look: _Look, p: float, pairs: int, question: Question) -> Verdict:
    pair, pairing, (a, b) = look.pair, look.whole, look.names
    found, cases = paired.difference(pairing), len(pairing.first)
    if found is None:
        none = f"{a} and {b} answered no case in common."
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
        f"To see a difference of {_points(question.matters)} takes about {needed} cases like these; you have {cases}."
        if needed > cases
        else f"With {cases} cases a difference of {_points(question.matters)} would probably have shown."
    )
    said = f"Cannot tell yet: {_seen(pairing, a, b, found)} {more}"
    return Verdict(pair, "open", said, found, cases, p, needed if needed > cases else None)


def _one_sided(found: Interval) -> bool:
    """Whether the interval, as it is shown, leaves out that both are alike: nobody believes a sentence against it.

    Test and interval are reckoned in two ways: in simulation about 1 in 25 that the test calls better has one that
    reaches 0.
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
    """Counts where there are few cases, unless they were answered unequally often: counts would weigh them so too."""
    sides = (pairing.first, pairing.second)
    counted = len(pairing.first) < FEW and all(len({each.answered for each in side}) == 1 for side in sides)
    said = _count if counted else _share
    return said(pairing.first), said(pairing.second)


def _count(side: Sequence[Tally]) -> str:
    return f"{sum(tally.passed for tally in side)} of {sum(tally.answered for tally in side)}"


def _share(side: Sequence[Tally]) -> str:
    """The mean of the cases' shares."""
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


@dataclass(frozen=True, slots=True)
class Times:
    """How to speak of times."""

    figure: str = "faster"
    """What the target with the smaller value is."""
    unit: str = "cases"
    """What was paired."""
    margin: float = 0.1
    """A factor within 1 + `margin` either way does not matter."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two targets and the values of both, case by case in the same order; the smaller value is the better."""

    pair: tuple[int, int]
    names: tuple[str, str]
    first: Sequence[Sequence[float]]
    second: Sequence[Sequence[float]]


def speed(
    names: Sequence[str], points: Sequence[Sequence[Sequence[float]]], question: Question, words: Times = Times()
) -> list[Verdict]:
    """A verdict on times for each pair: `points` hold, for every target in the same order, the values of each case."""
    pairs = _pairs(len(names), question.baseline)
    meetings = [Meeting((a, b), (names[a], names[b]), points[a], points[b]) for a, b in pairs]
    return judge(meetings, words, unfinished=question.unfinished if question.stage == "running" else "")


def judge(meetings: Sequence[Meeting], words: Times = Times(), *, unfinished: str = "") -> list[Verdict]:
    """A verdict for each meeting, all corrected together (Holm); none while `unfinished` says why."""
    logs = [times.log_ratios(meeting.first, meeting.second) for meeting in meetings]
    corrected = paired.holm([times.p_value(each) for each in logs])
    fewest = fewest_to_compare(len(meetings))
    found: list[Verdict] = []
    for meeting, each, p in zip(meetings, logs, corrected, strict=True):
        a, b = meeting.names
        ratio = times.ratio(meeting.first, meeting.second)
        if unfinished:
            said = f"{unfinished}, no verdict yet on which is {words.figure}, {a} or {b}."
            found.append(Verdict(meeting.pair, "running", said, ratio, len(each)))
        elif ratio is None or len(each) < fewest:
            said = f"Too few {words.unit} to compare {a} and {b}: {len(each)}. Below {fewest} no verdict is possible."
            found.append(Verdict(meeting.pair, "few", said, ratio, len(each)))
        elif ratio.estimate <= 1:
            found.append(_judge_speed(meeting.pair, (a, b), _inverse(ratio), len(each), p, words))
        else:
            found.append(_judge_speed((meeting.pair[1], meeting.pair[0]), (b, a), ratio, len(each), p, words))
    return found


def fewest_to_compare(comparisons: int) -> int:
    """Cases, or repeats, below which times cannot be compared, however far apart they lie."""
    return max(times.FEWEST, paired.fewest_cases(max(1, comparisons)))


def _judge_speed(
    pair: tuple[int, int], names: tuple[str, str], slower: Interval, cases: int, p: float, words: Times
) -> Verdict:
    """`slower`: how many times as long the second takes as the first, at least 1."""
    a, b = names
    factor = f"{_times(slower.estimate)} x ({_times(slower.low)} to {_times(slower.high)})"
    if p <= PLANNED_ALPHA:
        said = f"{a} is {words.figure} than {b}: {factor}, over {cases} {words.unit}."
        return Verdict(pair, "better", f"{said} {CHANCE}", slower, cases, p)
    if 1 / (1 + words.margin) <= slower.low and slower.high <= 1 + words.margin:
        said = f"No difference that matters between {a} and {b} (within {100 * words.margin:.0f} %): {factor}."
        return Verdict(pair, "same", said, slower, cases, p)
    said = f"Cannot tell {a} and {b} apart yet: {factor}, over {cases} {words.unit}."
    return Verdict(pair, "open", said, slower, cases, p)


def _inverse(found: Interval) -> Interval:
    return Interval(1 / found.estimate, 1 / found.high, 1 / found.low)


def _times(factor: float) -> str:
    """Two digits where they mean something, and no powers of ten."""
    return f"{factor:,.0f}" if factor >= 9.95 else f"{factor:.2g}"
