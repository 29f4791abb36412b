"""The calls of an experiment that wait for their turn: nothing of them is under way, so they can be called off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Container, Generator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from typing import Any, TypeVar

T = TypeVar("T")


class Idle:
    """Of one experiment, on one event loop."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[Any], int] = {}

    @contextmanager
    def waiting(self, target: int) -> Generator[None]:
        """Around what the running task waits for, for a call of that target."""
        task = asyncio.current_task()
        with nullcontext() if task is None else self._noted(task, target):
            yield

    @asynccontextmanager
    async def turn(self, target: int, turn: Callable[[], AbstractAsyncContextManager[T]]) -> AsyncGenerator[T]:
        """Wait for that turn as one of them, and hold it to the end."""
        async with AsyncExitStack() as held:
            with self.waiting(target):
                what = await held.enter_async_context(turn())
            yield what

    def call_off(self, targets: Container[int] | None = None) -> None:
        """Cancel all of them, or those of some targets."""
        for task, target in self._tasks.items():
            if (targets is None or target in targets) and not task.cancelling():
                task.cancel()

    @contextmanager
    def _noted(self, task: asyncio.Task[Any], target: int) -> Generator[None]:
        self._tasks[task] = target
        try:
            yield
        finally:
            del self._tasks[task]
