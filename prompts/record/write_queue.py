"""One thread that writes: everything waiting goes into one transaction, and nothing it was given is dropped.

Owns the order of writing, the waiting for a locked database, and the keeping of results while the
database is away. Refuses to know what is written.
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
AWAY_S = 2.0  # how often a database that was in trouble is looked at, if there is nothing to write
BATCH = 500
Work = Callable[[sa.Connection], None]


def _future() -> Future[None]:
    future: Future[None] = Future()
    future.set_running_or_notify_cancel()  # what was handed in is written, whoever stops waiting for it
    return future


@dataclass(eq=False, slots=True)
class Job:
    """One piece of work for the thread."""

    work: Work
    keep: bool = False
    """A result that exists nowhere else: tried until it is written."""
    patience_s: float = 0.0
    """How long to wait for a locked database before giving up; nothing to a job that is kept."""
    hasty: bool = False
    """Need not outlive a power cut before something else is written."""
    aside: Callable[[], str] | None = None
    """A result as a line of text, for a file beside a record that cannot be written."""
    future: Future[None] = field(default_factory=_future)
    since: float = field(default_factory=time.monotonic)

    def settle(self, error: Exception | None = None) -> None:
        """Tell whoever waits; only the first word counts."""
        if not self.future.done():
            self.future.set_exception(error) if error else self.future.set_result(None)


class Chores(Protocol):
    """What the thread does of its own accord."""

    def pause_s(self) -> float:
        """How long it may sleep."""
        ...

    def job(self) -> Job | None:
        """What is due now."""
        ...


class Writer:
    """Owns the thread. `problem` is a sentence while something cannot be written, else `None`.

    `probe` changes nothing and fails where nothing can be written; `problem` is what is known at the start.
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
        """Hand over a job. Raises `RecordError` once closed."""
        if self._closing_until is not None:
            raise RecordError("The record is closed.")
        self._queue.append(job)
        self._wake.set()
        return job.future

    @property
    def lost(self) -> str | None:
        """What never will be written, in words for people; `None`: nothing."""
        return f"{_results(len(self._lost))} could not be recorded. {self._lost[0]}" if self._lost else None

    def close(self, last: Job, patience_s: float) -> list[str]:
        """Write what is left, then `last`. Returns the results that could not be written in that time, as lines.

        One that the thread is still writing is among them: a database that does not answer holds it longer than
        that, and a result that is there twice is taken once.
        """
        if self._closing_until is not None:
            return []
        self._queue.append(last)
        self._closing_until = time.monotonic() + patience_s
        self._wake.set()
        self._thread.join(patience_s + BUSY_S + RETRY_S)  # its last try may begin at the last moment
        left = dict.fromkeys([*self._queue, *self._hand])
        return [job.aside() for job in left if job.keep and job.aside]

    def _work(self) -> None:
        while True:
            self._wake.wait(RETRY_S if self._hand else min(self._chores.pause_s(), AWAY_S if self._away else math.inf))
            self._wake.clear()
            closing = self._closing_until  # read before the queue: what was submitted before closing is in it
            while self._queue and len(self._hand) < BATCH:
                self._hand.append(self._queue[0])
                self._queue.popleft()  # only now: whoever closes finds each job in one of the two
            if self._queue:
                self._wake.set()
            if (chore := self._chores.job()) is not None:
                self._hand.insert(0, chore)
            if self._away and not self._hand:
                self._hand = [Job(self._probe)]
            self._hand = self._write(self._hand)
            if closing and not self._queue and (not self._hand or time.monotonic() > closing):
                return

    def _write(self, jobs: list[Job]) -> list[Job]:
        """Write `jobs` in one transaction and return those that must be tried again."""
        if not jobs:
            return []
        refused: dict[Job, RecordError] = {}
        try:
            with (self._hasty if all(job.hasty for job in jobs) else self._engine).begin() as connection:
                for job in jobs:
                    try:
                        job.work(connection)
                    except RecordError as exc:  # says no before it changes anything
                        refused[job] = exc
        except Exception as exc:  # noqa: BLE001 -- an answer is not lost to whatever it was
            if isinstance(exc, DBAPIError) and is_trouble(exc):
                return self._postpone(jobs, exc)
            if len(jobs) > 1:
                # One job is at fault; the others must not suffer for it.
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
        waiting = f" {kept} finished {'answer is' if kept == 1 else 'answers are'} kept in memory; saving goes on."
        self.problem = reason + (waiting if kept else "")
        for job in jobs:
            if job.keep:
                job.settle()
            elif job not in again:
                job.settle(RecordError(reason))
        return again

    def _give_up(self, job: Job, exc: Exception) -> None:
        """A defect, ours or the driver's: said aloud, for the screen still has what the record has not."""
        # The first line only: what follows may quote the prompt.
        detail = next(iter(str(exc.orig if isinstance(exc, DBAPIError) else exc).splitlines()), "")
        message = f"Something could not be written to the record {where(self._engine)}: {detail}"
        log.error("%s (%s)", message, type(exc).__name__)
        self._away = False  # whatever it was before; looking again would only say this again
        if job.keep:
            self._lost.append(message)
            self.problem = message
        job.settle(RecordError(message))


def _results(count: int) -> str:
    return f"{count} result{'s' * (count != 1)}"
