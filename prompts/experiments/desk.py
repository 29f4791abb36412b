"""What a pump writes to the record besides the attempts: claims, returns, verdicts, and what belongs to an intent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

import sqlalchemy as sa

from prompts.asking.attempt import Along
from prompts.experiments import admission, cell_store, gate_store, plan_store
from prompts.experiments.cell_store import Claimed, Place
from prompts.experiments.cell_work import Work
from prompts.experiments.purse import Purse
from prompts.record import clock
from prompts.record.recorder import Recorder, RecordError
from providers.completion import Completion

log = logging.getLogger("collate")


def refused(done: Completion) -> bool:
    """Whether the call may be sent again: nothing was charged, and it may succeed a moment later."""
    return done.state == "failed" and done.error is not None and done.error.retry == "yes"


class Desk:
    """Does the writing for one experiment.

    `shared`: other processes ask it too, so its state is read before each step.
    """

    def __init__(self, recorder: Recorder, plan_id: str, *, shared: bool) -> None:
        self._recorder, self._id, self._shared = recorder, plan_id, shared

    async def claim(self, targets: list[int], after: Place, room: int) -> Sequence[Claimed]:
        """Claim cells to ask. Raises `RecordError`, and `OverError` if the experiment is no longer to be asked."""

        def write(connection: sa.Connection) -> list[Claimed]:
            if self._shared:
                plan_store.check_running(connection, self._id)
            return cell_store.claim(connection, self._recorder.me, self._id, targets, after, room)

        return await self._recorder.write(write, hasty=True)

    async def release(self, targets: Sequence[int]) -> None:
        """Let cells of these targets wait again that we claimed without learning of it, as the reply was lost."""
        me = self._recorder.me
        await self._recorder.write(lambda c: cell_store.release(c, me, self._id, targets), hasty=True)

    def along(self, work: Work, inner: Along) -> Along:
        """What to do in the transactions of the attempt: check limits first, then reserve money; judge its result."""
        asked, limits = work.host.connection, work.host.limits

        def leave(connection: sa.Connection) -> Callable[[], None]:
            if self._shared:
                plan_store.check_running(connection, self._id)
            admitted = admission.admit(connection, asked, limits)
            paid = inner.leave(connection) if inner.leave is not None else None

            def granted() -> None:
                admitted()
                if paid is not None:
                    paid()

            return granted

        def outcome(connection: sa.Connection, done: Completion) -> None:
            if inner.outcome is not None:
                inner.outcome(connection, done)
            if self._shared and refused(done):
                cell_store.hold(connection, self._recorder.me, work.claimed.completion_id)
            _note_quick_verdict(connection, work, done)

        free = not self._shared and limits == admission.Limits()
        return Along(inner.leave if free else leave, outcome)

    def holds(self, work: Work) -> bool:
        """Whether it is on record that this process asks a refused cell again."""
        done = work.live.now.completion
        return self._shared and done is not None and refused(done)

    async def let_go(self, work: Work) -> None:
        """Note that a refused cell will not be asked again by this process."""
        me, id = self._recorder.me, work.claimed.completion_id
        try:
            await self._recorder.settle(lambda c: cell_store.let_go(c, me, id))
        except RecordError as exc:
            log.warning("an experiment is not over until Collate starts again: %s", exc)

    async def put_back(self, work: Work, purse: Purse) -> None:
        """Let a cell that was claimed and not sent wait again, and release the money that its intent had reserved."""
        id = work.claimed.completion_id
        amount = purse.taken_back(id)

        def write(connection: sa.Connection) -> None:
            if cell_store.give_back(connection, self._recorder.me, id):
                plan_store.settle(connection, self._id, id, None, amount, keep=False)

        try:
            await self._recorder.settle(write)
        except RecordError as exc:
            log.warning("a cell of an experiment stays claimed until Collate starts again: %s", exc)

    async def check(self, work: Work, done: Completion) -> None:
        """Run the checks on an answer and record their verdict, unless that was done together with its result."""
        if work.judged or not work.checked:
            return
        verdict, id = await asyncio.to_thread(work.verdict, done), work.claimed.completion_id
        await self._recorder.write(lambda c: cell_store.note_verdict(c, id, verdict), hasty=True)

    async def note_limits(self, work: Work) -> None:
        """Record what a gate has just learnt, for all processes."""
        host, me = work.host, self._recorder.me
        if not host.gate.shared:
            return
        await self._recorder.write(lambda c: gate_store.save(c, host.provider, host.gate, clock.now(c), me), hasty=True)

    async def others_under_way(self) -> bool:
        """Whether any process has a call in progress, which may cost less than was reserved."""
        return await self._recorder.write(lambda c: cell_store.under_way(c, self._id), hasty=True)


def _note_quick_verdict(connection: sa.Connection, work: Work, done: Completion) -> None:
    """Record the verdict if the checks take no time. A defect of theirs must not lose the result that is recorded in
    the same transaction; it is reported when `Desk.check` runs them again."""
    verdict = None
    with suppress(Exception):
        verdict = work.verdict(done, at_once=True)
    if verdict is not None:
        cell_store.note_verdict(connection, work.claimed.completion_id, verdict)
        work.judged = True
