"""The engine behind the pages: everything they may do with runs, whichever process asks the models.

On its event loop this process talks to the asking process, or asks by itself (see `sides.py`). Runs outlive
reruns of the script, page changes and closed tabs, and are found again by id. Imports no Streamlit. Every method may
be called from any thread.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from dashboard.loop_thread import LoopThread
from dashboard.model_lists import LiveModels
from dashboard.sides import Apart, Here, MakeSide, Side
from prompts.asking.runner import Connections
from prompts.asking.runs import STEER
from prompts.core.answer import Answer
from prompts.core.combined_run import gather, ids_of
from prompts.core.forecast import History
from prompts.core.model_stats import Measured
from prompts.core.plan import Plan
from prompts.core.presets import Choice
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.decide.watched import watch_when_wanted
from prompts.history.archive import Archive
from prompts.history.retention import Retention
from prompts.history.settings_in_force import note_settings
from prompts.record import rights, trail
from prompts.record.recorder import RecordError
from prompts.record.restore import from_record
from prompts.record.rights import OPERATOR, Actor
from providers.catalogue.pricing import Pricer
from providers.config import configuration
from providers.config.configuration import Configuration
from providers.config.connections import Connection
from providers.interface import Adjustment, ModelInfo, Provider, Request
from providers.registry import list_models, open_provider

if TYPE_CHECKING:
    from prompts.experiments.experiments import Experiments

log = logging.getLogger("collate")

END_S = 10.0
"""Seconds that closing may take: whatever stops a program usually waits about so long before killing it."""
AWAY_S = 5.0
"""Seconds between attempts to open a record that could not be opened."""
SHOWN_S = 2.0
"""Seconds in which a browser fetches and runs the parts of a page that was drawn: imports would hold up both."""


class Engine(LoopThread):
    """Starts, stops and finds runs; `record_problem` says why it cannot, if it cannot."""

    def __init__(self, side: MakeSide = Here) -> None:
        super().__init__("engine")
        self._record_problem: str | None = None
        self.archive: Archive | None = None
        """Reads and changes the record; `None` as long as that cannot be opened."""
        self.retention: Retention | None = None
        self._providers: dict[Connection, Provider] = {}
        self._opening, self._drawn = threading.Lock(), False  # each connection is opened once, by whichever page
        self.configuration = configuration.load()
        self.pricer = Pricer(self.configuration.connections, self.configuration.prices)
        self._side = self.call(_made(side, self.configuration, self.pricer, self.call))
        self._runs, self.reach = self._side.runs, self._side.reach
        self.models = LiveModels(self._list)
        if not self.call(self._open()):
            self.submit(self._open_later())

    @property
    def side(self) -> Side:
        """The part that asks models, or reaches the process that does; its coroutines belong to this engine's loop."""
        return self._side

    @property
    def mistakes(self) -> tuple[str, ...]:
        """What is wrong in the user's own files (settings, prices), one sentence each."""
        prices = self.pricer.problem
        return (*self.configuration.mistakes, *((f"{prices} Costs are unknown until then.",) if prices else ()))

    @property
    def experiments(self) -> Experiments | None:
        """Experiments over cases; `None` if nothing can be recorded."""
        return self._side.experiments

    @property
    def record_problem(self) -> str | None:
        """Why nothing can be recorded and so nothing is sent, as a sentence; `None` while all is well."""
        return self._record_problem or self._runs.problem

    def provider(self, connection: Connection) -> Provider:
        """The provider of a connection, opened in this process: for what needs no request to a model."""
        with self._opening:
            if connection not in self._providers:
                self._providers[connection] = open_provider(connection)
            return self._providers[connection]

    async def _list(self, connection: Connection) -> tuple[ModelInfo, ...]:
        """A provider's live list of models; the built-in one is read in this process: the first page waits for it."""
        if connection.kind == "builtin":
            return await list_models(self.provider(connection))
        return await self.reach.models(connection)

    def adjustments(self, connection: Connection, request: Request) -> tuple[Adjustment, ...]:
        """What would be changed or left out of `request` on this connection. Needs no network."""
        return self.provider(connection).adjustments(request)

    def page_drawn(self, *more: Callable[[], object]) -> None:
        """Call when a page has been drawn: after the first, load in the background what a run needs, and `more`."""
        if not self._drawn:
            self._drawn = True
            self.submit(self._load(more))

    async def _load(self, more: Sequence[Callable[[], object]]) -> None:
        await asyncio.sleep(SHOWN_S)
        usable = [each for each in self.configuration.connections.values() if each.offered and each.usable]
        await asyncio.gather(self._side.page_drawn(usable), *(asyncio.to_thread(load) for load in more))

    def read_afresh(self, run_id: str) -> None:
        """Drop a run from memory because it has changed on record; `find` reads it anew."""
        self._runs.drop(run_id)

    def start(self, plan: Plan, connections: Connections, by: Actor = OPERATOR) -> Run:
        """Record `plan` as a run of `by` and begin to ask. After `RecordError` or `ValueError`, nothing was sent."""
        if self.archive is None:
            raise RecordError(self._record_problem or "There is no record.")
        return self.call(self._runs.start(plan, connections, by))

    def stop(self, run: Run, answer: Answer | None = None, by: Actor = OPERATOR) -> None:
        """Stop one answer, or all live ones (`None`). What has arrived is kept. Raises `NotAllowedError`."""
        rights.check(by, STEER, run.person)
        self.submit(self._runs.stop(run, answer, by))

    def retry(
        self, run: Run, answer: Answer, connections: Connections, target: Target | None = None, by: Actor = OPERATOR
    ) -> None:
        """Ask for one finished answer again, as `target` says. If it raises `RecordError` or `ValueError`, it stays."""
        self.call(self._runs.retry(run, answer, connections, target, by))

    def finish(self, run: Run, answers: Sequence[Answer], connections: Connections, by: Actor = OPERATOR) -> int:
        """Ask for those of `answers` that were unfinished when their process died; returns how many are asked.

        If two people click, the second asks nothing. If it raises `RecordError` or `ValueError`, nothing was sent.
        """
        return self.call(self._runs.finish(run, answers, connections, by))

    def leave(self, run_id: str, by: Actor = OPERATOR) -> None:
        """Leave an interrupted run as it is: it is no longer offered for finishing. Raises `RecordError`."""
        if self.archive is not None:
            self.archive.leave_interrupted(run_id, by)
        self.call(self._runs.left(run_id))

    def find(self, run_id: str) -> Run | None:
        """The run with that id, live or from the record; `None` if there is none.

        The id may name several runs that are to be shown side by side. Raises `RecordError` or `GatheringError`.
        """
        if ids_of(run_id):
            return gather(run_id, self.find, lambda each: self.archive.run_of(each) if self.archive else None)
        held = self._runs.held(run_id)
        if held is not None and not self._deleted(held):
            return held
        self._runs.drop(run_id)
        stored = self.archive.run(run_id) if self.archive else None
        run = from_record(stored) if stored else None
        if run is not None and run.finished:
            return self._runs.keep(run)
        # The asking process may hold it. A run of another program is read from the record each time it is opened.
        with suppress(RecordError):
            fetched = self.call(self._runs.fetch(run_id))
            if fetched is not None and not self._deleted(fetched):
                return fetched
        self._runs.drop(run_id)
        return run

    def read_marks(self, run_ids: Sequence[str]) -> None:
        """Refresh the feedback on the answers of runs in memory from the record. Raises `RecordError`."""
        for run in filter(None, map(self._runs.held, run_ids)):
            if self.archive is not None:
                run.note_feedback(self.archive.marks([cell.id for cell in run.cells]))

    def picture(self, digest: str) -> bytes | None:
        """The bytes of a recorded picture; `None` if it is not there or the record cannot be read now."""
        with suppress(RecordError):
            return self.archive.picture(digest) if self.archive else None
        return None

    def measured(self) -> tuple[Measured, ...]:
        """What was measured of each model; empty without a record. Raises `RecordError`."""
        return self.archive.measured() if self.archive else ()

    def output_history(self) -> History:
        """Token counts of earlier answers, for forecasts; empty without a record. Raises `RecordError`."""
        return self.archive.output_history() if self.archive else {}

    def choices(self, person: str = "") -> Mapping[str, Choice]:
        """A person's saved sets of models, by name; empty without a record. Raises `RecordError`."""
        return self.archive.choices(person) if self.archive else {}

    def save_choice(self, name: str, choice: Choice, person: str = "") -> None:
        """Save a set of models under a name. Raises `RecordError`."""
        if self.archive is not None:
            self.archive.save_choice(name, choice, person)

    def drop_choice(self, name: str, person: str = "") -> None:
        """Delete a saved set of models. Raises `RecordError`."""
        if self.archive is not None:
            self.archive.drop_choice(name, person)

    def note(self, act: trail.Act, what: trail.What, by: Actor = OPERATOR) -> None:
        """Note an act in the audit trail, before it is done. If this raises `RecordError`, it must not be done."""
        if self.archive is not None:
            self.archive.write(lambda connection: trail.note(connection, by, act, what))

    def _deleted(self, run: Run) -> bool:
        """Whether the run was deleted from the record, here or by another program; no, while that cannot be read."""
        if not run.finished or run.keeps == "nothing" or self.archive is None:
            return False
        try:
            return not self.archive.holds(run.id)
        except RecordError:
            return False

    def close(self) -> None:
        """Finish writing the record, close the connections and end the thread. Nothing can be asked afterwards.

        Answers that this process asks for are stopped; those that another process asks for go on.
        """
        if self.ended:
            return
        try:
            self.call(self._close(), timeout_s=END_S)
        except RecordError as exc:
            log.error("%s", exc)
        except TimeoutError:
            log.error("what was being recorded was not done within %g s; the next start finds and reports it", END_S)
        finally:
            self.end()
        if (wait_s := self.configuration.wait_for_answers_s) is not None:
            self._side.see_out(wait_s)

    def _keep_tidy(self, archive: Archive) -> Retention | None:
        days = self.configuration.record.keep_days
        if days is None:
            return None
        retention = Retention(archive, days)
        self.submit(retention.keep_tidy())
        return retention

    async def _open(self) -> bool:
        try:
            self.archive = Archive(await self._side.open())
        except RecordError as exc:
            self._record_problem = str(exc)
            return False
        self._record_problem, self.retention = None, self._keep_tidy(self.archive)
        self.submit(asyncio.to_thread(note_settings, self.archive, self.configuration))
        # With the keys of the configuration, never those of a session.
        self.submit(watch_when_wanted(self.archive, lambda: self.experiments, self.configuration.connections))
        return True

    async def _open_later(self) -> None:
        """Try until the record opens (its server is up, its lock released), so that nobody must restart Collate."""
        while self.archive is None:
            await asyncio.sleep(AWAY_S)
            await self._open()

    async def _close(self) -> None:
        await self._side.stop()
        if self.retention is not None:
            self.retention.stop()
        await self.end_others()  # such as refreshes of model lists, which would end with their connections anyway
        for provider in self._providers.values():
            with suppress(TimeoutError):  # the process ends soon, and its connections with it
                await asyncio.wait_for(provider.aclose(), timeout=1)
        await self._side.close()


async def _made(side: MakeSide, setup: Configuration, pricer: Pricer, wait: Any) -> Side:
    """Make the side inside the event loop, because locks and clients belong to the loop that they are made in."""
    return side(setup, pricer, wait)


_side: MakeSide = Here


def ask_apart() -> None:
    """Let a separate process ask the models. The server calls this before `engine` is first used."""
    global _side
    _side = Apart


@cache
def engine() -> Engine:
    """The engine of this process, made at the first call."""
    return Engine(_side)
