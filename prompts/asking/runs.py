"""The runs that this process asks: started, stopped, asked again and finished, on one event loop.

Owns their tasks and the record that they are written to, which is opened late where it is away at first.
Whoever looks at a run reads its `LiveAnswer`s; `woken` says when there is something new to look at.
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
"""How often a record that could not be opened is tried again."""
STEER: Act = "stop, ask again or finish a run"
LAST_S = 2.0
"""How long answers that were stopped may take to end; what waits for the record is written when that is closed."""


class Asker(Protocol):
    """Who asks for runs: this process, or another one on its behalf. Its methods are for one event loop."""

    @property
    def problem(self) -> str | None:
        """Why nothing can be recorded, and therefore nothing sent; `None` when all is well."""
        ...

    def held(self, run_id: str) -> Run | None:
        """The run of that id, if it is in memory."""
        ...

    def keep(self, run: Run) -> Run:
        """Hold it in memory."""
        ...

    def drop(self, run_id: str) -> None:
        """Forget it: it is read afresh from the record."""
        ...

    async def fetch(self, run_id: str) -> Run | None:
        """The run of that id, if whoever asks has it in memory, perhaps only there."""
        ...

    async def start(self, plan: Plan, connections: Connections, by: Actor = OPERATOR) -> Run:
        """Put `plan` on record as a run of `by` and begin to ask.

        Raises `RecordError` or `ValueError`: then nothing was sent.
        """
        ...

    async def stop(self, run: Run, answer: Answer | None = None, by: Actor = OPERATOR) -> None:
        """Stop one answer, or all that are live. What arrived is kept. Raises `NotAllowedError`."""
        ...

    async def retry(
        self, run: Run, answer: Answer, connections: Connections, target: Target | None = None, by: Actor = OPERATOR
    ) -> None:
        """Ask for one finished answer again, perhaps with other settings.

        Raises `NotAllowedError` or `ValueError`: then it stays.
        """
        ...

    async def finish(self, run: Run, answers: Sequence[Answer], connections: Connections, by: Actor = OPERATOR) -> int:
        """Ask for those of `answers` that were left unfinished; returns how many.

        Raises `RecordError` or `ValueError`: then nothing was sent.
        """
        ...

    async def left(self, run_id: str) -> None:
        """An interrupted run stays as it is: nobody is asked to finish it again."""
        ...


class Runs(HeldRuns):
    """The runs of this process. Made within its event loop."""

    def __init__(self, configuration: Configuration, pricer: Pricer) -> None:
        super().__init__()
        self.runner = Runner(configuration, pricer, None)
        self.woken = asyncio.Event()
        """Set, and replaced by another, when a run begins to be asked."""
        self._problem: str | None = None
        self._tasks: dict[asyncio.Task[None], Run] = {}

    @property
    def recorder(self) -> Recorder | None:
        """What is written to; `None` while the record is away."""
        return self.runner.recorder

    @property
    def problem(self) -> str | None:
        """See `Asker`."""
        return self._problem or (self.recorder.problem if self.recorder else None)

    @property
    def asked(self) -> list[Run]:
        """The runs that are being asked just now."""
        return list({run.id: run for run in self._tasks.values()}.values())

    async def open_record(self) -> bool:
        """Open the record; whether it could be. If not, `problem` says why."""
        try:
            self.runner.recorder = await Recorder.open()
        except RecordError as exc:
            self._problem = str(exc)
        else:
            self._problem = None
        return self.recorder is not None

    async def open_record_later(self) -> None:
        """A server that was started after us, a lock that is gone, room on the disk: nobody must start us again."""
        while self.recorder is None:
            await asyncio.sleep(AWAY_S)
            await self.open_record()

    async def fetch(self, run_id: str) -> Run | None:
        """See `Asker`."""
        return self.held(run_id)

    async def start(self, plan: Plan, connections: Connections, by: Actor = OPERATOR) -> Run:
        """See `Asker`. Nobody asks in another's name: whoever has logged in is whose run it is."""
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
        """See `Asker`. Whoever clicks second asks nothing."""
        rights.check(by, STEER, run.person)
        ours = await self.runner.finish(run, answers, connections)
        if ours:
            self.keep(run)
            await self._launch(run, self.runner.ask(run, connections, only=ours, session=by.session))
        elif run.finished:
            self.drop(run.id)  # another process has them
        return len(ours)

    async def left(self, run_id: str) -> None:
        """See `Asker`."""
        if (run := self.held(run_id)) is not None:
            for each in run.live:
                each.change(interrupted_at=None)

    async def stop_all(self) -> None:
        """Stop what is live, and let it end."""
        for run in self._runs.values():
            await self.stop(run)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST_S)

    async def close(self) -> None:
        """Close the connections and finish the record. Raises `RecordError` if results were lost."""
        with suppress(TimeoutError):  # connections end with the process
            await asyncio.wait_for(self.runner.aclose(), timeout=1)
        if self.recorder is not None:
            await self.recorder.close()

    async def _launch(self, run: Run, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks[task] = run
        task.add_done_callback(self._ended)
        woken, self.woken = self.woken, asyncio.Event()
        woken.set()
        await asyncio.sleep(0)  # its first step: from here on each answer has a task, which Stop can end

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        if not task.cancelled() and (exc := task.exception()) is not None:
            log.error("a run ended with an unexpected error", exc_info=exc)
