"""The report on a choice: its parts in both formats, and nothing of a model's text that is markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prompts.core.targets import Target
from prompts.decide.candidate import Use
from prompts.decide.deciding import decide
from prompts.decide.people import People
from prompts.decide.report.contents import ChoiceReport
from prompts.decide.report.formats import CHOICE_FORMATS, file_name
from prompts.decide.shortlist import MustHaves
from prompts.decide.study import Question, study
from prompts.decide.task import Purpose
from prompts.decide.weights import Weights
from providers.config.connections import PRESETS
from tests.prompts.decide.made import NOW, PRICE
from tests.prompts.experiments.asked_cells import PLAN, asked

PLACES = replace(PLAN, targets=(Target("openai", "gpt-x"), Target("mistral", "mistral-large-2512")))


def report(text: str | None = None, weights: Weights = Weights(5, 5), must: MustHaves = MustHaves()) -> ChoiceReport:
    whole, cells = asked("+ + - +", "+ - + -", plan=PLACES)
    if text is not None:
        cells = [replace(each, completion=replace(each.completion, text=text)) for each in cells if each.completion]
    question = Question(Purpose("Support mail", (whole.id,)), Use(per_day=100), must, weights)
    found = study(question, [(whole, cells)], dict[str, People](), PRESETS, lambda *_: PRICE, NOW)
    return ChoiceReport(found, decide(found, "openai:gpt-x", "It is the safer one.", ""))


@pytest.mark.parametrize("ending", CHOICE_FORMATS)
def test_both_formats_have_every_part(ending: str) -> None:
    text = CHOICE_FORMATS[ending].make(report()).decode().replace("\\", "")
    for part in (
        "Which model for: Support mail", "Decided on 2026-11-29: openai:gpt-x.", "Because: It is the safer one.",
        "First by the weights below: openai:gpt-x.", "The shortlist", "Where models differ", "Cost per month",
        "What would change the choice", "Weights: quality 50 %, cost 50 %, time 0 %.", "1,000 a day", "$30.00",
    ):  # fmt: skip
        assert part in text, part


def test_whoever_is_left_out_stands_with_the_reason() -> None:
    rows = {row[0]: row for row in report(must=MustHaves(in_eu=True)).evidence}
    assert rows["openai:gpt-x"][-1].startswith("Left out: not known to stay in the EU")
    assert rows["mistral:mistral-large-2512"][-1] == "No other is at least as good, as cheap and as fast."


def test_examples_are_cases_that_one_passes_and_another_fails() -> None:
    found = report().examples
    assert [each.case for each in found] == ["mail 1", "mail 2", "mail 3"]
    assert [verdict for _, verdict, _ in found[0].answers] == ["passed", "failed"]


def test_without_weights_nobody_is_called_first() -> None:
    said = report(weights=Weights()).answer
    assert not any("First by" in each for each in said)
    assert any(each.startswith(("Left to choose between: ", "At least as good")) for each in said)


def test_equal_scores_share_first_place() -> None:
    assert (
        "First by the weights below: openai:gpt-x and mistral:mistral-large-2512."
        in report(weights=Weights(cost=1)).answer
    )


def test_what_a_model_wrote_is_text_in_both() -> None:
    made = report("<script>alert(1)</script>\n```\n# head ![x](http://x)")
    html, markdown = (CHOICE_FORMATS[each].make(made).decode() for each in ("html", "md"))
    assert "<script>" not in html
    assert "default-src 'none'" in html
    assert "````\n<script>" in markdown


def test_the_file_has_a_name_that_every_system_takes() -> None:
    assert file_name(report(), "html") == "choice-support-mail-2026-11-29.html"
