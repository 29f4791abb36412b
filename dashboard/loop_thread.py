"""An event loop in its own thread, for callers that have none. All methods except coroutines are thread-safe."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

THREAD_S = 1.0
"""Seconds to wait for the thread to end once nothing is left to do; it ends with the process anyway."""
_TASKS_S = 1.0


class LoopThread:
    """The loop runs from construction until `end`."""

    def __init__(self, name: str) -> None:
        self._loop, self._threads = asyncio.new_event_loop(), ThreadPoolExecutor()
        self._loop.set_default_executor(self._threads)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, T], timeout_s: float | None = None) -> T:
        """Run `work` in the loop and wait for its result. Raises what it raises, or `TimeoutError`."""
        return self.submit(work).result(timeout_s)

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run `work` in the loop without waiting."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def each(self, items: AsyncIterator[T], timeout_s: float) -> Iterator[T]:
        """The items that `items` yields in the loop. Raises `TimeoutError` if one takes longer than `timeout_s`."""
        while True:
            try:
                yield self.call(_next(items), timeout_s)
            except StopAsyncIteration:
                return

    @property
    def ended(self) -> bool:
        """Whether the loop has ended, so that nothing can run in it."""
        return self._loop.is_closed()

    def end(self) -> None:
        """End the thread. Nothing can run in the loop afterwards."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(THREAD_S)

    async def end_others(self) -> None:
        """Cancel every other task of the loop and wait for its worker threads; later work gets new threads."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others, timeout=_TASKS_S)
        ending, self._threads = self._threads, ThreadPoolExecutor()
        self._loop.set_default_executor(self._threads)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._loop.run_in_executor(self._threads, ending.shutdown), timeout=THREAD_S)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:  # cancels remaining tasks at the end
            runner.get_loop().run_forever()


async def _next(items: AsyncIterator[T]) -> T:
    return await anext(items)
