"""Records what is asked and answered while it happens.

Owns docs/design/failures.md#c1-intent-first to #c3-states: an attempt is committed before its first byte may be sent,
its text while it arrives, its result once. Never delays a stream: passing on text takes about a microsecond, and a
separate thread writes it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Self, TypeVar
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from prompts.core.forecast import History
from prompts.core.model_stats import NEWEST_ANSWERS, NEWEST_RUNS, Measured, summarise
from prompts.core.presets import Choice
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record import deletion, leases, preset_store, reads, spool, writes
from prompts.record.database import RecordError, open_database, patiently, sentence, writing
from prompts.record.database_errors import is_read_only
from prompts.record.picture_store import no_room
from prompts.record.rows import RunSummary, StoredRun
from prompts.record.schema import recorders
from prompts.record.text_buffer import Arrivals
from prompts.record.write_queue import Job, Writer
from providers.completion import Completion
from providers.measuring.measure import utc_now

__all__ = ["RecordError", "Recorder"]

PATIENCE_S = 45.0  # seconds an intent waits for a locked database before nothing is sent
CLOSE_S = 3.0  # service managers kill a process ten seconds after the signal; unwritten results go into a file
T = TypeVar("T")
Along = Callable[[sa.Connection], None]
"""Written in the same transaction as something else, so that both are on record or neither."""
Leave = Callable[[sa.Connection], Callable[[], None]]
"""Called before an intent is written, in its transaction. Raises `RecordError`, changing nothing, to refuse it; else
it returns a function that writes what belongs to it."""


class Recorder:
    """Records the work of this process. Made by `open`, used on one event loop; reading is for any thread."""

    def __init__(
        self, engine: sa.Engine, me: str, *, patience_s: float, problem: str | None = None, untidy: bool = False
    ) -> None:  # fmt: skip
        self._engine, self._me, self._patience_s = engine, me, patience_s
        self._arrivals = Arrivals(me)
        self._writer = Writer(engine, self._arrivals, _probe, problem)
        self._closing = threading.Event()
        self._tidier = threading.Thread(target=deletion.go_on, args=(engine, self._closing), daemon=True)
        if untidy:
            self._tidier.start()

    @classmethod
    async def open(cls, url: str | None = None, *, patience_s: float = PATIENCE_S) -> Self:
        """Open the record at `url` (default: see `database_url.default_url`) and settle what dead processes left.

        Raises `RecordError` with a message for people; a file that is not understood is left unchanged. A read-only
        record is opened for reading, and `problem` says so.
        """
        return await asyncio.to_thread(cls._open, url, patience_s)

    @classmethod
    def _open(cls, url: str | None, patience_s: float) -> Self:
        engine, me, problem, untidy = open_database(url), leases.enlist(), None, False
        try:
            patiently(lambda: _settle(engine, me))
            spool.take_in(engine)
            untidy = deletion.is_broken_off(engine)
        except DBAPIError as exc:
            problem = sentence(exc, engine)
            if not is_read_only(exc):
                engine.dispose()
                raise RecordError(problem) from exc
        return cls(engine, me, patience_s=patience_s, problem=problem, untidy=untidy)

    @property
    def database(self) -> sa.Engine:
        """The engine it writes to, for others that read the same record; disposed of by `close`."""
        return self._engine

    @property
    def problem(self) -> str | None:
        """Why the record cannot be written at present, for people; `None` if all is well."""
        return self._writer.problem

    async def begin_run(self, run: Run) -> None:
        """Record a run and its answers. Raises `RecordError`: then nothing may be sent."""
        drawn = sum(cell.target.settings.picture is not None for cell in run.cells)
        if drawn and run.keeps == "everything" and (lack := await asyncio.to_thread(no_room, self._engine, drawn)):
            raise RecordError(f"Nothing was sent. {lack}")
        rows = writes.new_run(run, self._me)
        # Nothing has been sent yet, so this may reach the disk together with the first intent.
        await self._write(lambda c: writes.add_run(c, self._me, rows), hasty=True)
        self._arrivals.own([answer.id for answer in run.answers])

    async def begin_attempt(
        self, completion_id: str, number: int, *, endpoint: str, target: Target, leave: Leave | None = None
    ) -> str:
        """Record an intent and return the attempt's id; it is on disk by then.

        Raises `RecordError`: then nothing may be sent.
        """
        attempt_id, now = str(uuid4()), utc_now()
        self._arrivals.open(attempt_id, completion_id)

        def write(connection: sa.Connection) -> None:
            # The transaction is shared with other jobs, so everything that may refuse comes before anything that
            # writes.
            granted = leave(connection) if leave is not None else None
            writes.begin_attempt(connection, self._me, attempt_id, completion_id, number, endpoint, target, now)
            if granted is not None:
                granted()

        try:
            await self._write(write)
        except BaseException:
            self._arrivals.shut(attempt_id)
            # The intent may have been written all the same, for example if only the reply was lost; so it is
            # recorded that nothing will be sent.
            self._writer.submit(Job(lambda c: writes.abandon(c, attempt_id), keep=True))
            raise
        return attempt_id

    async def claim(self, completion_ids: Sequence[str]) -> frozenset[str]:
        """Take over what a dead process left unfinished; returns the ones we got. Raises `RecordError`."""
        taken = frozenset[str]()

        def work(connection: sa.Connection) -> None:
            nonlocal taken
            taken = writes.claim(connection, self._me, completion_ids)

        await self._write(work)
        self._arrivals.own(list(taken))
        return taken

    def note_text(self, attempt_id: str, text: str, kind: Literal["text", "thinking"] = "text") -> None:
        """Add one delta of storable text; it is on disk within a second."""
        self._arrivals.add(attempt_id, text, kind)

    def note_move(self, attempt_id: str) -> None:
        """Note that the text so far turned out to be thinking."""
        self._arrivals.move(attempt_id)

    async def finish(
        self, attempt_id: str, completion: Completion, along: Along | None = None, contents: Mapping[str, bytes] = {}
    ) -> None:  # fmt: skip
        """Record the result, together with what `along` writes; a second call changes nothing.

        `contents`: of its pictures, by digest.

        If the database is unreachable this returns early: the result waits in memory, writing is retried, and `problem`
        says so.
        """
        now = utc_now()
        self._arrivals.shut(attempt_id)

        def write(connection: sa.Connection) -> None:
            if writes.end(connection, attempt_id, writes.result(completion, now, contents)) and along is not None:
                along(connection)

        def aside() -> str:
            return spool.line(attempt_id, writes.result(completion, now, contents))

        await self._wait(Job(write, keep=True, aside=aside))

    async def write(self, work: Callable[[sa.Connection], T], *, hasty: bool = False) -> T:
        """Run `work` in a transaction and return its result; raises `RecordError`, as `work` may before it writes
        anything.

        `hasty`: may be lost by a power cut until something else is written.
        """
        found: list[T] = []
        await self._write(lambda connection: found.append(work(connection)), hasty=hasty)
        return found[-1]

    async def settle(self, work: Callable[[sa.Connection], None]) -> None:
        """Run `work` in a transaction, retrying until it succeeds; returns early while the database is unreachable.

        Raises `RecordError` if the record is closed.
        """
        await self._wait(Job(work, keep=True, hasty=True))

    def own(self, id: str) -> None:
        """Renew our lease regularly until `disown`, as there is something to finish."""
        self._arrivals.own([id])

    def disown(self, id: str) -> None:
        """The opposite of `own`: this is finished."""
        self._arrivals.disown(id)

    @property
    def me(self) -> str:
        """The id of this recorder, as owner of what it asks."""
        return self._me

    async def withdraw(self, completion_id: str) -> None:
        """Record that a queued completion will not be sent: `cancelled`."""
        self._arrivals.disown(completion_id)
        await self._wait(Job(lambda c: writes.withdraw(c, completion_id), keep=True))

    async def close(self) -> None:
        """Write what is left, or save it in a file next to the record. Attempts still open become `unknown`.

        Raises `RecordError` if results were lost.
        """
        self._closing.set()
        farewell = Job(lambda c: leases.leave(c, self._me), patience_s=CLOSE_S)
        self._arrivals.hurry()
        try:
            if left := await asyncio.to_thread(self._writer.close, farewell, CLOSE_S):
                await asyncio.to_thread(spool.save, self._engine, left)
            if self._writer.lost:
                raise RecordError(self._writer.lost)
        finally:
            if self._tidier.is_alive():
                await asyncio.to_thread(self._tidier.join, 1.0)
            leases.discharge(self._me)
            if not self._writer.going_on:  # otherwise it closes all connections when it ends, its own included
                self._engine.dispose()

    def load_run(self, run_id: str) -> StoredRun | None:
        """The run with that id as recorded; `None` if there is none. Blocks for the disk. Raises `RecordError`."""
        return self._read(lambda c: reads.load_run(c, run_id))

    def recent_runs(self, limit: int = 50) -> tuple[RunSummary, ...]:
        """The newest runs, newest first. Blocks for the disk. Raises `RecordError`."""
        return self._read(lambda c: reads.recent_runs(c, limit))

    def measured(self) -> tuple[Measured, ...]:
        """The measurements of each model in the newest runs. Blocks for the disk. Raises `RecordError`."""
        return summarise(self._read(lambda c: reads.readings(c, NEWEST_RUNS, NEWEST_ANSWERS)))

    def output_history(self, newest: int = 1000) -> History:
        """The token counts of the newest answers of each model, for forecasts.

        Blocks for the disk. Raises `RecordError`.
        """
        return self._read(lambda c: reads.output_history(c, newest))

    async def save_choice(self, name: str, choice: Choice, person: str = "") -> None:
        """Save a set of models under a name. Raises `RecordError`."""
        now = utc_now()
        await self._write(lambda c: preset_store.save_choice(c, person, name, choice, now))

    async def drop_choice(self, name: str, person: str = "") -> None:
        """Delete a saved set of models. Raises `RecordError`."""
        await self._write(lambda c: preset_store.drop_choice(c, person, name))

    def choices(self, person: str = "") -> Mapping[str, Choice]:
        """The saved sets by name. Blocks for the disk. Raises `RecordError`."""
        return self._read(lambda c: preset_store.load_choices(c, person))

    def _read(self, query: Callable[[sa.Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return query(connection)
        except DBAPIError as exc:
            raise RecordError(sentence(exc, self._engine)) from exc

    async def _write(self, work: Callable[[sa.Connection], None], *, hasty: bool = False) -> None:
        await self._wait(Job(work, patience_s=self._patience_s, hasty=hasty))

    async def _wait(self, job: Job) -> None:
        await asyncio.wrap_future(self._writer.submit(job))


def _probe(connection: sa.Connection) -> None:
    """A statement that fails on a read-only database and otherwise changes nothing."""
    connection.execute(recorders.delete().where(sa.false()))


def _settle(engine: sa.Engine, me: str) -> None:
    with writing(engine).begin() as connection:
        _probe(connection)
        leases.recover(connection, me)
