"""The same experiment at several times, and what changed in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.over_time import changes, moment, same_name
from tests.prompts.experiments.asked_cells import asked
from tests.prompts.samples import NOW


def run(day: int, name: str = "Support mail") -> tuple[Experiment, list[AskedCell]]:
    experiment, cells = asked("+ + -", "+ - -")
    plan = replace(experiment.plan, name=name)
    return replace(experiment, id=f"e{day}", created_at=NOW + timedelta(days=day), plan=plan), cells


def answered_by(cells: list[AskedCell], model: str) -> list[AskedCell]:
    return [replace(c, completion=c.completion and replace(c.completion, response_model=model)) for c in cells]


def test_runs_of_the_same_name_stand_in_the_order_of_time_and_it_is_always_among_them() -> None:
    first, others = run(1)[0], [run(n)[0] for n in (5, 3, 2, 4)]
    found = same_name(first, [*others, first, run(9, "Other")[0], run(6, " support MAIL")[0]], 3)
    assert [each.id for each in found] == ["e1", "e5", "e6"]


def test_what_changed_is_said_at_the_moment_that_it_did() -> None:
    (first, cells), (second, _), (third, _) = run(1), run(2), run(3)
    wordings = (replace(second.plan.wordings[0], prompt="Sort with care: {{mail}}"),)
    second = replace(second, plan=replace(second.plan, wordings=wordings))
    third = replace(third, plan=second.plan)
    moments = [
        moment(first, answered_by(cells, "gpt-x-0901")), moment(second, answered_by(cells, "gpt-x-0901")),
        moment(third, answered_by(cells, "gpt-x-1101")),
    ]  # fmt: skip
    (when, prompt), (_, model) = changes(moments)
    assert (when, prompt) == (second.created_at, ("The prompt short changed.",))
    assert model[0] == "openai:gpt-x was answered by gpt-x-0901 before, by gpt-x-1101 now."
    assert changes(moments[:1]) == []


def test_each_side_has_its_rate() -> None:
    found = moment(*run(1))
    assert {name: (rate.passed, rate.answered) for name, rate in found.rates.items()} == {
        "openai:gpt-x": (2, 3), "ollama:llama": (1, 3),
    }  # fmt: skip
