"""Times and rates by exact equality: every instant here is a sum of powers of two."""

from dataclasses import replace

import pytest

from providers.completion import Timings
from providers.interface import Delta, Flag, Usage
from providers.measuring.lateness import Pause
from providers.measuring.timing import Marks, are_disturbed, is_visible, timings

T0 = 1000.0
Piece = tuple[float, str, str]


def marks(*deltas: Piece, end: float | None = None) -> Marks:
    """Marks of deltas given as (seconds after `T0`, kind, text), each brought by a read of its own."""
    made = Marks(t0=T0)
    for after, kind, text in deltas:
        made.take(Delta(kind, text), T0 + after, T0 + after, after)  # type: ignore[arg-type]
    made.end = None if end is None else T0 + end
    return made


def evenly(count: int, *, start: float, kind: str = "text", text: str = "ab") -> tuple[Piece, ...]:
    """So many pieces, one every quarter of a second."""
    return tuple((start + number / 4, kind, text) for number in range(count))


def away(since: float, until: float) -> Pause:
    """Our own process did not run, seconds after `T0`."""
    return Pause(T0 + since, T0 + until)


def measured(
    made: Marks, usage: Usage | None = Usage(10, 34), *, answer_bytes: int = 1000
) -> tuple[Timings, tuple[Flag, ...]]:
    return timings(made, usage, answer_bytes=answer_bytes, sent=T0 + 0.125, connected=T0 + 0.0625, headers=T0 + 0.25)


PLAIN = marks(*evenly(17, start=0.5), end=5.0)
THOUGHT = marks((0.25, "thinking", "hm"), (0.5, "thinking", "hm"), *evenly(17, start=1.5), end=6.0)


def test_times_count_from_t0() -> None:
    times, flags = measured(PLAIN)
    assert times == Timings(
        time_to_first_chunk_s=0.5, time_to_first_token_s=0.5, duration_s=5.0,
        output_tokens_per_s=32 / 4.0, output_characters_per_s=32 / 4.0,
        connected_s=0.0625, sent_s=0.125, headers_s=0.25, time_to_last_token_s=4.5,
    )  # fmt: skip
    assert flags == ()


def test_thinking_opens_the_first_chunk_and_text_the_first_token() -> None:
    times, _ = measured(THOUGHT)
    assert (times.time_to_first_chunk_s, times.time_to_first_token_s, times.duration_s) == (0.25, 1.5, 6.0)


def test_blank_space_opens_the_first_chunk_but_no_token_and_no_window() -> None:
    made = marks((0.25, "text", "\n\n"), *evenly(17, start=1.5), end=6.0)
    times, _ = measured(made, Usage(10, 36))
    assert (times.time_to_first_chunk_s, times.time_to_first_token_s) == (0.25, 1.5)
    assert times.output_tokens_per_s == 32 / 4.0


@pytest.mark.parametrize("text", ["a", "\nHello", "。", "🙂", "\ud83d", "\ue000", "0"])
def test_what_can_be_seen_is_visible(text: str) -> None:
    assert is_visible(text)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\u00a0", "\u3000", "\u2028", "\ufeff", "\u200b", "\u200d", "\x1b", "\x00"]
)
def test_blank_space_and_marks_without_width_are_not(text: str) -> None:
    assert not is_visible(text)


def test_thinking_tokens_are_outside_of_the_rate_where_they_are_counted_apart() -> None:
    times, flags = measured(THOUGHT, Usage(10, 45, reasoning_tokens=11))
    assert times.output_tokens_per_s == 32 / 4.0
    assert flags == ()


def test_thinking_that_was_seen_but_not_counted_apart_widens_the_window_and_is_flagged() -> None:
    times, flags = measured(THOUGHT, Usage(10, 76))
    assert times.output_tokens_per_s == 76 * 36 / 38 / 5.25
    assert flags == ("rate_includes_thinking",)


def test_hidden_thinking_does_not_touch_the_window() -> None:
    times, flags = measured(PLAIN, Usage(10, 134, reasoning_tokens=100))
    assert times.output_tokens_per_s == 32 / 4.0
    assert flags == ()


def test_hidden_thinking_that_is_not_counted_apart_leaves_no_rate() -> None:
    """Its tokens came before the window; no token is less than a byte, so they show in the count."""
    times, _ = measured(PLAIN, Usage(10, 134), answer_bytes=34)
    assert (times.output_tokens_per_s, times.output_characters_per_s) == (None, 8.0)


def test_characters_use_the_window_of_the_answer_whatever_is_known_of_tokens() -> None:
    times, _ = measured(THOUGHT, None)
    assert times.output_characters_per_s == 32 / 4.0
    assert times.output_tokens_per_s is None


