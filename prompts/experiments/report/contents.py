"""What every report is made from: the experiment, its results, and one row per answer under common headers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from prompts.core.sanitize import mended
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.checks.check import Check
from prompts.experiments.holes import HoleError
from prompts.experiments.matrix import Row, check_name, matrix
from prompts.experiments.plan import Plan
from prompts.experiments.results import Results, results, what_failed

Value = str | int | float | None
"""`None`: unknown, an empty cell."""
Content = Callable[[str], bytes | None]
SAID = {True: "passed", False: "failed", None: "no verdict"}


def _not_here(digest: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class Report:
    """One experiment with everything that reports need."""

    experiment: Experiment
    cells: Sequence[AskedCell]
    results: Results
    rows: tuple[Row, ...]
    dashboard: str = ""
    """The address of the reader's dashboard, for links; empty if not known."""
    picture: Content = field(default=_not_here, repr=False)
    """Returns the content of a picture by its digest; `None` if it is not on record or cannot be read now."""


def report_of(
    experiment: Experiment, cells: Sequence[AskedCell], dashboard: str = "", picture: Content = _not_here
) -> Report:
    """The report for an experiment, with its results computed."""
    return Report(experiment, cells, results(experiment, cells), matrix(experiment, cells), dashboard, picture)


def headers(report: Report) -> list[str]:
    """The columns of `answers`; a column of the cases has its own name after `case:`."""
    checks = check_headers(report.experiment.plan.checks)
    return [
        "case", *(f"case:{mended(name)}" for name in report.experiment.plan.cases.columns), "wording", "target",
        "repeat", "state", "passed", "score", *(part for name in checks for part in (name, f"{name} reason")), "answer",
        "picture", "duration_s", "time_to_first_token_s", "input_tokens", "output_tokens", "cost_usd", "cost_kind",
        "from_record", "error", "message", "completion_id",
    ]  # fmt: skip


def check_headers(checks: Sequence[Check]) -> list[str]:
    """A name for each check, numbered if several have the same."""
    names = [mended(check_name(check)) for check in checks]
    return [
        f"check:{name}" if names.count(name) == 1 else f"check:{name} {names[: n + 1].count(name)}"
        for n, name in enumerate(names)
    ]


def answers(report: Report) -> Iterator[list[Value]]:
    """One row for every planned call on record, case by case."""
    for cell in shown(report):
        yield _answer(report.experiment, cell)


def shown(report: Report) -> Iterator[AskedCell]:
    """The cells of `answers`, in the same order."""
    return (cell for row in report.rows for box in row.boxes for cell in box.cells)


def _answer(experiment: Experiment, cell: AskedCell) -> list[Value]:
    plan, place, done, verdict = experiment.plan, cell.cell, cell.completion, cell.verdict
    findings = verdict.findings if verdict and len(verdict.findings) == len(plan.checks) else ()
    found = [part for finding in findings for part in (SAID[finding.passed], mended(finding.reason))]
    error, usage = done.error if done else None, done.usage if done else None
    return [
        place.case + 1, *map(mended, plan.cases.rows[place.case]), mended(plan.wordings[place.wording].name),
        mended(str(plan.targets[place.target])), place.repeat + 1, cell.state,
        SAID[verdict.passed] if verdict and cell.answered else None, verdict.score if verdict else None,
        *(found or [None] * (2 * len(plan.checks))), mended(done.text) if done else None,
        _drawn(cell), done.timings.duration_s if done else None, done.timings.time_to_first_token_s if done else None,
        usage.input_tokens if usage else None, usage.output_tokens if usage else None,
        None if done is None or done.cost.amount is None else float(done.cost.amount), done.cost.kind if done else None,
        cell.taken_from.isoformat() if cell.taken_from else None, what_failed(cell),
        mended(error.message) if error else cell.note, cell.completion_id,
    ]  # fmt: skip


def _drawn(cell: AskedCell) -> str | None:
    """The facts of its pictures as text; their contents are in other formats."""
    said = (f"{each.width} × {each.height}, {each.arrived_type}, SHA-256 {each.sha256}" for each in cell.pictures)
    return "; ".join(said) or None


def prompt_of(plan: Plan, cell: AskedCell) -> str:
    """The prompt of an answer; empty if the case does not fill it."""
    try:
        return plan.prompt(cell.cell.case, cell.cell.wording)
    except HoleError:
        return ""


def about(report: Report) -> str:
    """What was asked, on one line: `12 cases x 2 wordings x 3 models x 3 repeats, 2026-11-29, finished`."""
    plan = report.experiment.plan
    parts = [(len(plan.cases), "case"), (len(plan.wordings), "wording"), (len(plan.targets), "model"),
             (plan.repeats, "repeat")]  # fmt: skip
    size = " x ".join(f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in parts)
    return f"{size}, {report.experiment.created_at:%Y-%m-%d %H:%M} UTC, {report.experiment.stage}"
