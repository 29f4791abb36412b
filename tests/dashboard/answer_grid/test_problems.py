"""What is said of an answer that went wrong, and what to do about it."""

from dataclasses import replace

import pytest

from dashboard.answer_grid.problems import ColumnProblem, problem_of
from prompts.core.answer import Answer
from prompts.core.targets import Target
from providers.completion import Cost, State
from providers.config.connections import PRESETS
from providers.errors import Failure, failure
from providers.interface import Usage
from providers.pictures import Picture
from tests.dashboard.conftest import MakeAnswer
from tests.runs import answer_of, ended, run_of


def problem(answer: Answer) -> ColumnProblem | None:
    """Of an answer in a run of its own."""
    return problem_of(run_of("Why?", [answer]), answer, PRESETS)


def test_a_host_that_refuses_to_stream_is_offered_to_be_asked_without(answer: MakeAnswer) -> None:
    said = "Your organization must be verified to stream this model."
    seen = problem(answer(state="failed", error=failure("bad_request", said)))
    assert seen is not None
    assert (seen.message, seen.without) == (said, "streaming")
    assert "stream = false" in seen.next_step


def test_a_problem_says_what_happened_and_what_to_do(answer: MakeAnswer) -> None:
    seen = problem(answer(state="failed", text="", error=failure("auth", "Incorrect API key provided")))
    assert seen is not None
    assert seen.message == "Incorrect API key provided"
    assert seen.next_step == ("The key was not accepted by OpenAI. Check it where it is set, or under Settings.")


def test_an_answer_that_was_lost_when_we_stopped_is_a_problem() -> None:
    lost = answer_of(Target("openai", "gpt-4o"), state="unknown")
    seen = problem(lost)
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
        ("failed", failure("too_long", "stopped at 4 MB of text"), "Half", True),
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
    seen = problem(made)
    assert seen is not None
    assert ("may have been charged" in seen.next_step) is charged
    assert ("Check the network" in seen.next_step) is (error.kind == "connection" and not charged)
    made = ended(made, replace(made.completion, text=text, cost=Cost("local")))
    at_home = problem(made)
    assert at_home is not None
    assert "charged" not in at_home.next_step


@pytest.mark.parametrize(
    ("state", "thinking", "step"),
    [
        ("empty", "", "Retry, or reword the prompt"),
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
    told = problem(replace(made, completion=replace(made.completion, thinking=thinking, stop_reason="length")))
    assert told is not None
    assert told.message.startswith("No text came.")
    assert "vendor's reason: length." in told.message
    assert step in told.next_step


def test_an_empty_answer_says_why_in_the_vendors_sentence(answer: MakeAnswer) -> None:
    seen = problem(answer(state="empty", text="", error=failure("server", "NO_IMAGE: It only wrote of it.")))
    assert seen is not None
    assert seen.message == "No text came. NO_IMAGE: It only wrote of it."
    assert seen.next_step.startswith("Retry, or reword the prompt")


def test_a_picture_in_place_of_one_that_a_filter_withheld_says_why(answer: MakeAnswer) -> None:
    black = Picture("a" * 64, "image/png", 64, 64, "image/png", 99)
    made = answer(state="filtered", text="")
    assert made.completion is not None
    done = replace(made.completion, stop_reason="nsfw: true", pictures=(black,))
    seen = problem(replace(made, completion=done))
    assert seen is not None
    assert (
        seen.message
        == "The vendor's content filter withheld the answer or part of it. The vendor's reason: nsfw: true."
    )
    assert seen.next_step.startswith("Reword the prompt")


def test_an_answer_with_words_and_one_whose_text_was_not_kept_are_no_problem(answer: MakeAnswer) -> None:
    assert problem(answer(state="cut", text="Some")) is None
    bare = run_of("", [answer(text="")], keeps="figures")
    assert problem_of(bare, bare.answers[0], PRESETS) is None
