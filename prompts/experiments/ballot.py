"""The answers of an experiment as candidates of a blind vote: the check that needs no rubric. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from prompts.experiments.asked import AskedCell, Experiment
from prompts.votes.ballots import Candidate


def candidates(experiment: Experiment, cells: Sequence[AskedCell]) -> list[Candidate]:
    """Every answer that can be shown; the sides are those of the results, and a case is its row of the table."""
    plan = experiment.plan
    return [
        Candidate(
            case_key(experiment.id, cell.cell.case), plan.side_name(cell.cell.target, cell.cell.wording),
            str(plan.targets[cell.cell.target]), cell.completion_id,
        )
        for cell in cells
        if cell.answered and cell.completion is not None and _shows(cell, cell.completion.text)
    ]  # fmt: skip


def _shows(cell: AskedCell, text: str) -> bool:
    return bool(text.strip()) or any(each.sha256 for each in cell.pictures)


def case_key(experiment_id: str, case: int) -> str:
    """How votes name a case of an experiment."""
    return f"{experiment_id}:{case}"


def case_of(key: str) -> int:
    """Its row in the table, from 0."""
    return int(key.rpartition(":")[2])
