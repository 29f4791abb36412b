"""A pause of our own process is felt, and only a pause."""

from __future__ import annotations

import pytest

from providers.measuring.loop_lag import BEAT_S, LATE_S, Pulse
from tests.stepped import SteppedClock


async def beat(clock: SteppedClock) -> None:
    """The loop wakes when it meant to."""
    clock.move(BEAT_S)
    await clock.idle()


async def test_a_pause_between_two_beats_is_felt(clock: SteppedClock) -> None:
    pulse = Pulse()
    await beat(clock)
    clock.move(3 * LATE_S)
    await clock.idle()
    await beat(clock)
    pulse.stop()
    assert pulse.pause_s == pytest.approx(3 * LATE_S - BEAT_S)


async def test_a_pause_at_the_very_end_is_felt_too(clock: SteppedClock) -> None:
    pulse = Pulse()
    clock.move(3 * LATE_S)
    pulse.stop()
    assert pulse.pause_s == pytest.approx(3 * LATE_S - BEAT_S)


async def test_nothing_is_felt_where_there_was_no_pause(clock: SteppedClock) -> None:
    pulse = Pulse()
    for _ in range(10):
        await beat(clock)
    clock.move(LATE_S)  # a little late, as the system likes to wake us
    pulse.stop()
    assert pulse.pause_s == 0.0


async def test_no_beat_follows_its_end(clock: SteppedClock) -> None:
    pulse = Pulse()
    pulse.stop()
    clock.move(3 * LATE_S)
    await clock.idle()
    assert pulse.pause_s == 0.0
