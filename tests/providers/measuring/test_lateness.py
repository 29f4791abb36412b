"""Which times our own absence has made longer, and how often that is said rightly, by simulation."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from providers.measuring.lateness import BEAT_S, LATE_S, Pause, Span, longest

AWAY = Pause(2.0, 2.5)


@pytest.mark.parametrize(
    ("instant", "late"),
    [(1.75, 0.0), (2.0, 0.0), (2.25, 0.25), (2.5, 0.5), (2.5 + BEAT_S / 2, 0.5), (2.5 + BEAT_S, 0.0), (3.0, 0.0)],
)
def test_what_is_read_at_the_end_of_a_pause_may_have_happened_at_its_beginning(instant: float, late: float) -> None:
    assert AWAY.late_s(instant) == late


@pytest.mark.parametrize(
    ("span", "is_late"),
    [
        (Span(0.0, 2.5), True),  # half a second of two and a half
        (Span(0.0, 3.0), False),  # the pause lay in its middle
        (Span(2.5, 3.0), False),
        (Span(-30.0, 2.5), False),  # half a second of half a minute
        (Span(-20.0, 2.5), True),
    ],
)
def test_a_time_is_late_where_a_pause_at_its_end_is_more_than_is_stated(span: Span, is_late: bool) -> None:
    assert span.is_late([AWAY]) is is_late


@pytest.mark.parametrize(("late_s", "is_late"), [(LATE_S - 0.001, False), (LATE_S + 0.001, True)])
def test_a_short_time_may_be_late_by_some_milliseconds(late_s: float, is_late: bool) -> None:
    assert Span(0.0, 0.2).is_late([Pause(0.2 - late_s, 0.2)]) is is_late


def test_what_kept_the_request_from_leaving_made_everything_late() -> None:
    pauses = [Pause(0.0, 0.25), Pause(0.25, 0.5)]
    assert Span(0.0, 20.0).is_late(pauses, sent=0.5)
    assert not Span(0.0, 26.0).is_late(pauses, sent=0.5)
    assert not Span(0.0, 20.0).is_late(pauses, sent=0.125)


def test_the_longest_pause_of_a_time_is_one_that_ended_in_it() -> None:
    assert longest([AWAY, Pause(3.0, 3.25)], since=2.25) == 0.5
    assert longest([AWAY, Pause(3.0, 3.25)], since=2.5) == 0.25
    assert longest([], since=0.0) == 0.0


# How often is it said rightly? ---------------------------------------------------------------------------------------


WORK_S = 0.003
"""What is done before the first token is seen, at the most."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One first token: how late it was read in truth, and whether that was said."""

    late_s: float
    said: bool


def absences(rng: random.Random, mean_s: float, until: float) -> list[Pause]:
    """When the process does not run: every 60 ms on average, for so long on average."""
    found, now = list[Pause](), 0.0
    while now < until:
        began = now + rng.expovariate(1 / 0.06)
        now = began + rng.expovariate(1 / mean_s)
        found.append(Pause(began, now))
    return found


def felt(absent: Sequence[Pause]) -> list[Pause]:
    """What a pulse feels of it: each beat is due so long after the last one ran, and comes when the process is back."""
    pauses, due = list[Pause](), BEAT_S
    for each in absent:
        while due < each.since:
            due += BEAT_S
        if due < each.until:
            if each.until - due >= LATE_S:
                pauses.append(Pause(due, each.until))
            due = each.until + BEAT_S
    return pauses


def seen(rng: random.Random, mean_s: float) -> Seen:
    """A first token that comes after 0.2 to 0.8 s, read when the process runs again and has worked for a moment."""
    came = rng.uniform(0.2, 0.8)
    absent = absences(rng, mean_s, until=1.0)
    read = next((each.until for each in absent if each.since <= came < each.until), came) + rng.uniform(0.0, WORK_S)
    return Seen(read - came, Span(0.0, read).is_late(felt(absent)))


@pytest.mark.parametrize(("mean_s", "wrongly"), [(0.002, 0.0001), (0.01, 0.04), (0.03, 0.2), (0.1, 0.3)])
def test_a_mark_is_rare_on_true_times_and_sure_on_false_ones(mean_s: float, wrongly: float) -> None:
    """The figures of docs/design/metrics.md#conditions."""
    rng = random.Random(9)
    answers = [seen(rng, mean_s) for _ in range(10_000)]
    assert all(answer.said for answer in answers if answer.late_s > LATE_S + BEAT_S + WORK_S)
    true = [answer for answer in answers if answer.late_s <= LATE_S]
    assert sum(answer.said for answer in true) <= wrongly * len(true)
