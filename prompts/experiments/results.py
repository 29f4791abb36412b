"""The results of an experiment: for each side its pass rate, errors, times and cost, and a verdict for each pair.

A side is a target with one wording. The case is the unit of the statistics: its repeats are one cluster. Owns what
counts where: a call without an answer is not a failure, answers reused from the record have no times, and an unknown
cost makes a sum a lower bound. Pure; `matrix.py` has the single cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from prompts.analysis.statistics import verdicts
from prompts.analysis.statistics.rates import Interval, MoneyRate, PassRate, Tally, money_per_1000, pass_rate
from prompts.analysis.statistics.time_verdicts import Meeting, Times, judge
from prompts.analysis.statistics.times import median_interval
from prompts.analysis.statistics.verdicts import Question, Verdict
from prompts.core.reservation import may_be_charged
from prompts.experiments.asked import AskedCell, Experiment, Judgements
from prompts.experiments.plan import Plan

Points = tuple[tuple[float, ...], ...]
"""The values of each case, in the order of the cases; a case may have none."""


@dataclass(frozen=True, slots=True)
class Side:
    """The results of one target with one wording."""

    target: int
    wording: int
    name: str
    planned: int
    """How many answers were planned."""
    answered: int
    unanswered: Mapping[str, int]
    """Calls that ended without an answer, by what went wrong: `rate limit`, `timeout`, `lost`."""
    undecided: int
    """Answers on which no check gave a verdict."""
    tallies: tuple[Tally, ...]
    """One per case: how many of its answers with a verdict passed."""
    rate: PassRate
    durations: Points
    """Seconds until the end of each answer, only for answers asked for this experiment."""
    costs: Points
    """US dollars of each answer of known cost; answers without a fee are left out."""
    spent: Decimal | None
    """US dollars for everything asked for this experiment, including failures; `None` if no cost is known."""
    at_least: bool
    """Whether some cost is not known, so that `spent` is a lower bound."""
    no_fee: bool = False
    """Whether none of its answers had a fee: local models."""
    judged: Judgements | None = None
    """The calls to judges about its answers; `None` if nothing was judged."""
    replaced: int = 0
    """How many answers were asked for again, and so replaced."""
    undecided_why: str = ""
    """The most frequent reason for having no verdict; empty if there is none."""
    cut: int = 0
    """How many answers the token limit cut."""
    cut_failed: int = 0
    """How many of those failed."""

    @property
    def errors(self) -> int:
        """How many calls ended without an answer."""
        return sum(self.unanswered.values())

    @property
    def time(self) -> float | None:
        """The median of the cases' median durations, in seconds; `None` if nothing was measured."""
        found = self._medians
        return median(found) if found else None

    @property
    def time_interval(self) -> Interval | None:
        """That median with its interval; `None` below six cases."""
        return median_interval(self._medians)

    @property
    def per_1000(self) -> MoneyRate | None:
        """The cost of a thousand such answers; `None` below ten cases of known cost."""
        return money_per_1000(self.costs)

    @property
    def _medians(self) -> list[float]:
        return [median(case) for case in self.durations if case]


