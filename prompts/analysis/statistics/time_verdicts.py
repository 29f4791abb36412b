"""What may be said of the times or the costs of two targets, in one sentence.

Owns its words and the factor below which a difference does not matter. Gives no verdict on fewer values than a test
needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from prompts.analysis.statistics import paired, times
from prompts.analysis.statistics.paired import PLANNED_ALPHA
from prompts.analysis.statistics.rates import Interval
from prompts.analysis.statistics.verdicts import CHANCE, OF_ONE_PAIR, Question, Verdict, pairs_of


@dataclass(frozen=True, slots=True)
class Times:
    """The words for a comparison of times or costs."""

    figure: str = "faster"
    """The comparative for the target with the smaller values."""
    unit: str = "cases"
    """What the values are paired by."""
    margin: float = 0.1
    """Ratios within a factor of 1 + `margin` either way do not matter."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two targets and the values of both by case, in the same order; smaller is better."""

    pair: tuple[int, int]
    names: tuple[str, str]
    first: Sequence[Sequence[float]]
    second: Sequence[Sequence[float]]


def speed(
    names: Sequence[str], points: Sequence[Sequence[Sequence[float]]], question: Question, words: Times = Times()
) -> list[Verdict]:
    """A verdict on times for each pair; `points`: for every target the values of each case, in the same order."""
    pairs = pairs_of(len(names), question.baseline)
    meetings = [Meeting((a, b), (names[a], names[b]), points[a], points[b]) for a, b in pairs]
    return judge(meetings, words, unfinished=question.unfinished if question.stage == "running" else "")


def judge(meetings: Sequence[Meeting], words: Times = Times(), *, unfinished: str = "") -> list[Verdict]:
    """A verdict for each meeting, all corrected together (Holm); none if `unfinished` gives a reason."""
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
    return [_explained(verdict, len(meetings)) for verdict in found]


def _explained(verdict: Verdict, comparisons: int) -> Verdict:
    """The verdict, with why a ratio whose interval excludes 1 may still be chance."""
    found = verdict.difference
    if verdict.kind != "open" or found is None or found.low <= 1 or _times(found.low) == "1":
        return verdict
    why = (
        OF_ONE_PAIR.format(comparisons)
        if comparisons > 1
        else "The interval excludes 1, but only just; it may still be chance."
    )
    return replace(verdict, sentence=f"{verdict.sentence} {why}")


def fewest_to_compare(comparisons: int) -> int:
    """Minimum number of cases, or repeats, for comparing times, however large the difference."""
    return max(times.FEWEST, paired.fewest_cases(max(1, comparisons)))


def _judge_speed(
    pair: tuple[int, int], names: tuple[str, str], slower: Interval, cases: int, p: float, words: Times
) -> Verdict:
    """`slower`: how many times as long the second target takes as the first, at least 1."""
    a, b = names
    factor = f"{_times(slower.estimate)} x ({_times(slower.low)} to {_times(slower.high)})"
    if p <= PLANNED_ALPHA:
        said = f"{a} is {words.figure} than {b}: {factor}, over {cases} {words.unit}."
        return Verdict(pair, "better", f"{said} {CHANCE}", slower, cases, p)
    if 1 / (1 + words.margin) <= slower.low and slower.high <= 1 + words.margin:
        said = f"No difference that matters between {a} and {b} (within {100 * words.margin:.0f} %): {factor}."
        return Verdict(pair, "same", said, slower, cases, p)
    said = f"Cannot distinguish {a} and {b} yet: {factor}, over {cases} {words.unit}."
    return Verdict(pair, "open", said, slower, cases, p)


def _inverse(found: Interval) -> Interval:
    return Interval(1 / found.estimate, 1 / found.high, 1 / found.low)


def _times(factor: float) -> str:
    """A factor with two significant digits, never in scientific notation."""
    return f"{factor:,.0f}" if factor >= 9.95 else f"{factor:.2g}"
