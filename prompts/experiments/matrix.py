"""The cells of an experiment as a table for people: one row per case, one column per side, with filters.

Owns the mark of a cell (`✓ 3/3`, `✗ 1/3 schema`, `⚠ rate limit`), what makes answers different, and the filters. An
error is never a failure of the model. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Literal

from prompts.core import format as text_of
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.checks.check import Check
from prompts.experiments.results import by_side, charged, tally, what_failed
from providers.pictures import Picture

Outcome = Literal["passed", "failed", "error", "answered", "waiting"]
"""`answered`: no check gave a verdict. `failed`: at least one answer did not pass."""
Filter = Literal["all", "failures", "errors", "differ", "disagree", "slowest", "dearest"]
FILTERS: Mapping[Filter, tuple[str, str]] = {
    "all": ("All", "Every case."),
    "failures": ("Failures", "Cases with an answer that did not pass."),
    "errors": ("Errors", "Cases with a call that ended without an answer."),
    "differ": ("Answers differ", "Cases whose repeats differ, or that some sides pass and others do not."),
    "disagree": ("Judge disagrees with people", "Cases with an answer that people rated differently from the checks."),
    "slowest": ("Slowest", "The cases with the slowest answers first."),
    "dearest": ("Most expensive", "The most expensive cases first."),
}
"""The name of each filter, and what it shows."""

_LINES = 2
_WIDEST = 160
_EDGE = " \t\n.,;:!?\"'“”‘’`*_"


@dataclass(frozen=True, slots=True)
class Box:
    """One case of one side, with all its repeats."""

    case: int
    side: int
    cells: tuple[AskedCell, ...]
    outcome: Outcome
    mark: str
    """`✓ 3/3`, `✗ 1/3 schema`, `⚠ rate limit`; empty if there is only an answer."""
    different: int
    """The number of different answers, ignoring capitals,
    spacing and surrounding punctuation; pictures differ by any pixel."""

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The first picture of each answer that has one."""
        return tuple(cell.pictures[0] for cell in self.cells if cell.answered and cell.pictures)

    @property
    def lines(self) -> str:
        """The first two lines of its first answer; empty without an answer."""
        text = next((cell.completion.text for cell in self.cells if cell.answered and cell.completion), "")
        found = [" ".join(line.split())[:_WIDEST] for line in text[:2000].splitlines() if line.strip()]
        return "\n".join(found[:_LINES])

    @property
    def duration_s(self) -> float | None:
        """The median duration of the answers that were asked for this experiment; `None` without such answers."""
        done = [cell.completion for cell in self.cells if cell.answered and cell.taken_from is None]
        times = [each.timings.duration_s for each in done if each and each.timings.duration_s is not None]
        return median(times) if times else None

    @property
    def cost(self) -> str:
        """The cost of its answers together, as text."""
        return text_of.total([cell.completion.cost for cell in self.cells if cell.completion and charged(cell)])

    @property
    def dollars(self) -> Decimal:
        """The known part of their cost, for sorting only."""
        known = (cell.completion.cost.amount for cell in self.cells if cell.completion)
        return sum((amount for amount in known if amount is not None), Decimal(0))

    @property
    def taken_from(self) -> datetime | None:
        """For answers reused from the record, when the oldest was asked;
        `None` if all were asked for this experiment."""
        return min((cell.taken_from for cell in self.cells if cell.taken_from is not None), default=None)


@dataclass(frozen=True, slots=True)
class Row:
    """One case."""

    case: int
    boxes: tuple[Box, ...]
    """One box per side."""


def matrix(experiment: Experiment, cells: Sequence[AskedCell]) -> tuple[Row, ...]:
    """All cases, in their order."""
    plan = experiment.plan
    sides = by_side(plan, cells)
    return tuple(
        Row(case, tuple(_box(plan.checks, case, n, side[case]) for n, side in enumerate(sides)))
        for case in range(len(plan.cases))
    )


def _box(checks: Sequence[Check], case: int, side: int, cells: Sequence[AskedCell]) -> Box:
    found, errors = tally(cells), [reason for cell in cells if (reason := what_failed(cell))]
    answered = sum(cell.answered for cell in cells)
    outcome: Outcome = (
        "passed" if found.answered and found.passed == found.answered
        else "failed" if found.answered
        else "answered" if answered
        else "error" if errors
        else "waiting"
    )  # fmt: skip
    said = [f"{'✓' if outcome == 'passed' else '✗'} {found.passed}/{found.answered}"] if found.answered else []
    said += [name] if outcome == "failed" and (name := _first_failing(checks, cells)) else []
    said += [_errors(errors, len(cells))] if errors else []
    return Box(case, side, tuple(cells), outcome, " ".join(said), different(cells) if answered > 1 else answered)


