"""What the matrix in the browser is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from dashboard.experiments.matrix_rows import case_label, matrix_data
from prompts.experiments.cases import made
from prompts.experiments.matrix import matrix
from prompts.experiments.results import results
from providers.pictures import Picture
from tests.prompts.experiments.asked_cells import asked


def test_a_cell_carries_lines_mark_figures_badges_and_rating() -> None:
    experiment, cells = asked("+- !", "++ .")
    cells[0] = replace(cells[0], taken_from=datetime(2026, 11, 20, tzinfo=UTC))
    sides = results(experiment, cells).sides
    data = matrix_data(experiment, sides, matrix(experiment, cells), {"0-0-0-0": False})
    assert data["sides"] == ["openai:gpt-x", "ollama:llama"]
    first, error = data["rows"][0]["cells"][0], data["rows"][1]["cells"][0]
    assert first == {
        "o": "failed", "l": "ok", "m": "✗ 1/2 contains", "f": "1.00 s · $0.002", "r": -1,
        "b": ["2 different answers", "from record 11-20"],
    }  # fmt: skip
    assert (error["o"], error["m"], error["l"]) == ("error", "⚠ rate limit", "")
    assert data["rows"][1]["cells"][1]["f"] == "waiting"


def test_a_long_case_is_cut_and_an_empty_one_is_called_so() -> None:
    experiment, _ = asked("+ +", "+ +")
    plan = replace(experiment.plan, cases=made(["a", "b"], [["x" * 500, "y"], [" one\n two ", ""]]))
    told = replace(experiment, plan=plan)
    assert len(case_label(told, 0)) == 180
    assert case_label(told, 1) == "one two"


def test_a_cell_of_pictures_has_thumbnails_in_place_of_lines() -> None:
    experiment, cells = asked("+++++", "+++++")
    drawn = [
        replace(cell, completion=replace(cell.completion, text="", pictures=(picture(n),)))
        for n, cell in enumerate(cells) if cell.completion
    ]  # fmt: skip
    sides = results(experiment, drawn).sides
    first, _ = matrix_data(experiment, sides, matrix(experiment, drawn), {}, lambda digest: f"api/{digest[0]}")["rows"][
        0
    ]["cells"]
    assert first["p"] == [("api/0", ""), ("api/1", "A red cat"), ("api/2", "")]
    assert first["l"] == "and 2 more"
    assert first["b"] == ["5 different pictures"]


def picture(n: int) -> Picture:
    return Picture(f"{n:x}" * 64, "image/png", 8, 8, "image/png", 9, described="A red cat" if n == 1 else "")
