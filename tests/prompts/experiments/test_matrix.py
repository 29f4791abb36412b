"""Marks of cells, and which rows are worth a look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from prompts.experiments.asked import AskedCell
from prompts.experiments.checks.check import Check, Finding
from prompts.experiments.checks.kinds import Verdict
from prompts.experiments.matrix import Box, Filter, filtered, matrix
from tests.prompts.experiments.asked_cells import PLAN, asked
from tests.prompts.samples import NOW


@pytest.mark.parametrize(
    ("signs", "mark", "outcome"),
    [
        ("+++", "✓ 3/3", "passed"),
        ("+--", "✗ 1/3 contains", "failed"),
        ("!", "⚠ rate limit", "error"),
        ("!!~", "⚠ 2/3 rate limit…", "error"),
        ("++!", "✓ 2/2 ⚠ 1/3 rate limit", "passed"),
        ("?", "", "answered"),
        ("...", "", "waiting"),
    ],
)
def test_a_cell_says_what_became_of_its_repeats(signs: str, mark: str, outcome: str) -> None:
    box = matrix(*asked(signs, signs))[0].boxes[0]
    assert (box.mark, box.outcome) == (mark, outcome)


def with_text(cell: AskedCell, text: str) -> AskedCell:
    assert cell.completion is not None
    return replace(cell, completion=replace(cell.completion, text=text))


def box_of(*texts: str) -> Box:
    experiment, cells = asked("+" * len(texts), "+" * len(texts))
    told = [with_text(cell, text) for cell, text in zip(cells, texts, strict=False)]
    return matrix(experiment, [*told, *cells[len(texts) :]])[0].boxes[0]


def test_capitals_spacing_and_punctuation_around_make_no_other_answer() -> None:
    assert box_of("Billing", " billing.\n", "**Billing**").different == 1
    assert box_of("Billing", "Sales", "billing").different == 2


def test_a_cell_shows_the_first_two_lines_that_are_not_blank() -> None:
    assert box_of("\n\nOne\t two\n\nthree\nfour").lines == "One two\nthree"


def test_a_cell_shows_the_time_of_fresh_answers_alone_and_says_since_when_it_is_on_record() -> None:
    experiment, cells = asked("++", "++")
    old = replace(cells[0], taken_from=NOW - timedelta(days=9))
    box = matrix(experiment, [old, *cells[1:]])[0].boxes[0]
    assert box.duration_s == 1.0
    assert box.taken_from == NOW - timedelta(days=9)
    assert box.cost == "$0.002"
    assert matrix(experiment, [old, replace(cells[1], taken_from=NOW), *cells[2:]])[0].boxes[0].duration_s is None


@pytest.mark.parametrize(
    ("chosen", "search", "cases"),
    [
        ("all", "", [0, 1, 2, 3]),
        ("failures", "", [1, 3]),
        ("errors", "", [2]),
        ("differ", "", [1, 3]),
        ("disagree", "", [3]),
        ("slowest", "", [3, 2, 1, 0]),
        ("dearest", "", [0, 1, 3, 2]),
        ("all", "MAIL 2", [2]),
        ("failures", "mail 2", []),
        ("all", "no", [1, 3]),
    ],
)
def test_a_filter_keeps_the_rows_that_it_names(chosen: Filter, search: str, cases: list[int]) -> None:
    experiment, cells = asked("++ +- +! --", "++ ++ ++ ++")
    rows = filtered(experiment, matrix(experiment, cells), chosen, search, {"0-0-3-1": True, "0-0-0-0": True})
    assert [row.case for row in rows] == cases


def test_where_there_is_a_judge_people_disagree_with_it_and_not_with_the_other_checks() -> None:
    plan = replace(PLAN, checks=(Check("contains", "ok"), Check("judge", counts=False)))
    experiment, cells = asked("+ -", "+ +", plan=plan)
    said = [
        replace(cell, verdict=Verdict(cell.verdict.passed, None, (*cell.verdict.findings, Finding(True, "Polite."))))
        for cell in cells if cell.verdict
    ]  # fmt: skip
    rows = matrix(experiment, said)
    assert filtered(experiment, rows, "disagree", "", {"0-0-1-0": True}) == []
    assert [row.case for row in filtered(experiment, rows, "disagree", "", {"0-0-0-0": False})] == [0]
