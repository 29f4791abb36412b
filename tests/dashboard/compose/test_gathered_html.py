"""Runs as a matrix: what each model said to each prompt, with the way to where it was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dashboard.compose.gathered_html import matrix_html, prompts_of
from prompts.core.combined_run import gather, gathered_id
from prompts.core.run import Run
from prompts.core.targets import Target
from tests.prompts.samples import FULL, NOW
from tests.runs import end, started

A, B = Target("builtin", "a"), Target("builtin", "b")


def ended(prompt: str, *targets: Target, days: int = 0, text: str = "Because.") -> Run:
    run = started(prompt, list(targets), created_at=NOW + timedelta(days=days))
    for live in run.live:
        end(live, replace(FULL, text=text), text)
    return run


def drawn(*runs: Run) -> str:
    by_id = {run.id: run for run in runs}
    owners = {answer.id: run.id for run in runs for answer in run.answers}
    return matrix_html(gather(gathered_id(list(by_id)), by_id.get, owners.get), owners)


def test_a_row_is_a_prompt_and_a_column_a_model() -> None:
    html = drawn(ended("Why?", A, B), ended("Who?", A))
    assert html.count('<th scope="row">') == 2
    assert html.count('<th scope="col">') == 3
    assert html.count('title="Not asked"') == 1, "B was not asked who"


def test_the_same_prompt_asked_again_stands_in_one_cell_with_its_dates() -> None:
    first, second = ended("Why?", A, text="Old."), ended("Why?", A, days=1, text="New.")
    other = ended("Who?", A)
    html = drawn(first, second, other)
    cell = html.split("<td>")[1]
    assert "Old." in cell
    assert "New." in cell
    assert all(f'href="./?run={run.id}" data-follow' in html for run in (first, second, other))


def test_prompts_and_answers_are_escaped_and_shortened() -> None:
    html = drawn(ended("<b>why" + "y" * 400, A, text="<i>one\n\ntwo\nthree\nfour"), ended("x", A))
    assert "<b>" not in html
    assert "<i>" not in html
    assert "three …" in html
    assert "four" not in html


def test_runs_of_one_prompt_have_one_row() -> None:
    first, second = ended("Why?", A), ended("Why?", B)
    by_id = {run.id: run for run in (first, second)}
    assert prompts_of(gather(gathered_id(list(by_id)), by_id.get, lambda _: None)) == ("Why?",)
