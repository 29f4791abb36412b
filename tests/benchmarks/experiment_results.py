"""What it takes to sum an experiment of 100,000 answers up, and to make a matrix of 1,000 x 8 for the browser.

Processor time of this process, so neighbours do not count. Read the targets beside it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from time import process_time

from dashboard.experiments.matrix_rows import matrix_data
from prompts.core.targets import Target
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.matrix import matrix
from prompts.experiments.results import results
from tests.benchmarks.report import figure, title
from tests.prompts.experiments.asked_cells import PLAN, asked

SHAPES = ((8, 1000, 12), (4, 5000, 5), (8, 200, 60))
"""Sides, cases and repeats."""


def made(sides: int, cases: int, repeats: int) -> tuple[Experiment, list[AskedCell]]:
    """Seven of ten pass, and times are spread as those of models are."""
    draw = random.Random(1)
    plan = replace(PLAN, targets=tuple(Target("openai", f"model-{n}") for n in range(sides)))
    signs = [
        " ".join("".join("+" if draw.random() < 0.7 else "-" for _ in range(repeats)) for _ in range(cases))
        for _ in range(sides)
    ]
    experiment, cells = asked(*signs, plan=plan)
    return experiment, [_timed(cell, draw.lognormvariate(0, 0.5)) for cell in cells]


def _timed(cell: AskedCell, seconds: float) -> AskedCell:
    done = cell.completion
    if done is None:
        return cell
    return replace(cell, completion=replace(done, timings=replace(done.timings, duration_s=seconds)))


def cost_of(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def main() -> None:
    title("Results of an experiment, processor time")
    for shape in SHAPES:
        experiment, cells = made(*shape)
        name = "{} sides x {} cases x {} repeats".format(*shape)
        figure(name, cost_of(lambda e=experiment, c=cells: results(e, c)), " s", most=1.0)
    experiment, cells = made(8, 1000, 1)
    rows, sides = matrix(experiment, cells), results(experiment, cells).sides
    data = cost_of(lambda: json.dumps(matrix_data(experiment, sides, rows, {})))
    figure(
        "matrix of 1,000 x 8 as the browser is told it",
        data + cost_of(lambda: matrix(experiment, cells)),
        " s",
        most=1.0,
    )


if __name__ == "__main__":
    main()
