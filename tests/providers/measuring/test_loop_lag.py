"""A pause of our own process is felt, and only a pause."""

from __future__ import annotations

import asyncio
import time

from providers.measuring.loop_lag import LATE_S, Pulse


def keep_the_processor(seconds: float) -> None:
    """What a long computation in another thread does to the loop, without the thread."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


async def test_a_pause_between_two_beats_is_felt() -> None:
    pulse = Pulse()
    await asyncio.sleep(0)
    keep_the_processor(3 * LATE_S)
    await asyncio.sleep(0.03)
    pulse.stop()
    assert pulse.pause_s > 2 * LATE_S


async def test_a_pause_at_the_very_end_is_felt_too() -> None:
    pulse = Pulse()
    keep_the_processor(3 * LATE_S)
    pulse.stop()
    assert pulse.pause_s > 2 * LATE_S


async def test_nothing_is_felt_where_there_was_no_pause() -> None:
    pulse = Pulse()
    await asyncio.sleep(0)
    pulse.stop()
    assert pulse.pause_s == 0.0


async def test_no_beat_follows_its_end() -> None:
    pulse = Pulse()
    pulse.stop()
    keep_the_processor(3 * LATE_S)
    await asyncio.sleep(0.03)
    assert pulse.pause_s == 0.0
