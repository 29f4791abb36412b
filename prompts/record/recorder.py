"""The record of what is asked and answered, written while it happens.

Owns docs/design/failures.md#c1-intent-first to #c3-states: an attempt is committed before its first byte
may leave, its text while it arrives, its result once. Refuses to delay a stream: text is handed over in about a
microsecond, and a thread of its own writes.
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

PATIENCE_S = 45.0  # how long an intent waits for a locked database before nothing is sent
CLOSE_S = 3.0  # whoever ends a program waits ten seconds, then kills it; what is not written goes into a file
T = TypeVar("T")
Along = Callable[[sa.Connection], None]
"""Written in the same transaction as something else: both are on record, or neither."""
Leave = Callable[[sa.Connection], Callable[[], None]]
"""Asked before an intent is written, in its transaction. Raises `RecordError`, changing nothing, to refuse it; else it
returns what is to be written along with it."""


class Recorder:
    """Writes the record of this process. Made by `open`, used on one event loop; reading is for any thread."""

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
        """Open the record at `url` (default: see `address.default_url`) and settle what dead processes left.

        Raises `RecordError` in words for people; a file that is not understood is left as it is. One that
        can only be read is opened for that, and `problem` says so.
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
        """What it writes to, for whoever reads the same record; disposed of by `close`."""
        return self._engine

    @property
    def problem(self) -> str | None:
        """Why the record cannot be written just now, in words for people; `None` when all is well."""
        return self._writer.problem

    async def begin_run(self, run: Run) -> None:
        """The run and its answers are on record when this returns. Raises `RecordError`: then nothing may be sent."""
        drawn = sum(cell.target.settings.picture is not None for cell in run.cells)
        if run.keeps == "everything" and (lack := await asyncio.to_thread(no_room, self._engine, drawn)):
            raise RecordError(f"Nothing was sent. {lack}")
        rows = writes.new_run(run, self._me)
        # Nothing has been sent yet; the first intent takes it to the disk along with itself.
        await self._write(lambda c: writes.add_run(c, self._me, rows), hasty=True)
        self._arrivals.own([answer.id for answer in run.answers])

    async def begin_attempt(
        self, completion_id: str, number: int, *, endpoint: str, target: Target, leave: Leave | None = None
    ) -> str:
        """The intent is on disk when this returns the attempt's id. Raises `RecordError`: then nothing may be sent."""
        attempt_id, now = str(uuid4()), utc_now()
        self._arrivals.open(attempt_id, completion_id)

        def write(connection: sa.Connection) -> None:
            # Others write in the same transaction: all that may refuse comes before anything that changes.
            granted = leave(connection) if leave is not None else None
            writes.begin_attempt(connection, self._me, attempt_id, completion_id, number, endpoint, target, now)
            if granted is not None:
                granted()

        try:
            await self._write(write)
        except BaseException:
            self._arrivals.shut(attempt_id)
            # The intent may be written all the same, as when only the database's word of it is lost; nothing
            # will be sent, and the record says so.
            self._writer.submit(Job(lambda c: writes.abandon(c, attempt_id), keep=True))
            raise
        return attempt_id

    async def claim(self, completion_ids: Sequence[str]) -> frozenset[str]:
        """Take over what a dead process left unfinished: those that nobody else has taken. Raises `RecordError`."""
        taken = frozenset[str]()

        def work(connection: sa.Connection) -> None:
            nonlocal taken
            taken = writes.claim(connection, self._me, completion_ids)

        await self._write(work)
        self._arrivals.own(list(taken))
        return taken

    def note_text(self, attempt_id: str, text: str, kind: Literal["text", "thinking"] = "text") -> None:
        """One delta of storable text; on disk within a second."""
        self._arrivals.add(attempt_id, text, kind)

    def note_move(self, attempt_id: str) -> None:
        """The text so far turned out to be thinking."""
        self._arrivals.move(attempt_id)

    async def finish(
        self, attempt_id: str, completion: Completion, along: Along | None = None, contents: Mapping[str, bytes] = {}
    ) -> None:  # fmt: skip
        """The result in one transaction, with what goes `along`; asking twice changes nothing.

        `contents`: of its pictures, by digest.

        Returns early when the database is away: the result then waits in memory, is tried again
        until it is written, and `problem` says so.
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
        """What `work` returns, once it is written; raises `RecordError`, as `work` may, before it changes anything.

        `hasty`: need not outlive a power cut before something else is written.
        """
        found: list[T] = []
        await self._write(lambda connection: found.append(work(connection)), hasty=hasty)
        return found[-1]

    async def settle(self, work: Callable[[sa.Connection], None]) -> None:
        """Written for certain, and tried until it is; returns early while the database is away.

        Raises `RecordError` once the record is closed.
        """
        await self._wait(Job(work, keep=True, hasty=True))

    def own(self, id: str) -> None:
        """There is something to finish: a sign of life is shown until `disown`."""
        self._arrivals.own([id])

    def disown(self, id: str) -> None:
        """That is over."""
        self._arrivals.disown(id)

    @property
    def me(self) -> str:
        """What this recorder is called in the record, as the owner of what it asks."""
        return self._me

    async def withdraw(self, completion_id: str) -> None:
        """A queued completion will not be sent: `cancelled`."""
        self._arrivals.disown(completion_id)
        await self._wait(Job(lambda c: writes.withdraw(c, completion_id), keep=True))

    async def close(self) -> None:
        """Write what is left, or keep it in a file beside. Attempts still open become `unknown`.

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
            self._engine.dispose()

    def load_run(self, run_id: str) -> StoredRun | None:
        """A run as it is on record; `None` if there is none. Blocks for the disk. Raises `RecordError`."""
        return self._read(lambda c: reads.load_run(c, run_id))

    def recent_runs(self, limit: int = 50) -> tuple[RunSummary, ...]:
        """The newest runs, newest first. Blocks for the disk. Raises `RecordError`."""
        return self._read(lambda c: reads.recent_runs(c, limit))

    def measured(self) -> tuple[Measured, ...]:
        """What the newest runs measured of each model. Blocks for the disk. Raises `RecordError`."""
        return summarise(self._read(lambda c: reads.readings(c, NEWEST_RUNS, NEWEST_ANSWERS)))

    def output_history(self, newest: int = 1000) -> History:
        """What the newest answers of each model took, to forecast by. Blocks for the disk. Raises `RecordError`."""
        return self._read(lambda c: reads.output_history(c, newest))

    async def save_choice(self, name: str, choice: Choice, person: str = "") -> None:
        """Keep a set of models under a name. Raises `RecordError`."""
        now = utc_now()
        await self._write(lambda c: preset_store.save_choice(c, person, name, choice, now))

    async def drop_choice(self, name: str, person: str = "") -> None:
        """Forget it. Raises `RecordError`."""
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
    """Refused by what is read-only, else nothing."""
    connection.execute(recorders.delete().where(sa.false()))


def _settle(engine: sa.Engine, me: str) -> None:
    with writing(engine).begin() as connection:
        _probe(connection)
        leases.recover(connection, me)
