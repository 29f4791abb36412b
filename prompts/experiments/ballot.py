"""The answers of an experiment as candidates for a blind vote, a check that needs no rubric. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from prompts.experiments.asked import AskedCell, Experiment
from prompts.votes.ballots import VOTED_ON, Candidate


def candidates(experiment: Experiment, cells: Sequence[AskedCell]) -> list[Candidate]:
    """Every answer that can be shown; its side is that of the results, its case the row of the table."""
    plan = experiment.plan
    return [
        Candidate(
            case_key(experiment.id, cell.cell.case), plan.side_name(cell.cell.target, cell.cell.wording),
            str(plan.targets[cell.cell.target]), cell.completion_id,
        )
        for cell in cells
        if cell.state in VOTED_ON and cell.completion is not None and _shows(cell, cell.completion.text)
    ]  # fmt: skip


def _shows(cell: AskedCell, text: str) -> bool:
    return bool(text.strip()) or any(each.sha256 for each in cell.pictures)


def case_key(experiment_id: str, case: int) -> str:
    """The name of a case of an experiment in votes."""
    return f"{experiment_id}:{case}"


def case_of(key: str) -> int:
    """The row in the table, from 0, of a case named by `case_key`."""
    return int(key.rpartition(":")[2])
