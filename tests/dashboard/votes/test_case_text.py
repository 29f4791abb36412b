"""What stands above two answers: of a long prompt that every case shares, first what this case puts into it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from dashboard.votes.case_text import CaseText, case_text
from prompts.experiments.ballot import case_key
from prompts.experiments.cases import made
from prompts.votes.votes import Ballot, Origin, Pair
from tests.prompts.experiments.asked_cells import experiment
from tests.prompts.votes.made import a_ballot

ASKED = replace(
    experiment(["+"]),
    plan=replace(experiment(["+"]).plan, cases=made(["mail", "label"], [["Where is it?", "delivery"]])),
)
CORE: Any = SimpleNamespace(experiments=SimpleNamespace(find=lambda id: ASKED if id == ASKED.id else None))
LONG = "Sort each mail. " * 40


def shown(prompt: str | None, origin: Origin = Origin("experiment", ASKED.id), case: int = 0) -> CaseText:
    ballot: Ballot = replace(a_ballot(), origin=origin)
    return case_text(CORE, ballot, Pair(case_key(ASKED.id, case), 0, 1, "a", "b"), prompt)


def test_of_a_long_prompt_the_case_stands_first_without_what_the_prompt_does_not_read() -> None:
    for prompt in ("Sort each mail. " * 40, "Mail: a\nLabel: b\n\n" * 3):
        assert shown(prompt) == CaseText("mail: Where is it?", prompt)


def test_a_short_prompt_stands_whole() -> None:
    assert shown("Sort: Where is it?") == CaseText("Sort: Where is it?")


def test_different_words_are_not_shown_but_the_case_is() -> None:
    assert shown(None).asked.endswith("about this case:\nmail: Where is it?")


def test_without_an_experiment_on_record_there_is_only_the_prompt() -> None:
    assert shown(LONG, Origin("runs")) == CaseText(LONG)
    assert shown(LONG, Origin("experiment", "gone")) == CaseText(LONG)
    assert shown(LONG, case=7) == CaseText(LONG)
    assert "not shown" in shown(None, Origin("runs")).asked
