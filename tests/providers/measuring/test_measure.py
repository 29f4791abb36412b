"""One stream into one completion: the moment of each mark, what arrives, and thinking in tags."""

import asyncio
from collections.abc import Callable

import pytest

from providers import errors
from providers.completion import Timings
from providers.interface import Delta, Done, Moved, Usage
from providers.measuring import measure
from providers.network.exchange import exchange
from tests.providers.measuring.scripted import (
    END,
    USAGE,
    Scripted,
    Wait,
    ask,
    evenly,
    text,
    thought,
)
from tests.stepped import SteppedClock

pytestmark = pytest.mark.usefixtures("still", "nobody_called_before")


# Times ----------------------------------------------------------------------------------------------------------------


async def test_every_time_is_exact_and_preparation_has_its_own() -> None:
    provider = Scripted(0.5, *evenly(17), 0.5, Done("stop", usage=Usage(10, 34)))
    done = await ask(provider)
    assert done.timings == Timings(
        time_to_first_chunk_s=0.75, time_to_first_token_s=0.75, duration_s=5.25,
        output_tokens_per_s=32 / 4.0, output_characters_per_s=32 / 4.0,
        time_to_last_token_s=4.75, prepare_s=8.0,
    )  # fmt: skip
    assert (done.state, done.text, done.thinking) == ("complete", "ab" * 17, "")
    assert done.attempts[0].duration_s == 5.25


async def test_thinking_comes_before_the_first_token_and_outside_of_its_rate() -> None:
    end = Done("stop", usage=Usage(10, 45, reasoning_tokens=11))
    done = await ask(Scripted(0.25, thought("hm"), 0.5, *evenly(17), end))
    assert (done.timings.time_to_first_chunk_s, done.timings.time_to_first_token_s) == (0.25, 1.0)
    assert done.timings.output_tokens_per_s == 32 / 4.0
    assert (done.text, done.thinking, done.flags) == ("ab" * 17, "hm", ())


async def test_a_rate_that_includes_thinking_says_so() -> None:
    done = await ask(Scripted(0.25, thought("hm"), *evenly(16), Done("stop", usage=Usage(10, 34))))
    assert done.timings.output_tokens_per_s == 32 / 4.0
    assert done.flags == ("rate_includes_thinking",)


async def test_the_first_token_is_the_first_character_that_can_be_seen() -> None:
    blank = [0.25, text("\n\n"), 0.25, text(" \ufeff\u200b"), 0.25, text("\x1b")]
    done = await ask(Scripted(*blank, 0.5, text("\nHello"), 0.5, text(" "), END))
    assert (done.timings.time_to_first_chunk_s, done.timings.time_to_first_token_s) == (0.25, 1.25)
    assert done.timings.time_to_last_token_s == 1.75
    nothing = await ask(Scripted(*blank, END))
    assert (nothing.timings.time_to_first_chunk_s, nothing.timings.time_to_first_token_s) == (0.25, None)


async def test_empty_deltas_are_nothing() -> None:
    shown: list[Delta] = []
    provider = Scripted(0.25, text(""), thought(""), 0.25, text("a"), 0.5, text("b"), 0.5, text(""), END)
    done = await ask(provider, on_delta=shown.append)
    assert done.timings.time_to_first_chunk_s == 0.5
    assert done.timings.time_to_last_token_s == 1.0
    assert shown == [text("a"), text("b")]


async def test_the_duration_includes_the_end_of_the_stream_after_its_last_event() -> None:
    done = await ask(Scripted(0.5, text("a"), END, 0.25))
    assert done.timings.duration_s == 0.75


async def test_what_breaks_after_the_end_spoils_neither_answer_nor_time() -> None:
    done = await ask(Scripted(0.5, text("a"), END, 4.0, RuntimeError("late")))
    assert (done.state, done.error, done.timings.duration_s) == ("complete", None, 0.5)


async def test_what_lingers_after_the_end_spoils_neither_answer_nor_time(still: SteppedClock) -> None:
    lingering = asyncio.Event()
    asked = asyncio.create_task(ask(Scripted(0.5, text("a"), END, 4.0, lingering.set, Wait)))
    await lingering.wait()
    still.move(measure._DRAIN_S)
    done = await asked
    assert (done.state, done.error, done.timings.duration_s) == ("complete", None, 0.5)


async def test_a_rate_goes_by_the_reads_of_the_network_and_not_by_when_we_came_to_look() -> None:
    def read(after: float) -> Callable[[], None]:
        def mark() -> None:
            seen = exchange.get()
            assert seen is not None
            seen.read_at, seen.waited_s = seen.clock(), seen.waited_s + after

        return mark

    pieces = [step for _ in range(16) for step in (0.25, text("ab"))]
    end = Done("stop", usage=Usage(10, 34))
    together = await ask(Scripted(0.25, text("ab"), read(0.0), *pieces, end))
    apart = await ask(
        Scripted(read(0.25), text("ab"), *(s for n in range(16) for s in (0.25, read(0.25), text("ab"))), end)
    )
    assert (together.timings.output_tokens_per_s, together.timings.output_characters_per_s) == (None, None)
    assert (apart.timings.output_tokens_per_s, apart.timings.output_characters_per_s) == (8.0, 8.0)


