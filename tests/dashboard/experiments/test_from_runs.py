"""Experiments out of runs: a case each, with the answer that people rated best, over the models that answered all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.experiments.from_runs import REPEATS, cases_of, plan_of
from prompts.core.feedback import Mark
from prompts.core.plan import plan
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.experiments.cases import CasesError
from prompts.experiments.plan import problems
from providers.interface import Attachment, Message, Settings

A, B = Target("builtin", "ngram-2"), Target("builtin", "ngram-3")


def run(prompt: str, *marks: Mark, attachments: tuple[Attachment, ...] = ()) -> Run:
    """Two answers, `first` and `second`, marked as told."""
    made = Run.of(plan(prompt, [A, B], attachments=attachments))
    for live, text, mark in zip(made.live, ("first", "second"), (*marks, Mark(), Mark()), strict=False):
        live.change(text_parts=[text], state="complete", marks=() if mark.empty else (mark,))
    return made


@pytest.mark.parametrize(
    ("marks", "expected", "by"),
    [
        ((Mark(thumb=1), Mark()), "first", "builtin:ngram-2"),
        ((Mark(thumb=1), Mark(stars=5)), "second", "builtin:ngram-3"),
        ((Mark(stars=5), Mark(best=True)), "second", "builtin:ngram-3"),
        ((Mark(thumb=-1), Mark(stars=1)), "", ""),
    ],
)
def test_the_answer_that_was_praised_most_is_what_is_expected(marks: tuple[Mark, ...], expected: str, by: str) -> None:
    found = cases_of([run("Why?", *marks), run("Who?", Mark(best=True))])
    assert found.columns == ("prompt", "expected", "answered by")
    assert found.rows == (("Why?", expected, by), ("Who?", "first", "builtin:ngram-2"))


def test_without_ratings_there_are_prompts_only() -> None:
    assert cases_of([run("Why?"), run("Who?")]).rows == (("Why?",), ("Who?",))


def test_what_could_not_come_along_is_noted() -> None:
    file = Attachment("a.png", "image/png", b"x")
    found = cases_of([run("Why?", attachments=(file,)), run("Who?"), Run.of(plan("x", [A]), answers=())])
    assert "Files are left out: 1 of these prompts had some." in found.notes


def test_runs_whose_text_was_not_saved_make_no_case() -> None:
    textless = Run(prompt="", cells=(), keeps="figures")
    assert cases_of([textless, run("Why?")]).notes == ("Left out, because the text was not saved: 1.",)
    with pytest.raises(CasesError, match="not saved"):
        cases_of([textless])


def test_turns_before_the_prompt_are_noted() -> None:
    asked = plan("And why?", [A])
    turned = replace(
        asked, cells=(replace(asked.cells[0], history=(Message("user", "Who?"), Message("assistant", "I"))),)
    )
    assert "Turns before the prompt are left out: 1 had some." in cases_of([Run.of(turned)]).notes


def test_one_run_is_asked_as_it_was_often_enough_to_tell_something() -> None:
    warm = A.with_settings(Settings(temperature=0.5))
    made = plan_of([Run.of(plan("Use {{braces}}", [warm, B], settings=Settings(temperature=0.5)))])
    assert not problems(replace(made, name="x"))
    assert made.prompt(0, 0) == "Use {{braces}}"
    assert (made.targets, made.repeats, made.settings) == ((warm, B), REPEATS, Settings(temperature=0.5))
    assert plan_of([Run.of(plan("Why?", [A], repeats=7))]).repeats == 7


def test_several_runs_are_asked_of_the_models_that_answered_them_all() -> None:
    made = plan_of([Run.of(plan("Why?", [A, B])), Run.of(plan("Who?", [B]))])
    assert (made.targets, made.repeats, len(made.cases)) == ((B,), 1, 2)
