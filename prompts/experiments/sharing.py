"""Experiments that several processes ask together: this process's part, and how each experiment is finished.

There is no leader. The record says what is to be asked and who has claimed it, and whoever finds nothing left finishes
the experiment. So any process may die at any moment; the sweep of the others finds what it left.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Protocol, TypeVar

import sqlalchemy as sa

from prompts.asking.runner import Connections, Runner
from prompts.core.plan import Source
from prompts.experiments import cell_store, closing, judge_pump, plan_store, worker_store
from prompts.experiments.asked import Ending, Stage
from prompts.experiments.asked_as import names
from prompts.experiments.gate_store import Gates
from prompts.experiments.judge import judged
from prompts.experiments.judge_pump import JudgePump
from prompts.experiments.judge_store import target_numbers
from prompts.experiments.plan import Plan
from prompts.experiments.plan_store import Head
from prompts.experiments.pump import Pump
from prompts.experiments.rechecking import recheck
from prompts.history.archive import Archive
from prompts.record.recorder import Recorder, RecordError

log = logging.getLogger("collate")

T = TypeVar("T")
LOOK_S = 1.0
"""Seconds between checks whether somebody has paused or stopped an experiment, or whether it is over."""


class Crew(Protocol):
    """The workers that share a record."""

    @property
    def asks(self) -> bool:
        """Whether this process is one of them; else it leaves what it begins to the others."""
        ...

    async def invite(self, experiment: str, names: Iterable[str]) -> None:
        """Tell workers that there is something to ask of these providers.

        One that misses it finds it in its own sweep.
        """
        ...


class Plans(Protocol):
    """Where plans are read."""

    def plan_of(self, head: Head) -> Plan:
        """The plan of an experiment."""
        ...


class Sharing:
    """The part of this process in shared experiments, on its event loop."""

    def __init__(self, runner: Runner, recorder: Recorder, plans: Plans, gates: Gates, source: Source) -> None:
        self._runner, self._recorder, self._plans, self._gates = runner, recorder, plans, gates
        self._source: Source = source
        self._archive = Archive(recorder.database)
        self.crew: Crew | None = None
        """The workers; `None`: this process asks alone."""
        self._pumps: dict[tuple[str, str], Pump] = {}
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._again: set[tuple[str, str]] = set()
        self._leaving = False

    @property
    def busy(self) -> bool:
        """Whether this process is asking something of a shared experiment."""
        return bool(self._tasks)

    def ended_lately(self) -> float | None:
        """Calls per minute of this process that ended lately; `None` if too few have."""
        rates = [rate for pump in self._pumps.values() for pace in pump.paces.values() if (rate := pace.per_minute())]
        return sum(rates) if rates else None

    async def takes(self, providers: Iterable[str], connections: Connections) -> bool:
        """Whether workers can ask these providers, which they cannot with a key that was typed into one browser only.

        If a worker finds that nobody has the key for one, it asks alone as usual, and fails with a message rather than
        wait.
        """
        configured, wanted = self._runner.configuration.connections, names(providers, connections)
        if self.crew is None or any(connections[name] != configured.get(name) for name in wanted):
            return False
        return not (self.crew.asks and await self._read(lambda c: worker_store.unserved(c, wanted.values())))

    async def begin(self, id: str, asked_as: Mapping[str, str], note: str = "") -> None:
        """Let all workers ask it from now on. Raises `RecordError`."""
        await self._recorder.write(lambda c: plan_store.begin(c, self._recorder.me, id, asked_as))
        if note:
            await self.halt(id, "running", note)
        await self.invite(id, asked_as.values())

    async def halt(self, id: str, stage: Stage, reason: str = "") -> None:
        """Make all workers stop asking it."""
        await self._recorder.write(lambda c: plan_store.halt(c, id, stage, reason))

    async def wait(self, id: str) -> None:
        """Wait until no worker asks it any longer."""
        while True:
            with suppress(RecordError):  # not available for a moment
                head = await self._head(id)
                if head is None or not head.shared:
                    return
            await asyncio.sleep(LOOK_S / 4)

    def call(self, id: str, name: str) -> None:
        """Ask that provider's part of the experiment, or look again for waiting cells if that is already going on."""
        key = (id, name)
        if key in self._tasks:
            self._again.add(key)
        elif not self._leaving:
            self._tasks[key] = asyncio.create_task(self._help(key))

    async def sweep(self, served: Iterable[str]) -> None:
        """Ask whatever waits for these providers, and finish what nobody has finished. Raises `RecordError`."""
        mine = set[str]() if self._leaving else set(served)
        for head in await self._read(plan_store.shared):
            plan = await asyncio.to_thread(self._plans.plan_of, head)
            for provider, name in (head.asked_as or {}).items():
                targets = _targets(plan, provider)
                if name in mine and (head.id, name) not in self._tasks and await self._waits(head.id, targets):
                    self.call(head.id, name)
            await self._wrap_up(head.id)

    async def leave(self, patience_s: float) -> None:
        """Send nothing new; after `patience_s` seconds stop what is in progress, keeping what has arrived."""
        self._leaving = True
        for pump in self._pumps.values():
            pump.leave()
        tasks = list(self._tasks.values())
        if tasks and patience_s:
            await asyncio.wait(tasks, timeout=patience_s)
        for pump in list(self._pumps.values()):
            pump.stop()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _help(self, key: tuple[str, str]) -> None:
        try:
            while not self._leaving:
                self._again.discard(key)
                await self._ask(*key)
                if key not in self._again:
                    return
        except RecordError as exc:
            log.warning("an experiment waits until the record is back: %s", exc)
        except Exception:
            log.exception("an experiment ended here with an unexpected error")
        finally:
            del self._tasks[key]

    async def _ask(self, id: str, name: str) -> None:
        head, provider = await self._head(id), name.partition("@")[0]
        if head is None or not head.shared:
            return
        plan = await asyncio.to_thread(self._plans.plan_of, head)
        connections = self._runner.configuration.connections
        await self._gates.remember({provider}, connections)
        history = await asyncio.to_thread(self._recorder.output_history)
        pump = Pump(
            id, plan, self._runner, self._recorder, connections, self._gates.of, history, head.person or "", provider
        )
        ending = await self._watched((id, name), pump)
        if ending.stage == "finished" and judged(plan) and not self._leaving:
            ending = await self._watched((id, name), pump.again(JudgePump))
        await self._after(id, ending)

    async def _watched(self, key: tuple[str, str], pump: Pump) -> Ending:
        self._pumps[key] = pump
        looking = asyncio.create_task(self._look(key[0], pump))
        try:
            return await pump.run()
        finally:
            looking.cancel()
            del self._pumps[key]

    async def _look(self, id: str, pump: Pump) -> None:
        """Pause or stop when the record says that somebody has done so."""
        while True:
            await asyncio.sleep(LOOK_S)
            with suppress(RecordError):  # tried again in a moment
                stage = await self._read(lambda c: plan_store.stage(c, id))
                if stage == "stopped":
                    pump.leave()
                    pump.stop()
                elif stage != "running":
                    pump.leave()

    async def _after(self, id: str, ending: Ending) -> None:
        if ending.ours:
            return
        if ending.money:
            reason = await self._read(lambda c: closing.out_of_money(c, id))
            await self.halt(id, "stopped", reason)
        elif ending.stage != "finished":
            where = f" That was on {socket.gethostname()}." if ending.reason else ""
            await self.halt(id, ending.stage, f"{ending.reason}{where}")
        else:
            await self._wrap_up(id)

    async def _wrap_up(self, id: str) -> None:
        """Finish the experiment, unless cells are left or another process does:
        judges' questions, then the last checks."""
        me = self._recorder.me
        if not await self._recorder.write(lambda c: plan_store.take_lead(c, me, id)):
            return
        try:
            more = await self._ended(id)
            if not more:
                await self._recorder.write(lambda c: plan_store.finish(c, me, id))
        finally:
            await self._recorder.settle(lambda c: plan_store.leave_lead(c, me, id))
        if more:
            await self.invite(id, more)

    async def _ended(self, id: str) -> list[str]:
        """Prepare questions to judges; returns the names to invite if there are any to ask, else checks everything."""
        head = await self._head(id)
        if head is None:
            return []
        plan = await asyncio.to_thread(self._plans.plan_of, head)
        if judged(plan):
            person = head.person or ""
            await judge_pump.prepare(self._recorder, self._archive, id, plan, person, self._source)
            if await self._read(lambda c: cell_store.is_open(c, id)):
                return list((head.asked_as or {}).values())
        if plan.checks:
            await asyncio.to_thread(recheck, self._archive, id, plan)
        if judged(plan):
            await judge_pump.apply(self._recorder, self._archive, id, plan)
        return []

    async def invite(self, id: str, told: Iterable[str]) -> None:
        """Tell workers that there is something to ask."""
        if self.crew is not None:
            await self.crew.invite(id, told)

    async def _waits(self, id: str, targets: list[int]) -> bool:
        return await self._read(lambda c: cell_store.waits(c, id, targets))

    async def _head(self, id: str) -> Head | None:
        return await self._read(lambda c: plan_store.head(c, id))

    async def _read(self, query: Callable[[sa.Connection], T]) -> T:
        return await asyncio.to_thread(self._archive.read, query)


def _targets(plan: Plan, provider: str) -> list[int]:
    """The numbers of a provider's targets, and of its judges."""
    asked = [n for n, target in enumerate(plan.targets) if target.provider == provider]
    return asked + [n for n, name in target_numbers(plan).items() if name.partition(":")[0] == provider]
