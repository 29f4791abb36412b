"""A pause of our own process is felt, and only a pause."""

from __future__ import annotations

import pytest

from providers.measuring.lateness import BEAT_S, LATE_S, Pause
from providers.measuring.loop_lag import Pulse
from tests.stepped import SteppedClock


def lengths(pulse: Pulse) -> list[float]:
    return [pause.length_s for pause in pulse.pauses]


async def beat(clock: SteppedClock) -> None:
    """The loop wakes when it meant to."""
    clock.pause(BEAT_S)
    await clock.idle()


async def test_a_pause_between_two_beats_is_felt(clock: SteppedClock) -> None:
    pulse = Pulse(clock)
    await beat(clock)
    clock.pause(3 * LATE_S)
    await clock.idle()
    await beat(clock)
    pulse.stop()
    assert lengths(pulse) == [pytest.approx(3 * LATE_S - BEAT_S)]


async def test_a_pause_at_the_very_end_is_felt_too(clock: SteppedClock) -> None:
    pulse = Pulse(clock)
    clock.pause(3 * LATE_S)
    pulse.stop()
    assert lengths(pulse) == [pytest.approx(3 * LATE_S - BEAT_S)]


async def test_all_of_a_loop_feel_one_pause_and_none_that_was_before_them(clock: SteppedClock) -> None:
    earlier = Pulse(clock)
    clock.pause(4 * LATE_S)
    later = Pulse(clock)
    clock.pause(2 * LATE_S)
    await clock.idle()
    earlier.stop()
    later.stop()
    assert lengths(earlier) == [pytest.approx(6 * LATE_S - BEAT_S)]
    assert lengths(later) == [pytest.approx(2 * LATE_S)]


async def test_a_pulse_that_stops_leaves_the_others_theirs(clock: SteppedClock) -> None:
    first, second = Pulse(clock), Pulse(clock)
    await beat(clock)
    first.stop()
    clock.pause(3 * LATE_S)
    await clock.idle()
    second.stop()
    assert (lengths(first), lengths(second)) == ([], [pytest.approx(3 * LATE_S - BEAT_S)])


async def test_nothing_is_felt_where_there_was_no_pause(clock: SteppedClock) -> None:
    pulse = Pulse(clock)
    for _ in range(10):
        await beat(clock)
    clock.pause(LATE_S)  # a little late, as the system likes to wake us
    pulse.stop()
    assert pulse.pauses == []


async def test_no_beat_follows_its_end(clock: SteppedClock) -> None:
    pulse = Pulse(clock)
    pulse.stop()
    clock.pause(3 * LATE_S)
    await clock.idle()
    assert pulse.pauses == []


async def test_pauses_are_told_by_the_clock_of_the_measurement(clock: SteppedClock) -> None:
    pulse = Pulse(lambda: clock() + 1024.0)
    clock.pause(0.5)
    pulse.stop()
    assert pulse.pauses == [Pause(1536.0 + BEAT_S, 1536.5)]
