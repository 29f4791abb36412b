"""Text between its arrival and the disk, and the other periodic tasks of the record.

Owns the buffers that the event loop fills and the writing thread empties, the renewal of the lease, and the search for
dead processes. Never makes a stream wait: adding a delta takes no lock.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Literal

import sqlalchemy as sa

from prompts.record import leases, writes
from prompts.record.write_queue import Job

_MOVED = "\0"  # a marker among pieces of text, which never contain it: what came before it is thinking
FLUSH_S = 0.5  # half of the promised second; the other half is for the disk


@dataclass(eq=False, slots=True)
class _Arriving:
    """One attempt's text. The event loop appends to the deques, everything else is done by the writing thread."""

    completion_id: str
    new_text: deque[str] = field(default_factory=deque[str])
    new_thinking: deque[str] = field(default_factory=deque[str])
    text: str = ""
    thinking: str = ""
    unsaved: bool = False
    streaming: bool = False
    """Whether it is on record that text has arrived."""

    def gather(self) -> bool:
        """Collect what has arrived; returns whether there is anything to save."""
        text, thinking = _drained(self.new_text), _drained(self.new_thinking)
        moved, mark, text = text.rpartition(_MOVED)
        if mark:
            thinking = self.text + moved.replace(_MOVED, "") + thinking
            self.text = ""
        self.text, self.thinking = self.text + text, self.thinking + thinking
        self.unsaved = self.unsaved or bool(text or thinking)
        return self.unsaved


class Arrivals:
    """The periodic tasks of one recorder's writing thread."""

    def __init__(self, me: str) -> None:
        self._me = me
        self._open: dict[str, _Arriving] = {}
        self._owned: set[str] = set()
        self._next_flush = self._next_beat = 0.0
        self._next_recovery = time.monotonic() + leases.LEASE_S

    def own(self, completion_ids: list[str]) -> None:
        """Note that these completions are ours to finish."""
        self._owned.update(completion_ids)

    def disown(self, completion_id: str) -> None:
        """Note that this completion is finished."""
        self._owned.discard(completion_id)

    def open(self, attempt_id: str, completion_id: str) -> None:
        """Prepare for text of this attempt."""
        self._owned.add(completion_id)
        self._open[attempt_id] = _Arriving(completion_id)

    def add(self, attempt_id: str, text: str, kind: Literal["text", "thinking"]) -> None:
        """Add one delta."""
        arriving = self._open[attempt_id]
        (arriving.new_text if kind == "text" else arriving.new_thinking).append(text)

    def move(self, attempt_id: str) -> None:
        """Note that the text so far turned out to be thinking."""
        self._open[attempt_id].new_text.append(_MOVED)

    def shut(self, attempt_id: str) -> None:
        """No more text will come for this attempt; its completion is finished."""
        arriving = self._open.pop(attempt_id, None)
        if arriving is not None:
            self._owned.discard(arriving.completion_id)

    def hurry(self) -> None:
        """Make the next job save everything."""
        self._next_flush = 0.0

    def pause_s(self) -> float:
        """Seconds until the next job is due: short while text arrives."""
        if self._open:
            return max(0.0, self._next_flush - time.monotonic())
        return leases.BEAT_S if self._owned else leases.LEASE_S

    def job(self) -> Job | None:
        """Save text, renew the lease, look for dead processes: whatever is due; `None` if nothing is."""
        now, work = time.monotonic(), list[Callable[[sa.Connection], None]]()
        if now >= self._next_beat and self._owned:
            self._next_beat = now + leases.BEAT_S
            work.append(lambda connection: leases.beat(connection, self._me))
        if now >= self._next_recovery:
            self._next_recovery = now + leases.LEASE_S
            work.append(lambda connection: leases.recover(connection, self._me))
        unsaved: list[tuple[str, _Arriving]] = []
        if now >= self._next_flush:
            self._next_flush = now + FLUSH_S
            # A copy is made in one step; a list of pairs is not: making a pair may run the garbage collector, which may
            # let the event loop open an attempt meanwhile.
            unsaved = [(attempt_id, a) for attempt_id, a in self._open.copy().items() if a.gather()]
            if unsaved:
                work.append(lambda connection: self._save(connection, unsaved))
        if not work:
            return None

        def do(connection: sa.Connection) -> None:
            for step in work:
                step(connection)

        job = Job(do)
        job.future.add_done_callback(lambda future: _mark_saved(future, unsaved))
        return job

    def _save(self, connection: sa.Connection, unsaved: list[tuple[str, _Arriving]]) -> None:
        for attempt_id, a in unsaved:
            writes.save_text(
                connection, self._me, attempt_id, a.completion_id, a.text, a.thinking, first=not a.streaming
            )


def _mark_saved(future: Future[None], saved: list[tuple[str, _Arriving]]) -> None:
    if future.exception() is None:
        for _, arriving in saved:
            arriving.unsaved, arriving.streaming = False, True


def _drained(pieces: deque[str]) -> str:
    """Everything in the deque now; more may be appended meanwhile."""
    return "".join([pieces.popleft() for _ in range(len(pieces))])