@dataclass(frozen=True, slots=True)
class Results:
    """The summary of one experiment."""

    sides: tuple[Side, ...]
    question: Question
    quality: tuple[Verdict, ...]
    """A verdict per pair, given by places in `sides`; empty without checks."""
    speed: tuple[Verdict, ...]
    money: tuple[Verdict, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """All verdicts as sentences: quality, then times, then cost."""
        return tuple(verdict.sentence for verdict in (*self.quality, *self.speed, *self.money))


def results(experiment: Experiment, cells: Sequence[AskedCell]) -> Results:
    """The results from `cells`, which may still be waiting or in progress."""
    plan = experiment.plan
    grouped = by_side(plan, cells)
    sides = tuple(
        _side(plan, place, cases, experiment.judged.get(place))
        for place, cases in zip(plan.sides, grouped, strict=True)
    )
    names, question = [side.name for side in sides], _question(experiment, sides)
    checked = any(check.counts for check in plan.checks)
    return Results(
        sides, question,
        tuple(verdicts.quality(
            names, [side.tallies for side in sides], question, planned=_planned(experiment, grouped)
        )) if checked else (),
        tuple(_compared(names, [side.durations for side in sides], question, Times())),
        tuple(_compared(names, [side.costs for side in sides], question, Times(figure="cheaper"))),
    )  # fmt: skip


def by_side(plan: Plan, cells: Sequence[AskedCell]) -> list[list[list[AskedCell]]]:
    """The cells of each side by case; those of one case in the order of their repeats."""
    places = {place: n for n, place in enumerate(plan.sides)}
    found: list[list[list[AskedCell]]] = [[[] for _ in range(len(plan.cases))] for _ in places]
    for cell in sorted(cells, key=lambda each: each.cell.repeat):
        found[places[cell.cell.target, cell.cell.wording]][cell.cell.case].append(cell)
    return found


def _side(plan: Plan, place: tuple[int, int], cases: Sequence[Sequence[AskedCell]], judged: Judgements | None) -> Side:
    tallies = tuple(tally(case) for case in cases)
    every = [cell for case in cases for cell in case]
    answered = [cell for cell in every if cell.answered]
    cut = [cell for cell in answered if cell.state == "cut"]
    paid = [cell.completion.cost for cell in every if cell.completion and cell.taken_from is None and charged(cell)]
    earlier = [cell.replaced for cell in every if cell.replaced]
    unknown = any(cost.kind == "unknown" for cost in paid) or any(each.at_least for each in earlier)
    amounts = [cost.amount or Decimal(0) for cost in paid if cost.kind != "unknown" or cost.amount is not None]
    amounts += [each.spent for each in earlier if each.spent is not None]
    return Side(
        *place, plan.side_name(*place), len(cases) * plan.repeats, len(answered),
        Counter(reason for cell in every if (reason := what_failed(cell))),
        sum(1 for cell in answered if cell.verdict is None or cell.verdict.passed is None),
        tallies, pass_rate(tallies),
        tuple(tuple(_durations(case)) for case in cases), tuple(tuple(_costs(case)) for case in cases),
        sum(amounts, Decimal(0)) if amounts else None, unknown,
        bool(answered) and all(c.completion.cost.kind == "local" for c in answered if c.completion),
        judged, sum(each.answers for each in earlier), _why_undecided(answered),
        len(cut), sum(1 for cell in cut if cell.verdict and cell.verdict.passed is False),
    )  # fmt: skip


def _why_undecided(answered: Iterable[AskedCell]) -> str:
    open_ = [cell.verdict for cell in answered if cell.verdict is not None and cell.verdict.passed is None]
    reasons = Counter(
        finding.reason for verdict in open_ for finding in verdict.findings if finding.passed is None and finding.reason
    )
    return reasons.most_common(1)[0][0] if reasons else ""


def tally(cells: Sequence[AskedCell]) -> Tally:
    """How many answers to a case passed, of those with a verdict."""
    passed = [cell.verdict.passed for cell in cells if cell.answered and cell.verdict]
    return Tally(sum(each is True for each in passed), sum(each is not None for each in passed))


def what_failed(cell: AskedCell) -> str | None:
    """What went wrong with a call that ended without an answer, in a word or two; `None` for any other cell."""
    if cell.answered:
        return None
    if cell.state == "failed":
        error = cell.completion.error if cell.completion else None
        return error.kind.replace("_", " ") if error else "error"
    return {"unknown": "lost", "cancelled": "stopped", "incomplete": "end not confirmed"}.get(cell.state)


def charged(cell: AskedCell) -> bool:
    """Whether it may have cost something; a call that was refused did not, even if its cost is unknown."""
    if cell.completion and cell.completion.cost.kind == "unknown":
        return may_be_charged(cell.completion)
    error = cell.completion.error if cell.completion else None
    return cell.state != "failed" or error is None or error.retry == "ask"


def _durations(cells: Sequence[AskedCell]) -> list[float]:
    asked = (cell.completion for cell in cells if cell.answered and cell.taken_from is None)
    return [done.timings.duration_s for done in asked if done and done.timings.duration_s is not None]


def _costs(cells: Sequence[AskedCell]) -> list[float]:
    done = (cell.completion for cell in cells if cell.answered)
    return [float(each.cost.exact) for each in done if each and each.cost.exact is not None]


def _question(experiment: Experiment, sides: Sequence[Side]) -> Question:
    plan, baseline = experiment.plan, None
    if plan.baseline is not None:
        baseline = next((n for n, side in enumerate(sides) if str(plan.targets[side.target]) == plan.baseline), None)
    if experiment.stage != "finished":
        return Question(plan.matters, baseline, "running", unfinished=_unfinished(experiment, sides))
    stage = "extended" if experiment.extended else "planned"
    return Question(plan.matters, baseline, stage, experiment.planned_cases if experiment.extended else None)


def _unfinished(experiment: Experiment, sides: Sequence[Side]) -> str:
    planned, answered = sum(side.planned for side in sides), sum(side.answered for side in sides)
    said = {"paused": "Paused at", "stopped": "Stopped at"}.get(experiment.stage)
    return f"{said} {answered:,} of {planned:,} answers" if said else "Still running"


def _planned(experiment: Experiment, grouped: Sequence[Sequence[Sequence[AskedCell]]]) -> list[list[Tally]] | None:
    """The tallies of what was planned; `None` if nothing was added later."""
    if not experiment.extended:
        return None
    repeats = experiment.planned_repeats or experiment.plan.repeats
    return [
        [tally([cell for cell in case if cell.cell.repeat < repeats]) for case in cases[: experiment.planned_cases]]
        for cases in grouped
    ]


def _compared(names: Sequence[str], points: Sequence[Points], question: Question, words: Times) -> list[Verdict]:
    """Verdicts on times or costs, by ratio, for sides that have any values."""
    measured = [n for n, each in enumerate(points) if any(each)]
    pairs = [
        (a, b) for n, a in enumerate(measured) for b in measured[n + 1 :] if question.baseline in (None, a, b)
    ]  # fmt: skip
    meetings = [Meeting((a, b), (names[a], names[b]), points[a], points[b]) for a, b in pairs]
    return judge(meetings, words, unfinished=question.unfinished if question.stage == "running" else "")
