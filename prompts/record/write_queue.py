"""A single thread that writes: everything waiting goes into one transaction, and nothing submitted is dropped.

Owns the order of writing, waiting for a locked database, and keeping results while the database is unreachable. Knows
nothing about what is written.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from prompts.record.database import BUSY_S, RecordError, hasty, sentence, where, writing
from prompts.record.database_errors import is_locked, is_trouble

log = logging.getLogger("collate")

RETRY_S = 0.25
AWAY_S = 2.0  # seconds between checks of a database that had a problem, if there is nothing to write
BATCH = 500
Work = Callable[[sa.Connection], None]


def _future() -> Future[None]:
    future: Future[None] = Future()
    future.set_running_or_notify_cancel()  # submitted work is written even if nobody waits for it any more
    return future


@dataclass(eq=False, slots=True)
class Job:
    """One piece of work for the thread."""

    work: Work
    keep: bool = False
    """Whether it is a result that exists nowhere else, and is retried until it is written."""
    patience_s: float = 0.0
    """Seconds to wait for a locked database before giving up; ignored for jobs that are kept."""
    hasty: bool = False
    """Whether it may be lost by a power cut until something else is written."""
    aside: Callable[[], str] | None = None
    """Returns the result as a line of text, for a file next to a record that cannot be written."""
    future: Future[None] = field(default_factory=_future)
    since: float = field(default_factory=time.monotonic)

    def settle(self, error: Exception | None = None) -> None:
        """Tell whoever waits; only the first call counts."""
        if not self.future.done():
            self.future.set_exception(error) if error else self.future.set_result(None)


class Chores(Protocol):
    """Periodic tasks of the thread."""

    def pause_s(self) -> float:
        """Seconds that the thread may sleep."""
        ...

    def job(self) -> Job | None:
        """What is due now; `None` if nothing is."""
        ...


class Writer:
    """Owns the thread. `problem` is a sentence while something cannot be written, else `None`.

    `probe` changes nothing and fails if nothing can be written; `problem` is what is known at the start.
    """

    def __init__(self, engine: sa.Engine, chores: Chores, probe: Work, problem: str | None = None) -> None:
        self.problem = problem
        self._engine, self._hasty, self._chores, self._probe = writing(engine), hasty(engine), chores, probe
        self._away = problem is not None
        self._queue: deque[Job] = deque()
        self._hand: list[Job] = []
        self._wake = threading.Event()
        self._closing_until: float | None = None
        self._lost: list[str] = []
        self._thread = threading.Thread(target=self._work, name="collate-record", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> Future[None]:
        """Queue a job. Raises `RecordError` once closed."""
        if self._closing_until is not None:
            raise RecordError("The record is closed.")
        self._queue.append(job)
        self._wake.set()
        return job.future

    @property
    def lost(self) -> str | None:
        """A sentence on what will never be written; `None` if nothing is lost."""
        return f"{_results(len(self._lost))} could not be recorded. {self._lost[0]}" if self._lost else None

    @property
    def going_on(self) -> bool:
        """Whether its thread has not ended."""
        return self._thread.is_alive()

    def close(self, last: Job, patience_s: float) -> list[str]:
        """Write what is left, then `last`. Returns the results that could not be written in that time, as lines.

        This includes one that the thread is still writing, as an unresponsive database may hold it for longer; a result
        that is recorded twice counts once.
        """
        if self._closing_until is not None:
            return []
        self._queue.append(last)
        self._closing_until = time.monotonic() + patience_s
        self._wake.set()
        self._thread.join(patience_s + BUSY_S + RETRY_S)  # its last attempt may begin at the last moment
        left = dict.fromkeys([*self._queue, *self._hand])
        return [job.aside() for job in left if job.keep and job.aside]

    def _work(self) -> None:
        while True:
            self._wake.wait(RETRY_S if self._hand else min(self._chores.pause_s(), AWAY_S if self._away else math.inf))
            self._wake.clear()
            closing = self._closing_until  # read before the queue, so that everything submitted before closing is seen
            while self._queue and len(self._hand) < BATCH:
                self._hand.append(self._queue[0])
                self._queue.popleft()  # removed last, so that `close` finds each job in one of the two
            if self._queue:
                self._wake.set()
            if (chore := self._chores.job()) is not None:
                self._hand.insert(0, chore)
            if self._away and not self._hand:
                self._hand = [Job(self._probe)]
            self._hand = self._write(self._hand)
            if closing and not self._queue and (not self._hand or time.monotonic() > closing):
                # `close` may have given up waiting for us.
                self._engine.dispose()
                return

    def _write(self, jobs: list[Job]) -> list[Job]:
        """Write `jobs` in one transaction and return those that must be retried."""
        if not jobs:
            return []
        refused: dict[Job, RecordError] = {}
        try:
            with (self._hasty if all(job.hasty for job in jobs) else self._engine).begin() as connection:
                for job in jobs:
                    try:
                        job.work(connection)
                    except RecordError as exc:  # refuses before it changes anything
                        refused[job] = exc
        except Exception as exc:  # noqa: BLE001 -- no exception may lose an answer
            if isinstance(exc, DBAPIError) and is_trouble(exc):
                return self._postpone(jobs, exc)
            if len(jobs) > 1:
                # One job is at fault; write each by itself, so that the others succeed.
                return [again for job in jobs for again in self._write([job])]
            self._give_up(jobs[0], exc)
            return []
        self._away, self.problem = False, self._lost[-1] if self._lost else None
        for job in jobs:
            job.settle(refused.get(job))
        return []

    def _postpone(self, jobs: list[Job], exc: DBAPIError) -> list[Job]:
        reason, locked, now = sentence(exc, self._engine), is_locked(exc), time.monotonic()
        again = [job for job in jobs if job.keep or (locked and now < job.since + job.patience_s)]
        self._away, kept = True, sum(job.aside is not None for job in again)
        waiting = f" {kept} finished {'answer is' if kept == 1 else 'answers are'} kept in memory; saving is retried."
        self.problem = reason + (waiting if kept else "")
        for job in jobs:
            if job.keep:
                job.settle()
            elif job not in again:
                job.settle(RecordError(reason))
        return again

    def _give_up(self, job: Job, exc: Exception) -> None:
        """Report a defect, ours or the driver's: the screen shows what the record does not have."""
        # Only the first line, as the rest may quote the prompt.
        detail = next(iter(str(exc.orig if isinstance(exc, DBAPIError) else exc).splitlines()), "")
        message = f"Something could not be written to the record {where(self._engine)}: {detail}"
        log.error("%s (%s)", message, type(exc).__name__)
        self._away = False  # the database itself works, so checking it again would find nothing
        if job.keep:
            self._lost.append(message)
            self.problem = message
        job.settle(RecordError(message))


def _results(count: int) -> str:
    return f"{count} result{'s' * (count != 1)}"