def together(*sizes: int) -> tuple[Piece, ...]:
    """Bursts of pieces, a second from one to the next."""
    return tuple((float(second), "text", "ab") for second, size in enumerate(sizes) for _ in range(size))


NO_RATE = {
    "no usage": (PLAIN, None),
    "no output count": (PLAIN, Usage(10, None)),
    "one delta": (marks((0.5, "text", "all of it"), end=1.0), Usage(10, 34)),
    "one token": (PLAIN, Usage(10, 1)),
    "no token": (PLAIN, Usage(10, 0)),
    "one answer token": (PLAIN, Usage(10, 12, reasoning_tokens=11)),
    "fewer than ten tokens in the window": (PLAIN, Usage(10, 10)),
    "only thinking": (marks(*evenly(17, start=0.5, kind="thinking"), end=6.0), Usage(10, 34)),
    "only blank space": (marks(*evenly(17, start=0.5, text="  "), end=6.0), Usage(10, 34)),
    "thinking and one delta": (marks((0.5, "thinking", "hm"), (1.0, "text", "all"), end=1.5), Usage(10, 34)),
    "one instant": (marks(*together(17), end=1.0), Usage(10, 34)),
    "two deltas of thirty tokens": (marks(*together(1, 1), end=1.0), Usage(10, 60)),
    "two bursts": (marks(*together(66, 66), end=2.0), Usage(10, 132)),
    "four bursts": (marks(*together(66, 66, 66, 66), end=4.0), Usage(10, 264)),
    "nothing": (marks(end=1.0), Usage(10, 34)),
}  # fmt: skip


@pytest.mark.parametrize(("made", "usage"), NO_RATE.values(), ids=NO_RATE.keys())
def test_there_is_no_rate_where_it_would_say_nothing_of_the_model(made: Marks, usage: Usage | None) -> None:
    times, flags = measured(made, usage)
    assert times.output_tokens_per_s is None
    assert "rate_includes_thinking" not in flags or made.thinking_seen


def test_what_never_happened_is_none() -> None:
    times, flags = timings(Marks(t0=T0), None, answer_bytes=0, sent=None, connected=None, headers=None)
    assert times == Timings()
    assert flags == ()


def test_a_failed_attempt_has_a_duration_and_no_first_token() -> None:
    times, _ = measured(marks(end=0.75), None)
    assert (times.duration_s, times.time_to_first_chunk_s, times.time_to_first_token_s) == (0.75, None, None)


def test_a_connection_that_was_open_already_has_no_instant() -> None:
    times, _ = timings(PLAIN, None, answer_bytes=34, sent=T0 + 0.125, connected=None, headers=T0 + 0.25)
    assert (times.connected_s, times.sent_s, times.headers_s) == (None, 0.125, 0.25)


def test_the_start_of_the_clock_does_not_matter() -> None:
    shifted = replace(PLAIN, t0=0.0, first_chunk=0.5, first_text=0.5, last_text=4.5, last_chunk=4.5, end=5.0)
    times, _ = timings(shifted, Usage(10, 34), answer_bytes=34, sent=0.125, connected=0.0625, headers=0.25)
    assert times == measured(PLAIN)[0]


def test_a_count_of_no_thinking_does_not_split_thinking_that_was_seen() -> None:
    times, flags = measured(THOUGHT, Usage(1, 76, reasoning_tokens=0))
    assert times.output_tokens_per_s == 76 * 36 / 38 / 5.25
    assert flags == ("rate_includes_thinking",)


def test_there_is_no_rate_where_our_own_process_was_away_for_half_of_the_window() -> None:
    made = marks(*evenly(17, start=0.5), end=5.0)
    made.pauses = [away(-8.0, 0.25), away(1.0, 2.75)]
    assert measured(made)[0].output_tokens_per_s == 8.0
    assert not are_disturbed(made, sent=None)
    made.pauses = [away(1.0, 3.0)]
    times, _ = measured(made)
    assert (times.output_tokens_per_s, times.output_characters_per_s) == (None, None)
    assert times.time_to_first_token_s == 0.5
    assert are_disturbed(made, sent=None)


@pytest.mark.parametrize(
    ("pause", "disturbed"),
    [
        (away(0.25, 0.5), True),  # the first token
        (away(1.0, 1.5), False),
        (away(4.25, 4.5), True),  # the last text
        (away(4.75, 5.0), True),  # the end
        (away(4.96, 5.0), False),  # 40 ms of 5 s are less than what is stated
        (away(0.0, 0.125), True),  # the request left late
    ],
)
def test_a_pause_disturbs_what_was_read_at_its_end_and_what_had_yet_to_be_sent(pause: Pause, disturbed: bool) -> None:
    made = marks(*evenly(17, start=0.5), end=5.0)
    made.pauses = [pause]
    assert are_disturbed(made, sent=T0 + 0.1875) is disturbed