async def test_network_marks_count_from_the_same_start() -> None:
    def mark() -> None:
        seen = exchange.get()
        assert seen is not None
        seen.connected_at, seen.sent_at, seen.headers_at = (seen.clock() + after for after in (0.125, 0.25, 0.375))

    done = await ask(Scripted(mark, 0.5, text("a"), END))
    assert (done.timings.connected_s, done.timings.sent_s, done.timings.headers_s) == (0.125, 0.25, 0.375)


async def test_what_never_happened_has_no_time() -> None:
    done = await ask(Scripted(0.5, errors.error("server", "broken")))
    assert done.timings == Timings(duration_s=0.5, prepare_s=8.0)

    async def fail() -> None:
        raise errors.error("missing_key", "no key")

    done = await ask(Scripted(prepare=fail))
    assert done.timings == Timings(prepare_s=8.0)
    assert done.attempts[0].duration_s is None


# What arrives ---------------------------------------------------------------------------------------------------------


async def test_what_the_end_says_is_kept() -> None:
    done = await ask(Scripted(text("a"), END))
    assert (done.usage, done.raw_usage, done.stop_reason) == (USAGE, {"total": 19}, "end")
    assert (done.response_model, done.response_id) == ("model", "r-1")
    assert (done.provider, done.model, done.endpoint) == ("scripted", "model", "http://scripted")
    assert done.versions["scripted"] == "1"


async def test_halves_of_characters_are_joined_and_what_is_left_is_repaired() -> None:
    shown: list[str] = []
    provider = Scripted(text("a\ud83c"), text("\udf0d"), text("b\ud83c"), END)
    done = await ask(provider, on_delta=lambda delta: shown.append(delta.text))
    assert done.text == "".join(shown) == "a🌍b\ufffd"
    assert done.flags == ("repaired",)


@pytest.mark.parametrize(
    ("stop", "piece", "state"),
    [
        ("stop", "a", "complete"), ("stop", " \n", "empty"), ("stop", "", "empty"), ("other", "a", "complete"),
        ("length", "", "cut"), ("length", "a", "cut"), ("filter", "", "filtered"), ("refusal", "a", "refused"),
    ],
)  # fmt: skip
async def test_a_proved_end_has_its_state(stop, piece: str, state: str) -> None:
    done = await ask(Scripted(text(piece), Done(stop, usage=USAGE)))
    assert (done.state, done.error) == (state, None)


async def test_an_end_without_proof_is_incomplete_and_keeps_the_text() -> None:
    done = await ask(Scripted(text("so far")))
    assert done.error is not None
    assert (done.state, done.text, done.error.kind, done.error.retry) == ("incomplete", "so far", "connection", "ask")


async def test_nothing_after_the_first_end_counts() -> None:
    done = await ask(Scripted(text("a"), END, text("b"), Done("length")))
    assert (done.state, done.text) == ("complete", "a")


# Thinking in tags -----------------------------------------------------------------------------------------------------


async def test_thinking_in_tags_is_out_of_the_answer_of_its_times_and_of_its_rates() -> None:
    end = Done("stop", usage=Usage(10, 40))
    pieces = [1.0, text("<think>"), 1.0, text("hm "), 2.0, text("so.</think>\n\n"), 1.0, text("It "), 1.0, text("is.")]
    done = await ask(Scripted(*pieces, end))
    assert (done.thinking, done.text) == ("hm so.", "It is.")
    assert (done.timings.time_to_first_chunk_s, done.timings.time_to_first_token_s) == (2.0, 5.0)
    assert "thinking_in_tags" in done.flags


async def test_a_tag_that_only_closes_turns_what_came_before_into_thinking() -> None:
    seen: list[Delta | Moved] = []
    end = Done("stop", usage=Usage(10, 40))
    provider = Scripted(1.0, text("hm "), 1.0, text("so.\n</think>"), text("\n\n"), 1.0, text("It is."), end)
    done = await ask(provider, on_delta=seen.append)
    assert (done.thinking, done.text, done.state) == ("hm so.\n", "It is.", "complete")
    assert (done.timings.time_to_first_chunk_s, done.timings.time_to_first_token_s) == (1.0, 3.0)
    assert Moved() in seen
    assert [piece for piece in seen[seen.index(Moved()) + 1 :] if isinstance(piece, Delta)] == [text("It is.")]


async def test_what_waits_to_be_told_from_a_tag_has_the_time_of_its_arrival() -> None:
    done = await ask(Scripted(1.0, text("<"), 1.0, text("html>"), 1.0, text("</html>"), END))
    assert (done.text, done.thinking) == ("<html></html>", "")
    assert done.timings.time_to_first_token_s == 1.0
    assert "thinking_in_tags" not in done.flags


async def test_what_waits_at_the_end_is_not_lost() -> None:
    done = await ask(Scripted(text("a <"), END))
    assert (done.text, done.state) == ("a <", "complete")


async def test_an_answer_that_is_only_thinking_is_empty() -> None:
    done = await ask(Scripted(text("<think>hm"), Done("length", "length")))
    assert (done.state, done.text, done.thinking) == ("cut", "", "hm")


async def test_tags_are_left_alone_where_the_host_is_set_so() -> None:
    class Plain(Scripted):
        thinking_tags = False

    done = await ask(Plain(text("<think>hm</think>yes"), END))
    assert (done.text, done.thinking) == ("<think>hm</think>yes", "")
