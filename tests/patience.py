"""Waiting for what is certain to come, however slow the machine is.

Owns the only looks at the clock in the test suite. Nothing is ever measured here: patience ends a test that
hangs, and is so long that no test fails because it was slow. What is about speed is in `tests/benchmarks/`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 300.0
PATIENCE_MS = PATIENCE_S * 1000
_LOOK_S = 0.002


async def patiently(awaitable: Awaitable[T]) -> T:
    """The result, or the failure of a test that would never end."""
    return await asyncio.wait_for(awaitable, PATIENCE_S)


async def until(condition: Callable[[], object]) -> None:
    """Wait for what another thread or process is about to do. Needs no time of the loop: that may stand still."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it never came"
        await asyncio.to_thread(time.sleep, _LOOK_S)


def wait_until(condition: Callable[[], object]) -> None:
    """The same where there is no loop."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(_LOOK_S)
