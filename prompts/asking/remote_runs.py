"""Runs that another process asks: the service it offers for them, and their mirror for the pages here.

Owns both ends of the service `runs`. Texts and states of a mirror arrive in one ordered stream of events; a run that
was live when its process died is marked so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from typing import Any, Protocol

from prompts.asking import told
from prompts.asking.held_runs import HeldRuns
from prompts.asking.runner import Connections, NotKeptError
from prompts.asking.runs import Runs
from prompts.asking.told import Event, Follower, News, RecordState, WholeRun
from prompts.core.answer import Answer
from prompts.core.plan import Plan
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record.restore import LOST, UNASKED, from_record
from prompts.record.rights import OPERATOR, Actor
from providers.measuring.measure import utc_now

TICK_S = 0.02
"""Seconds between looks at answers that are being asked; pages are redrawn ten times a second."""
IDLE_S = 1.0
"""Seconds between looks at the state of the record while nothing is asked."""


class Caller(Protocol):
    """Makes calls to methods of the other process."""

    async def call(self, service: str, method: str, *arguments: Any, **named: Any) -> Any:
        """Call a method and return what it returns."""
        ...

    def each(self, service: str, method: str, *arguments: Any, **named: Any) -> AsyncGenerator[Any]:
        """Call an asynchronous generator and yield its items."""
        ...


class ServedRuns:
    """The service `runs`: what other processes may do with the runs of this one."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    async def start(self, plan: Plan, connections: Connections, by: Actor) -> WholeRun:
        """See `Asker`."""
        return told.whole(await self._runs.start(plan, connections, by))

    async def fetch(self, run_id: str) -> WholeRun | None:
        """See `Asker`."""
        run = self._runs.held(run_id)
        return told.whole(run) if run else None

    async def stop(self, run_id: str, answer_id: str | None, by: Actor) -> None:
        """See `Asker`."""
        run = await self._find(run_id)
        await self._runs.stop(run, None if answer_id is None else run.answer(answer_id).now, by)

    async def retry(
        self, run_id: str, answer_id: str, connections: Connections, target: Target | None, by: Actor
    ) -> WholeRun:
        """See `Asker`."""
        run = await self._find(run_id)
        await self._runs.retry(run, run.answer(answer_id).now, connections, target, by)
        return told.whole(run)

    async def finish(
        self, run_id: str, answer_ids: Sequence[str], connections: Connections, by: Actor
    ) -> tuple[int, WholeRun]:
        """See `Asker`; also returns the run as it then is."""
        run = await self._find(run_id)
        asked = await self._runs.finish(run, [run.answer(each).now for each in answer_ids], connections, by)
        return asked, told.whole(run)

    async def left(self, run_id: str) -> None:
        """See `Asker`."""
        await self._runs.left(run_id)

    async def events(self) -> AsyncGenerator[Event]:
        """Each run being asked, whole at first and then its changes; also the state of the record."""
        followers: dict[str, Follower] = {}
        problem = self._runs.problem
        yield RecordState(problem)
        while True:
            woken, asked = self._runs.woken, {run.id: run for run in self._runs.asked}
            if self._runs.problem != problem:
                problem = self._runs.problem
                yield RecordState(problem)
            for run_id, run in asked.items():
                if run_id not in followers:
                    followers[run_id] = Follower(run)
                    yield told.whole(run)
            for run_id, follower in list(followers.items()):
                if (news := follower.news()) is not None:
                    yield news
                if run_id not in asked:
                    del followers[run_id]  # the run had ended, and this was the last look at it
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_S if asked else IDLE_S):
                    await woken.wait()

    async def _find(self, run_id: str) -> Run:
        if (run := self._runs.held(run_id)) is not None:
            return run
        recorder = self._runs.recorder
        stored = await asyncio.to_thread(recorder.load_run, run_id) if recorder else None
        if stored is None:
            raise NotKeptError("This run is not on record, and the process that asked it has ended. Ask it again.")
        return self._runs.held(run_id) or from_record(stored)


class RemoteRuns(HeldRuns):
    """Mirrors of the runs that another process asks, for the pages of this one.

    To be made and used on one event loop.
    """

    def __init__(self, caller: Caller) -> None:
        super().__init__()
        self._caller = caller
        self._lost = set[str]()
        self.problem: str | None = None

    async def follow(self) -> None:
        """Apply the events of the other process until it ends."""
        async for event in self._caller.each("runs", "events"):
            self._take(event)

    async def fetch(self, run_id: str) -> Run | None:
        """See `Asker`."""
        return self._mirrored(await self._caller.call("runs", "fetch", run_id))

    async def start(self, plan: Plan, connections: Connections, by: Actor = OPERATOR) -> Run:
        """See `Asker`."""
        return self._keep(await self._caller.call("runs", "start", plan, connections, by))

    async def stop(self, run: Run, answer: Answer | None = None, by: Actor = OPERATOR) -> None:
        """See `Asker`."""
        await self._caller.call("runs", "stop", run.id, answer.id if answer else None, by)

    async def retry(
        self, run: Run, answer: Answer, connections: Connections, target: Target | None = None, by: Actor = OPERATOR
    ) -> None:
        """See `Asker`."""
        if not run.answer(answer.id).now.live:
            self.keep(run)
            self._keep(await self._caller.call("runs", "retry", run.id, answer.id, connections, target, by))

    async def finish(self, run: Run, answers: Sequence[Answer], connections: Connections, by: Actor = OPERATOR) -> int:
        """See `Asker`."""
        ids = [answer.id for answer in answers]
        asked, whole = await self._caller.call("runs", "finish", run.id, ids, connections, by)
        if asked:
            self.keep(run)
            self._keep(whole)
        elif run.finished:
            self.drop(run.id)
        return asked

    async def left(self, run_id: str) -> None:
        """See `Asker`."""
        if (run := self.held(run_id)) is not None:
            for each in run.live:
                each.change(interrupted_at=None)
        await self._caller.call("runs", "left", run_id)

    def lost(self) -> None:
        """The asking process is gone: mark what it had not finished as interrupted; it may have been charged."""
        now = utc_now()
        for run in self.all_held:
            for live in [each for each in run.live if each.now.live]:
                sent = live.now.sent_at is not None
                live.change(
                    state="unknown" if sent else "cancelled", note=LOST if sent else UNASKED, interrupted_at=now,
                    sign=None,
                )  # fmt: skip
                self._lost.add(run.id)

    def recovered(self) -> None:
        """A new process has settled what the dead one left, so runs are read again from the record."""
        for run_id in self._lost:
            run = self.held(run_id)
            if run is not None and run.finished and run.keeps != "nothing":
                self.drop(run_id)
        self._lost.clear()

    def _take(self, event: Event) -> None:
        match event:
            case RecordState(problem):
                self.problem = problem
            case WholeRun():
                self._keep(event)
            case News(run_id):
                if (run := self.held(run_id)) is not None:
                    told.take_news(run, event)

    def _mirrored(self, whole: WholeRun | None) -> Run | None:
        return None if whole is None else self._keep(whole)

    def _keep(self, whole: WholeRun) -> Run:
        run = self.held(whole.id)
        if run is None:
            return self.keep(told.mirror(whole))
        told.catch_up(run, whole)
        return run
