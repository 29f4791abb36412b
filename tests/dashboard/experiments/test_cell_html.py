"""One cell opened: foreign text stays text, and what a check looked at is marked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.experiments.cell_html import cell_html, check_sentence, difference_of
from prompts.core.targets import Target
from prompts.experiments.asked import Experiment
from prompts.experiments.checks.check import Check, Finding
from prompts.experiments.checks.kinds import Verdict
from prompts.experiments.matrix import Box, Row, matrix
from prompts.experiments.plan import Wording
from providers.interface import Settings
from providers.pictures import Picture, PictureSettings
from tests.prompts.experiments.asked_cells import PLAN, asked

DRAWN = Picture("", "image/png", 64, 48, "image/png", 9, seed=7, revised_prompt="a <big> cat")
HOSTILE = "<img src=x onerror=alert(1)> **bold** ![x](https://example.com/x.png)"


def hostile_box() -> tuple[Box, str]:
    experiment, cells = asked("+", "!")
    first = cells[0]
    assert first.completion is not None
    finding = Finding(False, f"Lacks {HOSTILE}", span=(0, 4))
    cells[0] = replace(
        first, completion=replace(first.completion, text=HOSTILE), verdict=Verdict(False, 0.0, (finding,))
    )
    box = matrix(experiment, cells)[0].boxes[0]
    return box, cell_html(experiment, box, {})


def test_nothing_that_an_answer_or_a_reason_says_becomes_markup() -> None:
    _, html = hostile_box()
    assert "<img" not in html
    assert "<script" not in html
    assert 'src="' not in html
    assert html.count("&lt;img") >= 2


def test_the_characters_that_a_check_looked_at_are_marked() -> None:
    _, html = hostile_box()
    assert "<mark>&lt;img</mark> src=x" in html


def test_spans_that_overlap_are_marked_once() -> None:
    experiment, cells = asked("+", "+")
    findings = (Finding(True, "a", span=(0, 2)), Finding(True, "b", span=(1, 2)), Finding(True, "c", span=(2, 9)))
    cells[0] = replace(cells[0], verdict=Verdict(True, None, findings[:1]))
    told = replace(cells[0], verdict=Verdict(True, None, findings))
    html = cell_html(experiment, matrix(experiment, [told, cells[1]])[0].boxes[0], {})
    assert html.count("<mark>") == 2


def test_an_error_says_what_the_vendor_said_and_a_rating_what_people_said() -> None:
    experiment, cells = asked("!", "+")
    rows = matrix(experiment, cells)
    assert "⚠ rate limit: slow down" in cell_html(experiment, rows[0].boxes[0], {})
    assert "rated good" in cell_html(experiment, rows[0].boxes[1], {"1-0-0-0": True})


def test_a_difference_needs_two_answers() -> None:
    experiment, cells = asked("+ +", "- !")
    rows = matrix(experiment, cells)
    assert "<del>" in difference_of(experiment, *rows[0].boxes)
    assert difference_of(experiment, *rows[1].boxes) == ""


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (Check("contains", "{{city}}"), "answer contains “Rome”"),
        (Check("contains-any", values=("{{city}}", "b")), "answer contains one of “Rome, b”"),
        (Check("contains", "{{land}}"), "answer contains “{{land}}”"),
        (Check("contains", "x", negated=True), "not: answer contains “x”"),
        (Check("contains", "x", name="Polite"), "Polite"),
        (Check("contains-any", values=("a", "b")), "answer contains one of “a, b”"),
    ],
)
def test_a_check_is_said_as_the_builder_says_it(check: Check, sentence: str) -> None:
    assert check_sentence(check, {"city": "Rome"}) == sentence


def test_the_checks_of_a_cell_name_what_its_own_case_demands() -> None:
    plan = replace(PLAN, checks=(Check("contains", f"{{{{{PLAN.cases.columns[0]}}}}}"),))
    experiment, cells = asked("+ +", "+ +", plan=plan)
    rows = matrix(experiment, cells)
    for n, row in enumerate(rows):
        value = experiment.plan.values(n)[PLAN.cases.columns[0]]
        assert f"answer contains “{value}”" in cell_html(experiment, row.boxes[0], {})


def drawn_cells(*prompts: str) -> tuple[Experiment, list[Row]]:
    """One case, each wording drawn once."""
    drawing = Settings(picture=PictureSettings())
    wordings = tuple(Wording(prompt, prompt) for prompt in prompts)
    plan = replace(PLAN, wordings=wordings, targets=(Target("builtin", "shapes", drawing),), settings=drawing)
    experiment, cells = asked(*("+" for _ in prompts), plan=plan)
    told = [
        replace(cell, completion=replace(cell.completion, text="", pictures=(replace(DRAWN, sha256=str(n) * 64),)))
        for n, cell in enumerate(cells) if cell.completion
    ]  # fmt: skip
    return experiment, list(matrix(experiment, told))


def test_a_picture_is_shown_with_its_facts_and_words_for_who_does_not_see_it() -> None:
    experiment, rows = drawn_cells('A "cat" <b>')
    html = cell_html(experiment, rows[0].boxes[0], {}, lambda digest: f"api/{digest}")
    assert f'<img src="api/{"0" * 64}" width="64" height="48"' in html
    assert 'alt="Picture by builtin:shapes for the prompt: A &quot;cat&quot; &lt;b&gt;"' in html
    assert "64 × 48 · seed 7 · drawn as “a &lt;big&gt; cat”" in html
    assert "final picture" in html
    assert "first token" not in html


def test_two_pictures_stand_side_by_side_below_what_differs_in_their_prompts() -> None:
    experiment, rows = drawn_cells("A cat", "A red cat", "A cat")
    first, second, third = rows[0].boxes
    html = difference_of(experiment, first, second, str)
    assert html.count("<img") == 2
    assert "<ins>" in html
    same = difference_of(experiment, first, third, str)
    assert "The prompt is the same." in same
