"""Makes a process that has other work join the workers as long as it lives: the dashboard's, or `collate run`."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable

from prompts.experiments.experiments import Experiments
from prompts.experiments.worker_store import Kind
from prompts.record.recorder import Recorder, RecordError
from prompts.workers.joining import AloneError, open_engine
from providers.config.configuration import Configuration

log = logging.getLogger("collate")

VARIABLE = "COLLATE_WORKER"
"""Environment variable by which a process leaves what it begins to the other workers."""
LEFT_TO_OTHERS = "0"
"""The value of that variable."""
AGAIN_S = 15.0
"""Seconds between attempts to join if the database is unreachable."""


class Joined:
    """To be made on the event loop. A process that cannot join asks alone, and says why."""

    def __init__(
        self, experiments: Experiments, recorder: Recorder, configuration: Configuration, *, kind: Kind, at_once: int
    ) -> None:
        self._experiments, self._recorder, self._configuration = experiments, recorder, configuration
        self._kind: Kind = kind
        self._at_once = at_once
        self._settled, self._over = asyncio.Event(), asyncio.Event()
        self._why = ""
        self._task = asyncio.create_task(self._work())

    @property
    def busy(self) -> bool:
        """Always false: `Experiments` knows what is being asked."""
        return False

    async def why_alone(self) -> str:
        """Why this process asks alone, in a sentence; empty if it has joined."""
        await self._settled.wait()
        return self._why

    async def aclose(self) -> None:
        """Leave the workers; everything in progress has been stopped before."""
        self._over.set()
        await self._task

    async def _work(self) -> None:
        try:
            while not self._over.is_set() and not await self._joined():
                try:
                    async with asyncio.timeout(AGAIN_S):
                        await self._over.wait()
                except TimeoutError:
                    continue
        except Exception:
            log.exception("this process asks alone: a defect of Collate itself")
        finally:
            self._settled.set()

    async def _joined(self) -> bool:
        """Join and work until told to stop; `False` if it could not join now, but may later."""
        try:
            engine = await open_engine(self._recorder.database)
            from prompts.workers.worker import Worker

            worker = Worker(
                self._experiments, self._recorder, engine, self._configuration, kind=self._kind, at_once=self._at_once,
                asks=os.environ.get(VARIABLE) != LEFT_TO_OTHERS,
            )  # fmt: skip
            await worker.join()
        except RecordError as exc:
            self._why = str(exc)
            self._settled.set()
            return isinstance(exc, AloneError)
        self._why = ""
        self._settled.set()
        leaving = asyncio.create_task(self._leave(worker.drain))
        try:
            await worker.run()
        finally:
            leaving.cancel()
        self._why = "It was asked to leave the workers, and joins them again when it is restarted."
        return True

    async def _leave(self, drain: Callable[[float], None]) -> None:
        await self._over.wait()
        drain(0)
