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
from providers.completion import Cost, State
from providers.config.connections import PRESETS
from providers.errors import Failure, failure
from providers.interface import Adjustment, Message, Settings, Sign, Usage
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
    assert view(made).note == "undecodable characters were replaced; another model answered than was asked"


def test_a_sign_of_life_is_shown_while_no_text_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.answer_grid.view.monotonic", lambda: 107.2)
    waiting = answer_of(Target("openai", "gpt-5"), state="sent")
    pinged = replace(waiting, sign=Sign(105.0, 3, "OPENROUTER PROCESSING"))
    assert view(waiting).note is None
    assert view(pinged).note == (
        "No text yet, but signs of life from the server (“OPENROUTER PROCESSING”): 3, the last 2 s ago."
    )


def test_a_host_that_refuses_to_stream_is_offered_to_be_asked_without(answer: MakeAnswer) -> None:
    said = "Your organization must be verified to stream this model."
    seen = view(answer(state="failed", error=failure("bad_request", said))).problem
    assert seen is not None
    assert (seen.message, seen.without) == (said, "streaming")
    assert "stream = false" in seen.next_step


def test_a_problem_says_what_happened_and_what_to_do(answer: MakeAnswer) -> None:
    seen = view(answer(state="failed", error=failure("auth", "Incorrect API key provided"))).problem
    assert seen is not None
    assert seen.message == "Incorrect API key provided"
    assert seen.next_step == "The key was not accepted by OpenAI. Check it under Settings."


def test_an_answer_that_was_lost_when_we_stopped_is_a_problem() -> None:
    lost = answer_of(Target("openai", "gpt-4o"), state="unknown")
    seen = view(lost).problem
    assert seen is not None
    assert "may have been charged" in seen.next_step


@pytest.mark.parametrize(
    ("state", "error", "text", "charged"),
    [
        ("unknown", failure("connection", "peer closed connection", retry="ask"), "", True),
        ("unknown", failure("timeout", "no answer within 60 s"), "", True),
        ("unknown", failure("server", "upstream timed out", status=504, retry="ask"), "", True),
        ("incomplete", failure("connection", "the answer ended without a stop reason", retry="ask"), "Half", True),
        ("failed", failure("overloaded", "Overloaded", retry="ask"), "Half", True),
        ("failed", failure("connection", "no connection: refused"), "", False),
        ("failed", failure("timeout", "not ready within 600 s"), "", False),
        ("failed", failure("rate_limit", "Slow down", status=429), "", False),
    ],
)
def test_a_lost_answer_that_may_be_paid_twice_says_so(
    answer: MakeAnswer, state: State, error: Failure, text: str, charged: bool
) -> None:
    made = answer(state=state, error=error)
    assert made.completion is not None
    made = ended(made, replace(made.completion, text=text, cost=Cost("unknown", reason="no token counts")))
    seen = view(made).problem
    assert seen is not None
    assert ("may have been charged" in seen.next_step) is charged
    assert ("Check the network" in seen.next_step) is (error.kind == "connection" and not charged)
    made = ended(made, replace(made.completion, text=text, cost=Cost("local")))
    at_home = view(made).problem
    assert at_home is not None
    assert "charged" not in at_home.next_step


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


@pytest.mark.parametrize(
    ("state", "thinking", "step"),
    [
        ("empty", "", "Retry, or word the prompt otherwise"),
        ("empty", "Hmm.", "All its tokens went into thinking"),
        ("cut", "", "Raise Maximum output tokens"),
        ("refused", "", "ask a model of another vendor"),
        ("incomplete", "", "the connection ended"),
    ],
)
def test_an_answer_without_a_word_says_what_happened_and_what_to_do(
    answer: MakeAnswer, state: State, thinking: str, step: str
) -> None:
    made = answer(state=state, text="", usage=Usage(10, 0))
    assert made.completion is not None
    told = view(replace(made, completion=replace(made.completion, thinking=thinking, stop_reason="length"))).problem
    assert told is not None
    assert told.message.startswith("No word came.")
    assert "for why: length." in told.message
    assert step in told.next_step


def test_an_answer_with_words_and_one_whose_text_was_not_kept_are_no_problem(answer: MakeAnswer) -> None:
    assert view(answer(state="cut", text="Some")).problem is None
    bare = run_of("", [answer(text="")], keeps="figures")
    assert ColumnView(bare, bare.live[0], PRESETS).problem is None