def _first_failing(checks: Sequence[Check], cells: Sequence[AskedCell]) -> str:
    """The name of the check that most answers failed; empty if none did."""
    failed = Counter(
        n
        for cell in cells
        if cell.answered and cell.verdict
        for n, (check, finding) in enumerate(zip(checks, cell.verdict.findings, strict=False))
        if check.counts and finding.passed is False
    )
    return check_name(checks[failed.most_common(1)[0][0]]) if failed else ""


def check_name(check: Check) -> str:
    """A short name for a check."""
    return check.name or ("not " if check.negated else "") + check.kind.removeprefix("json-")


def _errors(errors: Sequence[str], cells: int) -> str:
    (kind, count), *more = Counter(errors).most_common()
    if cells == 1:
        return f"⚠ {kind}"
    return f"⚠ {count}/{cells} {kind}" + ("…" if more else "")


def different(cells: Sequence[AskedCell]) -> int:
    """The number of different answers, ignoring capitals,
    spacing and surrounding punctuation; pictures differ by any pixel."""
    if drawn := {tuple(each.sha256 for each in cell.pictures) for cell in cells if cell.answered and cell.pictures}:
        return len(drawn)
    texts = {cell.completion.text for cell in cells if cell.answered and cell.completion}
    return len(texts) if len(texts) < 2 else len({" ".join(text.casefold().split()).strip(_EDGE) for text in texts})


def filtered(
    experiment: Experiment, rows: Sequence[Row], chosen: Filter, search: str = "", ratings: Mapping[str, bool] = {}
) -> list[Row]:
    """The rows to show. `search`: all these words must occur in a case or its answers.

    `ratings`: people's ratings by completion id, `True` for good.
    """
    words = search.casefold().split()
    found = [row for row in rows if not words or _holds(experiment, row, words)]
    if chosen == "slowest":
        timed = [(max(times), row) for row in found if (times := _times(row))]
        return [row for _, row in sorted(timed, key=lambda each: -each[0])]
    if chosen == "dearest":
        priced = [(sum((box.dollars for box in row.boxes), Decimal(0)), row) for row in found]
        return [row for dollars, row in sorted(priced, key=lambda each: -each[0]) if dollars]
    keep = _KEEP[chosen]
    return [row for row in found if keep(experiment, row, ratings)]


def _holds(experiment: Experiment, row: Row, words: Sequence[str]) -> bool:
    texts = [*experiment.plan.cases.rows[row.case]]
    texts += [cell.completion.text for box in row.boxes for cell in box.cells if cell.completion]
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in words)


def _times(row: Row) -> list[float]:
    return [box.duration_s for box in row.boxes if box.duration_s is not None]


def _differs(row: Row) -> bool:
    outcomes = {box.outcome for box in row.boxes} & {"passed", "failed"}
    return len(outcomes) > 1 or any(box.different > 1 for box in row.boxes)


def disagrees(checks: Sequence[Check], cell: AskedCell, ratings: Mapping[str, bool]) -> bool:
    """Whether people rated the answer differently from its judges, or without judges from its checks."""
    rated = ratings.get(cell.completion_id)
    if rated is None or cell.verdict is None:
        return False
    judged = [
        finding.passed for check, finding in zip(checks, cell.verdict.findings, strict=False) if check.kind == "judge"
    ]
    said = judged or [cell.verdict.passed]
    return any(passed is not None and passed != rated for passed in said)


_KEEP: Mapping[Filter, Callable[[Experiment, Row, Mapping[str, bool]], bool]] = {
    "all": lambda _experiment, _row, _ratings: True,
    "failures": lambda _experiment, row, _ratings: any(box.outcome == "failed" for box in row.boxes),
    "errors": lambda _experiment, row, _ratings: any(what_failed(c) for box in row.boxes for c in box.cells),
    "differ": lambda _experiment, row, _ratings: _differs(row),
    "disagree": lambda experiment, row, ratings: any(
        disagrees(experiment.plan.checks, cell, ratings) for box in row.boxes for cell in box.cells
    ),
}
