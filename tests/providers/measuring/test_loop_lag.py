"""A pause of our own process is felt, and only a pause."""

from __future__ import annotations

import pytest

from providers.measuring.loop_lag import BEAT_S, LATE_S, Pulse
from tests.stepped import SteppedClock


async def beat(clock: SteppedClock) -> None:
    """The loop wakes when it meant to."""
    clock.pause(BEAT_S)
    await clock.idle()


async def test_a_pause_between_two_beats_is_felt(clock: SteppedClock) -> None:
    pulse = Pulse()
    await beat(clock)
    clock.pause(3 * LATE_S)
    await clock.idle()
    await beat(clock)
    pulse.stop()
    assert pulse.pause_s == pytest.approx(3 * LATE_S - BEAT_S)


async def test_a_pause_at_the_very_end_is_felt_too(clock: SteppedClock) -> None:
    pulse = Pulse()
    clock.pause(3 * LATE_S)
    pulse.stop()
    assert pulse.pause_s == pytest.approx(3 * LATE_S - BEAT_S)


async def test_all_of_a_loop_feel_one_pause_and_none_that_was_before_them(clock: SteppedClock) -> None:
    earlier = Pulse()
    clock.pause(4 * LATE_S)
    later = Pulse()
    clock.pause(2 * LATE_S)
    await clock.idle()
    earlier.stop()
    later.stop()
    assert earlier.pause_s == pytest.approx(6 * LATE_S - BEAT_S)
    assert later.pause_s == pytest.approx(2 * LATE_S)


async def test_a_pulse_that_stops_leaves_the_others_theirs(clock: SteppedClock) -> None:
    first, second = Pulse(), Pulse()
    await beat(clock)
    first.stop()
    clock.pause(3 * LATE_S)
    await clock.idle()
    second.stop()
    assert (first.pause_s, second.pause_s) == (0.0, pytest.approx(3 * LATE_S - BEAT_S))


async def test_nothing_is_felt_where_there_was_no_pause(clock: SteppedClock) -> None:
    pulse = Pulse()
    for _ in range(10):
        await beat(clock)
    clock.pause(LATE_S)  # a little late, as the system likes to wake us
    pulse.stop()
    assert pulse.pause_s == 0.0


async def test_no_beat_follows_its_end(clock: SteppedClock) -> None:
    pulse = Pulse()
    pulse.stop()
    clock.pause(3 * LATE_S)
    await clock.idle()
    assert pulse.pause_s == 0.0
