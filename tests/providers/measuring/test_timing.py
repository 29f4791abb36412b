"""Times and rates by exact equality: every instant here is a sum of powers of two."""

from dataclasses import replace

import pytest

from providers.completion import Timings
from providers.interface import Delta, Usage
from providers.measuring.timing import Marks, timings

T0 = 1000.0


def marks(*deltas: tuple[float, str, str], end: float | None = None, reads: tuple[int, ...] = ()) -> Marks:
    """Marks of deltas given as (seconds after `T0`, kind, text)."""
    made = Marks(t0=T0)
    for number, (after, kind, text) in enumerate(deltas):
        made.take(Delta(kind, text), T0 + after, reads[number] if reads else number + 1)  # type: ignore[arg-type]
    made.end = None if end is None else T0 + end
    return made


def measured(made: Marks, usage: Usage | None = Usage(10, 9)) -> tuple[Timings, tuple[str, ...]]:
    return timings(made, usage, sent=T0 + 0.125, connected=T0 + 0.0625, headers=T0 + 0.25)


PLAIN = marks((0.5, "text", "ab"), (1.0, "text", "cde"), (2.5, "text", "f"), end=3.0)
THOUGHT = marks((0.25, "thinking", "hm"), (0.5, "thinking", "hm"), (1.5, "text", "a"), (2.0, "text", "bcd"), end=2.25)


def test_times_count_from_t0() -> None:
    times, flags = measured(PLAIN)
    assert times == Timings(
        time_to_first_chunk_s=0.5, time_to_first_token_s=0.5, duration_s=3.0,
        output_tokens_per_s=(9 - 1) / 2.0, output_characters_per_s=(6 - 2) / 2.0,
        connected_s=0.0625, sent_s=0.125, headers_s=0.25, time_to_last_token_s=2.5,
    )  # fmt: skip
    assert flags == ()


def test_thinking_opens_the_first_chunk_and_text_the_first_token() -> None:
    times, _ = measured(THOUGHT)
    assert (times.time_to_first_chunk_s, times.time_to_first_token_s, times.duration_s) == (0.25, 1.5, 2.25)


def test_thinking_tokens_are_outside_of_the_rate_where_they_are_counted_apart() -> None:
    times, flags = measured(THOUGHT, Usage(10, 20, reasoning_tokens=11))
    assert times.output_tokens_per_s == (20 - 11 - 1) / 0.5
    assert flags == ()


def test_thinking_that_was_seen_but_not_counted_apart_widens_the_window_and_is_flagged() -> None:
    times, flags = measured(THOUGHT, Usage(10, 15))
    assert times.output_tokens_per_s == (15 - 1) / (2.0 - 0.25)
    assert flags == ("rate_includes_thinking",)


def test_hidden_thinking_does_not_touch_the_window() -> None:
    times, flags = measured(PLAIN, Usage(10, 109, reasoning_tokens=100))
    assert times.output_tokens_per_s == (9 - 1) / 2.0
    assert flags == ()


def test_characters_use_the_window_of_the_answer_whatever_is_known_of_tokens() -> None:
    times, _ = measured(THOUGHT, None)
    assert times.output_characters_per_s == (4 - 1) / 0.5
    assert times.output_tokens_per_s is None


NO_RATE = {
    "no usage": (PLAIN, None),
    "no output count": (PLAIN, Usage(10, None)),
    "one delta": (marks((0.5, "text", "all of it"), end=1.0), Usage(10, 9)),
    "one token": (PLAIN, Usage(10, 1)),
    "no token": (PLAIN, Usage(10, 0)),
    "one answer token": (PLAIN, Usage(10, 12, reasoning_tokens=11)),
    "only thinking": (marks((0.5, "thinking", "hm"), (1.0, "thinking", "hm"), end=1.5), Usage(10, 9)),
    "thinking and one delta": (marks((0.5, "thinking", "hm"), (1.0, "text", "all"), end=1.5), Usage(10, 9)),
    "one instant": (marks((0.5, "text", "a"), (0.5, "text", "b"), end=1.0), Usage(10, 9)),
    "one read of the network": (
        marks((0.5, "text", "a"), (0.75, "text", "b"), end=1.0, reads=(4, 4)),
        Usage(10, 9),
    ),
    "nothing": (marks(end=1.0), Usage(10, 9)),
}


@pytest.mark.parametrize(("made", "usage"), NO_RATE.values(), ids=NO_RATE.keys())
def test_there_is_no_rate_without_two_deltas_two_tokens_and_a_window(made: Marks, usage: Usage | None) -> None:
    times, flags = measured(made, usage)
    assert times.output_tokens_per_s is None
    assert "rate_includes_thinking" not in flags or made.thinking_seen


def test_without_a_network_one_read_is_not_one_packet() -> None:
    times, _ = measured(marks((0.5, "text", "a"), (1.0, "text", "b"), end=1.0, reads=(0, 0)))
    assert times.output_tokens_per_s == (9 - 1) / 0.5


def test_two_reads_make_a_window_even_if_deltas_share_them() -> None:
    made = marks((0.5, "text", "a"), (0.5, "text", "b"), (1.5, "text", "c"), end=2.0, reads=(4, 4, 5))
    assert measured(made)[0].output_tokens_per_s == (9 - 1) / 1.0


def test_what_never_happened_is_none() -> None:
    times, flags = timings(Marks(t0=T0), None, sent=None, connected=None, headers=None)
    assert times == Timings()
    assert flags == ()


def test_a_failed_attempt_has_a_duration_and_no_first_token() -> None:
    times, _ = measured(marks(end=0.75), None)
    assert (times.duration_s, times.time_to_first_chunk_s, times.time_to_first_token_s) == (0.75, None, None)


def test_a_connection_that_was_open_already_has_no_instant() -> None:
    times, _ = timings(PLAIN, None, sent=T0 + 0.125, connected=None, headers=T0 + 0.25)
    assert (times.connected_s, times.sent_s, times.headers_s) == (None, 0.125, 0.25)


def test_the_start_of_the_clock_does_not_matter() -> None:
    shifted = replace(PLAIN, t0=0.0, first_chunk=0.5, first_text=0.5, last_text=2.5, last_chunk=2.5, end=3.0)
    times, _ = timings(shifted, Usage(10, 9), sent=0.125, connected=0.0625, headers=0.25)
    assert times == measured(PLAIN)[0]


def test_a_count_of_no_thinking_does_not_split_thinking_that_was_seen() -> None:
    marks = Marks(t0=0.0)
    marks.take(Delta("thinking", "hm"), 1.0, 0)
    marks.take(Delta("text", "a"), 2.0, 0)
    marks.take(Delta("text", "b"), 5.0, 0)
    times, flags = timings(marks, Usage(1, 9, reasoning_tokens=0), sent=None, connected=None, headers=None)
    assert times.output_tokens_per_s == 2.0
    assert flags == ("rate_includes_thinking",)


def test_there_is_no_rate_where_our_own_process_was_away_for_half_of_the_window() -> None:
    made = marks((0.5, "text", "ab"), (1.0, "text", "cde"), (2.5, "text", "f"), end=3.0)
    made.pause_s = 0.75
    assert measured(made)[0].output_tokens_per_s == (9 - 1) / 2.0
    made.pause_s = 1.0
    times, _ = measured(made)
    assert (times.output_tokens_per_s, times.output_characters_per_s) == (None, None)
    assert times.time_to_first_token_s == 0.5
