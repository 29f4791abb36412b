"""One worker of a record: it joins, listens, shows that it is alive, sweeps, and leaves.

The dashboard's asking process and `collate run` are workers too. `prompts/experiments` owns what is asked, and that it
is never asked twice; this module only decides when to look.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress

from prompts.experiments import worker_store
from prompts.experiments.asked_as import served
from prompts.experiments.experiments import Experiments
from prompts.experiments.worker_store import Kind, Listening
from prompts.history.archive import Archive
from prompts.record import leases
from prompts.record.recorder import Recorder, RecordError
from prompts.workers.engine import ENGINE_ERRORS, Engine
from providers.config.configuration import Configuration

log = logging.getLogger("collate")

BEAT_S = 5.0
SWEEP_S = 5.0
AGAIN_S = 2.0
"""Seconds before listening again after the engine has lost its database."""
FINISH_S = 30.0
"""Seconds given to calls in progress when the worker leaves."""


class Worker:
    """One worker, on its event loop; without `asks` it leaves what is begun here to the others."""

    def __init__(
        self, experiments: Experiments, recorder: Recorder, engine: Engine, configuration: Configuration, *,
        kind: Kind, at_once: int, only: Iterable[str] = (), asks: bool = True,
        say: Callable[[str], None] = log.info,
    ) -> None:  # fmt: skip
        self._experiments, self._recorder, self._engine = experiments, recorder, engine
        self._archive = Archive(recorder.database)
        self.names: Mapping[str, str] = served(configuration.connections, only) if asks else {}
        self._tells = Listening(kind, socket.gethostname(), tuple(sorted(self.names)), at_once)
        self._say = say
        self._leaving = asyncio.Event()
        self._finish_s = FINISH_S

    @property
    def asks(self) -> bool:
        """See `Crew`."""
        return bool(self.names)

    async def join(self) -> None:
        """Register the worker if it asks, and share what is begun here from now on. Raises `RecordError`."""
        if self.names:
            await self._beat()
            self._recorder.own(self._recorder.me)  # shows a sign of life even while nothing is asked
        self._experiments.sharing.crew = self

    async def invite(self, experiment: str, names: Iterable[str]) -> None:
        """See `Crew`."""
        told = tuple(names)
        try:
            who = dict(await asyncio.to_thread(self._archive.read, lambda c: worker_store.listening(c, told)))
            await self._engine.invite(who, experiment, who)
        except (RecordError, *ENGINE_ERRORS) as exc:
            log.warning("the other workers find by their own sweep what there is to ask: %s", exc)

    async def run(self, *, until_idle: bool = False) -> None:
        """Work until told to leave; `until_idle`: also end when nothing is left to ask."""
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._every(SWEEP_S, self._sweep))]
                if self.names:
                    tasks += [group.create_task(self._listen()), group.create_task(self._every(BEAT_S, self._beat))]
                if until_idle:
                    tasks.append(group.create_task(self._until_idle()))
                await self._leaving.wait()
                await self._experiments.sharing.leave(self._finish_s)
                for task in tasks:
                    task.cancel()
        finally:
            await self._leave()

    def drain(self, finish_s: float = FINISH_S) -> None:
        """Take nothing new, give calls in progress `finish_s` seconds to end, and leave."""
        self._finish_s = finish_s
        if not self._leaving.is_set():
            self._say(f"leaving: nothing new is asked, and calls in progress have {finish_s:.0f} s to end")
        self._leaving.set()

    async def _listen(self) -> None:
        while True:
            try:
                await self._engine.listen(self._recorder.me, self._accept)
            except ENGINE_ERRORS as exc:
                log.warning("invitations do not come while the database cannot be reached: %s", exc)
            await asyncio.sleep(AGAIN_S)

    async def _accept(self, experiment: str, name: str) -> None:
        if name in self.names and not self._leaving.is_set():
            self._experiments.sharing.call(experiment, name)

    async def _beat(self) -> None:
        rate, me = self._experiments.sharing.ended_lately(), self._recorder.me
        if await self._recorder.write(lambda c: worker_store.beat(c, me, self._tells, rate), hasty=True):
            self.drain()

    async def _sweep(self) -> None:
        """Settle what dead processes left, ask what waits for us, and delete invitations of dead workers."""
        me = self._recorder.me
        await self._recorder.write(lambda c: leases.recover(c, me), hasty=True)
        if not self._leaving.is_set():
            await self._experiments.sharing.sweep(self.names)
        alive = await asyncio.to_thread(self._archive.read, worker_store.ids)
        with suppress(*ENGINE_ERRORS):
            await self._engine.clear(alive)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except RecordError as exc:
                log.info("the record cannot be reached: %s", exc)
            await asyncio.sleep(seconds)

    async def _until_idle(self) -> None:
        """End the work when nothing is being asked here and nothing that could be is waiting."""
        while True:
            await asyncio.sleep(AGAIN_S)
            with suppress(RecordError):
                await self._experiments.sharing.sweep(self.names)
                if not self._experiments.busy:
                    self._leaving.set()
                    return

    async def _leave(self) -> None:
        self._experiments.sharing.crew = None
        self._recorder.disown(self._recorder.me)
        me = self._recorder.me
        with suppress(RecordError):  # then the others notice that it is silent
            await self._recorder.settle(lambda c: worker_store.leave(c, me))
        await self._engine.close()
