"""Cases out of History: a prompt each, with the answer that people rated best."""

from __future__ import annotations

import pytest

from dashboard.experiments.from_runs import cases_of
from prompts.core.feedback import Mark
from prompts.core.plan import plan
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.experiments.cases import CasesError
from providers.interface import Attachment

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
    assert "Files do not come along: 1 of these prompts had some." in found.notes


def test_runs_whose_text_was_not_saved_make_no_case() -> None:
    textless = Run(prompt="", cells=(), keeps="figures")
    assert cases_of([textless, run("Why?")]).notes == ("Left out, for the text was not saved: 1.",)
    with pytest.raises(CasesError, match="not saved"):
        cases_of([textless])
