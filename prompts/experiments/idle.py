"""The calls of an experiment that wait for their turn, and can be cancelled because nothing was sent yet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Container, Generator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from typing import Any, TypeVar

T = TypeVar("T")


class Idle:
    """The waiting calls of one experiment, on one event loop."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[Any], int] = {}

    @contextmanager
    def waiting(self, target: int) -> Generator[None]:
        """Within this context the running task counts as waiting, for a call of that target."""
        task = asyncio.current_task()
        with nullcontext() if task is None else self._noted(task, target):
            yield

    @asynccontextmanager
    async def turn(self, target: int, turn: Callable[[], AbstractAsyncContextManager[T]]) -> AsyncGenerator[T]:
        """Enter the context `turn`, counting as waiting until it is entered, and hold it."""
        async with AsyncExitStack() as held:
            with self.waiting(target):
                what = await held.enter_async_context(turn())
            yield what

    def call_off(self, targets: Container[int] | None = None) -> None:
        """Cancel all waiting calls, or those of these targets."""
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
