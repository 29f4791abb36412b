from dataclasses import replace

import pytest

from dashboard.answer_grid.objections import objected_setting
from dashboard.answer_grid.view import (
    ColumnView,
    RunView,
    answers_of,
    figures,
    parse_view_id,
    view_id,
)
from prompts.core.answer import Answer
from prompts.core.plan import WARM_UP
from prompts.core.targets import Target
from providers.completion import State
from providers.config.connections import PRESETS
from providers.errors import failure
from providers.interface import Adjustment, Message, Settings, Sign
from tests.dashboard.conftest import MakeAnswer
from tests.runs import answer_of, asked, ended, run_of, started


def view(answer: Answer) -> ColumnView:
    run = run_of("Why?", [answer])
    return ColumnView(run, run.live[0], PRESETS)


def test_a_column_is_titled_by_its_model_and_says_where_the_text_goes(answer: MakeAnswer) -> None:
    seen = view(answer("gpt-4o"))
    assert seen.title == "GPT-4o"
    assert seen.subtitle == "openai:gpt-4o → api.example.com"


def test_a_column_before_its_answer_names_the_address_it_will_be_sent_to() -> None:
    seen = view(answer_of(Target("ollama", "llama3.3"), 0, 0))
    assert seen.subtitle.endswith("→ 127.0.0.1:11434")
    assert seen.figures == ()
    assert seen.problem is None
    assert seen.elapsed_s is None


def test_figures_carry_units_and_the_conditions_they_were_taken_under(answer: MakeAnswer) -> None:
    made = answer()
    assert made.completion is not None
    done = replace(made.completion, conditions=("first_call", "new_connection"))
    shown = {label: (value, help) for label, value, help in figures(done)}
    assert shown["first token"][0] == "200 ms"
    assert "first call of this session, opened a new connection" in shown["first token"][1]
    assert shown["cost"][0] == "$0.0021"


def test_flags_are_noted_in_words(answer: MakeAnswer) -> None:
    made = answer()
    assert made.completion is not None
    made = ended(made, replace(made.completion, flags=("repaired", "other_model")))
    assert view(made).note == "undecodable characters were replaced; a different model answered than was asked"


def test_a_sign_of_life_is_shown_while_no_text_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.answer_grid.view.monotonic", lambda: 107.2)
    waiting = answer_of(Target("openai", "gpt-5"), state="sent")
    pinged = replace(waiting, sign=Sign(105.0, 3, "OPENROUTER PROCESSING"))
    assert view(waiting).note is None
    assert view(pinged).note == (
        "No text yet, but signs of life from the server (“OPENROUTER PROCESSING”): 3, the last 2 s ago."
    )


def test_what_was_not_sent_as_set_is_noted(answer: MakeAnswer) -> None:
    made = answer(settings=Settings(seed=0, effort="max"))
    made = replace(made, adjustments=(Adjustment("seed", "not supported"), Adjustment("effort", "nearest", "high")))
    assert view(made).note == "not supported: seed is not sent; nearest: effort is sent as high"


@pytest.mark.parametrize(("state", "noted"), [("complete", False), ("cut", True)])
def test_a_maximum_that_the_provider_adds_is_noted_where_it_cut_the_answer(
    answer: MakeAnswer, state: State, noted: bool
) -> None:
    made = answer(state=state)
    made = replace(made, adjustments=(Adjustment("max_output_tokens", "Anthropic requires a maximum", "16384"),))
    note = "Anthropic requires a maximum: max_output_tokens is sent as 16,384"
    assert view(made).note == (note if noted else None)


@pytest.mark.parametrize(
    ("parameter", "message", "settings", "named"),
    [
        ("temperature", "Unsupported value", Settings(temperature=0.5), "temperature"),
        (None, "`top_p` may not be used", Settings(top_p=0.5), "top_p"),
        (None, "reasoning.effort is not supported", Settings(effort="high"), "effort"),
        (None, "max_completion_tokens is too large", Settings(max_output_tokens=10), "max_output_tokens"),
        ("temperature", "Unsupported value", Settings(), None),
        (None, "something else", Settings(temperature=0.5), None),
    ],
)
def test_the_setting_that_a_vendor_refuses_is_recognised(
    parameter: str | None, message: str, settings: Settings, named: str | None
) -> None:
    assert objected_setting(failure("bad_request", message, parameter=parameter), settings) == named


def test_only_a_bad_request_is_about_a_setting() -> None:
    assert objected_setting(failure("server", "temperature of the server"), Settings(temperature=1.0)) is None


def test_a_column_with_settings_of_its_own_is_marked_by_what_differs(answer: MakeAnswer) -> None:
    own = answer(settings=Settings(temperature=0.2))
    shared = run_of("Why?", [own], settings=Settings(temperature=0.2))
    assert ColumnView(shared, shared.live[0], PRESETS).mark is None
    assert view(own).mark == "differs: temperature 0.2"


def test_the_turns_before_are_told_by_who_spoke(answer: MakeAnswer) -> None:
    made = answer()
    assert view(made).earlier == []
    made = asked(made, history=(Message("user", "One"), Message("assistant", "Two")))
    assert view(made).earlier == [("user", "One"), ("assistant", "Two")]


def test_what_a_person_brought_cannot_be_asked_again(answer: MakeAnswer) -> None:
    assert view(answer()).askable
    assert not view(answer(provider="uploaded")).askable


def test_a_repeat_is_titled_by_its_number(answer: MakeAnswer) -> None:
    made = answer()
    made = asked(made, repeat=2)
    assert view(made).title == "GPT-4o · repeat 3"


def test_columns_of_one_model_are_numbered() -> None:
    run = started(
        "Why?", [Target("openai", "gpt-4o"), Target("ollama", "llama3.3"), Target("openai", "gpt-4o")], repeats=2
    )
    assert [column.title for column in RunView(run, PRESETS).columns] == ["GPT-4o · 1", "llama3.3", "GPT-4o · 2"]
    assert RunView(run, PRESETS, 1).columns[2].title == "GPT-4o · 2 · repeat 2"


def test_a_view_holds_the_columns_of_one_repeat_and_no_warm_up() -> None:
    run = started("Why?", [Target("openai", "gpt-4o"), Target("ollama", "llama3.3")], repeats=2, fair=True)
    assert [answer.repeat for answer in run.answers] == [WARM_UP, WARM_UP, 0, 0, 1, 1]
    assert answers_of(run, 1) == list(run.answers[4:])
    seen = RunView(run, PRESETS, 1)
    assert (seen.id, len(seen.columns)) == (f"{run.id}.1", 2)
    assert RunView(run, PRESETS).id == run.id


@pytest.mark.parametrize("repeat", [0, 1, 19])
def test_an_address_leads_back_to_its_run_and_repeat(repeat: int) -> None:
    run = run_of("Why?", [])
    assert parse_view_id(view_id(run, repeat)) == (run.id, repeat)


@pytest.mark.parametrize("name", ["abc", "abc.", "abc.x", "abc.-1", "abc.1.2"])
def test_an_address_that_names_no_repeat_means_the_first(name: str) -> None:
    assert parse_view_id(name) == ("abc", 0)


def test_an_answer_beside_others_says_when_and_what_was_asked(answer: MakeAnswer) -> None:
    made = answer()
    made = replace(made, label="2026-05-03", asked="Why?\n" + "so " * 300)
    assert view(made).title == "GPT-4o"
    assert view(made).subtitle.startswith("2026-05-03 · openai:gpt-4o → ")
    note = view(made).note
    assert note is not None
    assert note.startswith("Asked: “Why? so so")
    assert len(note) < 420
