"""The runs that this process asks: started, stopped, retried and finished, on one event loop.

Owns their tasks and the record they are written to, which may be opened later if it is not available at first. To
follow a run, read its `LiveAnswer`s; `woken` tells when there is something new.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

from prompts.asking.held_runs import HeldRuns
from prompts.asking.runner import Connections, Runner
from prompts.core.answer import Answer
from prompts.core.plan import Plan
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record import rights
from prompts.record.recorder import Recorder, RecordError
from prompts.record.rights import OPERATOR, Act, Actor
from providers.catalogue.pricing import Pricer
from providers.config.configuration import Configuration

log = logging.getLogger("collate")

AWAY_S = 5.0
"""Seconds between attempts to open a record that is not available."""
STEER: Act = "stop, ask again or finish a run"
LAST_S = 2.0
"""Seconds given to stopped answers to end; what is not written by then is written when the record is closed."""


class Asker(Protocol):
    """Asks for runs: in this process, or in another on its behalf. The methods are for one event loop."""

    @property
    def problem(self) -> str | None:
        """Why nothing can be recorded, and therefore nothing sent; `None` if all is well."""
        ...

    def held(self, run_id: str) -> Run | None:
        """The run with that id if it is in memory, else `None`."""
        ...

    def keep(self, run: Run) -> Run:
        """Hold it in memory."""
        ...

    def drop(self, run_id: str) -> None:
        """Remove a run from memory, so that it is read afresh from the record."""
        ...

    async def fetch(self, run_id: str) -> Run | None:
        """The run with that id if the asking side has it in memory, which may be another process; else `None`."""
        ...

    async def start(self, plan: Plan, connections: Connections, by: Actor = OPERATOR) -> Run:
        """Record `plan` as a run of `by` and begin to ask.

        Raises `RecordError` or `ValueError`: then nothing was sent.
        """
        ...

    async def stop(self, run: Run, answer: Answer | None = None, by: Actor = OPERATOR) -> None:
        """Stop one answer, or all live ones if `None`. What has arrived is kept. Raises `NotAllowedError`."""
        ...

    async def retry(
        self, run: Run, answer: Answer, connections: Connections, target: Target | None = None, by: Actor = OPERATOR
    ) -> None:
        """Ask for one finished answer again, with other settings if a `target` is given.

        Raises `NotAllowedError` or `ValueError`: then the answer stays as it is.
        """
        ...

    async def finish(self, run: Run, answers: Sequence[Answer], connections: Connections, by: Actor = OPERATOR) -> int:
        """Ask for those of `answers` that were left unfinished; returns how many were asked.

        Raises `RecordError` or `ValueError`: then nothing was sent.
        """
        ...

    async def left(self, run_id: str) -> None:
        """Leave an interrupted run as it is, so that nobody is asked again whether to finish it."""
        ...


class Runs(HeldRuns):
    """The runs that this process asks. To be made on its event loop."""

    def __init__(self, configuration: Configuration, pricer: Pricer) -> None:
        super().__init__()
        self.runner = Runner(configuration, pricer, None)
        self.woken = asyncio.Event()
        """Set, and replaced by a new event, when asking for a run begins."""
        self._problem: str | None = None
        self._tasks: dict[asyncio.Task[None], Run] = {}

    @property
    def recorder(self) -> Recorder | None:
        """Where runs are recorded; `None` while the record is not open."""
        return self.runner.recorder

    @property
    def problem(self) -> str | None:
        """See `Asker`."""
        return self._problem or (self.recorder.problem if self.recorder else None)

    @property
    def asked(self) -> list[Run]:
        """The runs that are being asked at present."""
        return list({run.id: run for run in self._tasks.values()}.values())

    async def open_record(self) -> bool:
        """Try to open the record; returns whether that worked. If not, `problem` says why."""
        try:
            self.runner.recorder = await Recorder.open()
        except RecordError as exc:
            self._problem = str(exc)
        else:
            self._problem = None
        return self.recorder is not None

    async def open_record_later(self) -> None:
        """Keep trying to open the record, as a server that starts late,
        a released lock or freed disk space needs no restart."""
        while self.recorder is None:
            await asyncio.sleep(AWAY_S)
            await self.open_record()

    async def fetch(self, run_id: str) -> Run | None:
        """See `Asker`."""
        return self.held(run_id)

    async def start(self, plan: Plan, connections: Connections, by: Actor = OPERATOR) -> Run:
        """See `Asker`. The run belongs to whoever is logged in; nobody asks in another's name."""
        if self.recorder is None:
            raise RecordError(self._problem or "There is no record.")
        run = self.runner.start(replace(plan, person=by.person or plan.person))
        await self.runner.begin(run, connections)
        self.keep(run)
        await self._launch(run, self.runner.ask(run, connections, session=by.session))
        return run

    async def stop(self, run: Run, answer: Answer | None = None, by: Actor = OPERATOR) -> None:
        """See `Asker`."""
        rights.check(by, STEER, run.person)
        for each in run.live if answer is None else [run.answer(answer.id)]:
            self.runner.stop(each)

    async def retry(
        self, run: Run, answer: Answer, connections: Connections, target: Target | None = None, by: Actor = OPERATOR
    ) -> None:
        """See `Asker`."""
        rights.check(by, STEER, run.person)
        live = run.answer(answer.id)
        if not live.now.live:
            self.runner.check(run, live.now, connections)
            self.keep(run)
            live.begin(target)
            await self._launch(run, self.runner.retry(run, live, connections, session=by.session))

    async def finish(self, run: Run, answers: Sequence[Answer], connections: Connections, by: Actor = OPERATOR) -> int:
        """See `Asker`. If two people click at once, the second asks nothing."""
        rights.check(by, STEER, run.person)
        ours = await self.runner.finish(run, answers, connections)
        if ours:
            self.keep(run)
            await self._launch(run, self.runner.ask(run, connections, only=ours, session=by.session))
        elif run.finished:
            self.drop(run.id)  # another process is asking them
        return len(ours)

    async def left(self, run_id: str) -> None:
        """See `Asker`."""
        if (run := self.held(run_id)) is not None:
            for each in run.live:
                each.change(interrupted_at=None)

    async def stop_all(self) -> None:
        """Stop all live answers and wait for them to end, at most `LAST_S`."""
        for run in self.all_held:
            await self.stop(run)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST_S)

    async def close(self) -> None:
        """Close the connections and the record. Raises `RecordError` if results were lost."""
        with suppress(TimeoutError):  # remaining connections end with the process
            await asyncio.wait_for(self.runner.aclose(), timeout=1)
        if self.recorder is not None:
            await self.recorder.close()

    async def _launch(self, run: Run, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks[task] = run
        task.add_done_callback(self._ended)
        woken, self.woken = self.woken, asyncio.Event()
        woken.set()
        await asyncio.sleep(0)  # lets it take its first step: from then on each answer has a task that Stop can cancel

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        if not task.cancelled() and (exc := task.exception()) is not None:
            log.error("a run ended with an unexpected error", exc_info=exc)
