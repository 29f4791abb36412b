"""The engine behind the page: one event loop in one thread, and the runs it carries.

Owns the life of runs: they outlive reruns of the script, page changes and closed tabs, and are found
again by id. Imports no Streamlit. Every method may be called from any thread.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

from dashboard.model_lists import LiveModels
from prompts.asking.runner import Connections, Runner
from prompts.core.answer import Answer
from prompts.core.combined_run import gather, ids_of
from prompts.core.forecast import History
from prompts.core.model_stats import Measured
from prompts.core.plan import Plan
from prompts.core.presets import Choice
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.history.archive import Archive
from prompts.history.retention import Retention
from prompts.record.recorder import Recorder, RecordError
from prompts.record.restore import from_record
from providers.catalogue.pricing import Pricer
from providers.config import configuration
from providers.config.configuration import Configuration
from providers.config.connections import Connection, with_key

log = logging.getLogger("collate")
T = TypeVar("T")

END_S = 10.0
"""Whoever ends a program waits so long, then kills it."""
THREAD_S = 1.0
"""How long our thread may take to end once nothing is left to do; it ends with the process in any case."""
AWAY_S = 5.0
"""How often a record that could not be opened is tried again."""
KEPT_RUNS = 200
"""Finished runs held in memory; older ones come back from the record."""


class Engine:
    """Starts, stops and finds runs. `record_problem` says in a sentence why it cannot."""

    def __init__(self) -> None:
        self._record_problem: str | None = None
        self.archive: Archive | None = None
        """What is on record; `None` where nothing can be."""
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()
        self.configuration = configuration.load()
        pricer = Pricer(self.configuration.connections, self.configuration.prices)
        self._recorder = self._open_record()
        self.archive = Archive(self._recorder.database) if self._recorder else None
        self.retention = self._keep_tidy()
        self.runner = self.call(_made(self.configuration, pricer, self._recorder))
        self.models = LiveModels(self.runner)
        if self._recorder is None:
            self.submit(self._open_later())

    def call(self, work: Coroutine[Any, Any, T], timeout_s: float | None = None) -> T:
        """Run `work` in the engine's loop and wait for it. Raises what it raises, or `TimeoutError`."""
        return self.submit(work).result(timeout_s)

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run `work` in the engine's loop without waiting."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def each(self, items: AsyncIterator[T], timeout_s: float) -> Iterator[T]:
        """What `items` yields in the engine's loop, one by one. Raises `TimeoutError` when one takes too long."""
        while True:
            try:
                yield self.call(_next(items), timeout_s)
            except StopAsyncIteration:
                return

    @property
    def mistakes(self) -> tuple[str, ...]:
        """What of the user's own files could not be followed, a sentence each."""
        prices = self.runner.pricer.problem
        return (*self.configuration.mistakes, *((f"{prices} Costs are unknown until then.",) if prices else ()))

    @property
    def record_problem(self) -> str | None:
        """Why nothing can be recorded, and therefore nothing sent; `None` when all is well."""
        return self._record_problem or (self._recorder.problem if self._recorder else None)

    def start(self, plan: Plan, connections: Connections) -> Run:
        """Put `plan` on record and begin to ask. Raises `RecordError` or `ValueError`: then nothing was sent."""
        if self._recorder is None:
            raise RecordError(self._record_problem or "There is no record.")
        run = self.runner.start(plan)
        self.call(self.runner.begin(run, connections))
        self._keep(run)
        self.call(self._launch(self.runner.ask(run, connections)))
        return run

    def stop(self, run: Run, answer: Answer | None = None) -> None:
        """Stop one answer, or all that are live. What arrived is kept."""
        for each in run.live if answer is None else [run.answer(answer.id)]:
            self._loop.call_soon_threadsafe(self.runner.stop, each)

    def retry(self, run: Run, answer: Answer, connections: Connections, target: Target | None = None) -> None:
        """Ask for one finished answer again, perhaps with other settings.

        Raises `ValueError` in words: then it stays as it is.
        """
        live = run.answer(answer.id)
        if not live.now.live:
            self.runner.check(run, live.now, connections)
            self._keep(run)
            live.begin(target)
            self.call(self._launch(self.runner.retry(run, live, connections)))

    def finish(self, run: Run, answers: Sequence[Answer], connections: Connections) -> int:
        """Ask for those of `answers` that were left unfinished when their process died; returns how many.

        Whoever clicks second asks nothing. Raises `RecordError` or `ValueError`: then nothing was sent.
        """
        ours = self.call(self.runner.finish(run, answers, connections))
        if ours:
            self._keep(run)
            self.call(self._launch(self.runner.ask(run, connections, only=ours)))
        elif run.finished:
            self._runs.pop(run.id, None)  # another process has them: it is read afresh from the record
        return len(ours)

    def leave(self, run_id: str) -> None:
        """Let an interrupted run be as it is. Raises `RecordError`."""
        if self.archive is not None:
            self.archive.leave_interrupted(run_id)
        if run_id in self._runs:
            for each in self._runs[run_id].live:
                each.change(interrupted_at=None)

    def find(self, run_id: str) -> Run | None:
        """The run of that id, live or from the record; `None` if there is none.

        The id may name several, put together to be looked at. Raises `RecordError` or `GatheringError`.
        """
        if ids_of(run_id):
            return gather(run_id, self.find, lambda each: self.archive.run_of(each) if self.archive else None)
        held = self._runs.get(run_id)
        if held is not None and not self._deleted(held):
            return held
        self._runs.pop(run_id, None)
        stored = self._recorder.load_run(run_id) if self._recorder else None
        run = from_record(stored) if stored else None
        # One that another process is still asking is read afresh each time it is opened.
        return self._keep(run) if run is not None and run.finished else run

    def read_marks(self, run_ids: Sequence[str]) -> None:
        """Show in runs that are in memory what is on record to be said of their answers. Raises `RecordError`."""
        for run in [self._runs[run_id] for run_id in run_ids if run_id in self._runs]:
            if self.archive is not None:
                run.note_feedback(self.archive.marks([cell.id for cell in run.cells]))

    def measured(self) -> tuple[Measured, ...]:
        """What was measured here of each model; nothing without a record. Raises `RecordError`."""
        return self._recorder.measured() if self._recorder else ()

    def output_history(self) -> History:
        """What earlier answers took, for forecasts; nothing without a record. Raises `RecordError`."""
        return self._recorder.output_history() if self._recorder else {}

    def choices(self, person: str = "") -> Mapping[str, Choice]:
        """That person's saved sets of models; none where nothing can be recorded. Raises `RecordError`."""
        return self._recorder.choices(person) if self._recorder else {}

    def save_choice(self, name: str, choice: Choice, person: str = "") -> None:
        """Keep a set of models. Raises `RecordError`."""
        if self._recorder is not None:
            self.call(self._recorder.save_choice(name, choice, person))

    def drop_choice(self, name: str, person: str = "") -> None:
        """Forget it. Raises `RecordError`."""
        if self._recorder is not None:
            self.call(self._recorder.drop_choice(name, person))

    def _deleted(self, run: Run) -> bool:
        """Whether it was taken off the record, here or by another program; while the record is away nothing was."""
        if not run.finished or run.keeps == "nothing" or self.archive is None:
            return False
        try:
            return not self.archive.holds(run.id)
        except RecordError:
            return False

    def close(self) -> None:
        """Stop what is live, finish the record, close the connections, end the thread. Nothing can be asked after."""
        if self._loop.is_closed():
            return
        try:
            self.call(self._close(), timeout_s=END_S)
        except RecordError as exc:
            log.error("%s", exc)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(THREAD_S)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:  # ends what is left of tasks and threads
            runner.get_loop().run_forever()

    def _keep(self, run: Run) -> Run:
        self._runs[run.id] = run
        self._runs.move_to_end(run.id)
        for old in [r for r in self._runs.values() if r.finished][: max(0, len(self._runs) - KEPT_RUNS)]:
            del self._runs[old.id]
        return run

    async def _launch(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        await asyncio.sleep(0)  # its first step: from here on each answer has a task, which Stop can end

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (exc := task.exception()) is not None:
            log.error("a run ended with an unexpected error", exc_info=exc)

    def _keep_tidy(self) -> Retention | None:
        days = self.configuration.record.keep_days
        if self.archive is None or days is None:
            return None
        retention = Retention(self.archive, days)
        self.submit(retention.keep_tidy())
        return retention

    def _open_record(self) -> Recorder | None:
        try:
            return self.call(Recorder.open())
        except RecordError as exc:
            self._record_problem = str(exc)
            return None

    async def _open_later(self) -> None:
        """A server that was started after us, a lock that is gone, room on the disk: nobody must start us again."""
        while self._recorder is None:
            await asyncio.sleep(AWAY_S)
            try:
                recorder = await Recorder.open()
            except RecordError as exc:
                self._record_problem = str(exc)
            else:
                self._recorder = self.runner.recorder = recorder
                self.archive = Archive(recorder.database)
                self._record_problem, self.retention = None, self._keep_tidy()

    async def _close(self) -> None:
        for run in self._runs.values():
            for each in run.live:
                self.runner.stop(each)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)  # answers that wait for the record are written below
        if self.retention is not None:
            self.retention.stop()
        # Whatever else is on its way, such as lists of models, ends with its connections.
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others, timeout=1)
        with suppress(TimeoutError):  # connections end with the process; the answers below would too
            await asyncio.wait_for(self.runner.aclose(), timeout=1)
        if self._recorder is not None:
            await self._recorder.close()


async def _next(items: AsyncIterator[T]) -> T:
    return await anext(items)


async def _made(setup: Configuration, pricer: Pricer, recorder: Recorder | None) -> Runner:
    """Made inside the loop: the runner's locks and clients belong to it."""
    return Runner(setup, pricer, recorder)


@cache
def engine() -> Engine:
    """The engine of this process."""
    return Engine()


def own_connections(base: Connections, keys: dict[str, str]) -> dict[str, Connection]:
    """`base` with the keys that this session typed in; they never leave it."""
    return {
        name: with_key(connection, keys[name], "The key typed here") if keys.get(name) else connection
        for name, connection in base.items()
    }
