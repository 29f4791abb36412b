"""What a pump writes beside the attempts themselves: claims, returns, verdicts, and what goes along with an intent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

import sqlalchemy as sa

from prompts.asking.attempt import Along
from prompts.experiments import admission, cell_store, gate_store, plan_store
from prompts.experiments.cell_store import Claimed, Place
from prompts.experiments.cell_work import Work, subject
from prompts.experiments.checks.kinds import judge
from prompts.experiments.plan import Plan
from prompts.experiments.purse import Purse
from prompts.record import clock
from prompts.record.recorder import Recorder, RecordError
from providers.completion import Completion

log = logging.getLogger("collate")


def refused(done: Completion) -> bool:
    """Whether the same may be sent once more: nothing was charged, and a moment later it may go through."""
    return done.state == "failed" and done.error is not None and done.error.retry == "yes"


class Desk:
    """Of one experiment. `shared`: other processes ask it too, so the record is asked before each step."""

    def __init__(self, recorder: Recorder, plan_id: str, *, shared: bool) -> None:
        self._recorder, self._id, self._shared = recorder, plan_id, shared

    async def claim(self, targets: list[int], after: Place, room: int) -> Sequence[Claimed]:
        """Cells that are ours to ask from now on. Raises `RecordError`, and `OverError` where nobody is to ask."""

        def write(connection: sa.Connection) -> list[Claimed]:
            if self._shared:
                plan_store.check_running(connection, self._id)
            return cell_store.claim(connection, self._recorder.me, self._id, targets, after, room)

        return await self._recorder.write(write, hasty=True)

    async def release(self, targets: Sequence[int]) -> None:
        """Cells of these targets that are ours by a claim whose answer was lost on the way wait again."""
        me = self._recorder.me
        await self._recorder.write(lambda c: cell_store.release(c, me, self._id, targets), hasty=True)

    def along(self, work: Work, inner: Along) -> Along:
        """What is asked of the record where an intent is written, before its money."""
        asked, limits = work.host.connection, work.host.limits
        if not self._shared and limits == admission.Limits():
            return inner

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

        return replace(inner, leave=leave, outcome=outcome)

    async def let_go(self, work: Work) -> None:
        """A cell that was refused is asked no more here."""
        done, me, id = work.live.now.completion, self._recorder.me, work.claimed.completion_id
        if not self._shared or done is None or not refused(done):
            return
        try:
            await self._recorder.settle(lambda c: cell_store.let_go(c, me, id))
        except RecordError as exc:
            log.warning("an experiment is not over until Collate starts again: %s", exc)

    async def put_back(self, work: Work, purse: Purse) -> None:
        """What was claimed and not sent waits again; money that its intent had set aside is free."""
        id = work.claimed.completion_id
        amount = purse.taken_back(id)

        def write(connection: sa.Connection) -> None:
            if cell_store.give_back(connection, self._recorder.me, id):
                plan_store.settle(connection, self._id, id, None, amount, keep=False)

        try:
            await self._recorder.settle(write)
        except RecordError as exc:
            log.warning("a cell of an experiment stays claimed until Collate starts again: %s", exc)

    async def check(self, plan: Plan, work: Work, done: Completion) -> None:
        """What the checks find in an answer, on record."""
        if not plan.checks:
            return
        values, id = plan.values(work.claimed.cell.case), work.claimed.completion_id
        verdict = await asyncio.to_thread(judge, plan.checks, subject(done, draws=plan.draws), values)
        await self._recorder.write(lambda c: cell_store.note_verdict(c, id, verdict), hasty=True)

    async def note_limits(self, work: Work) -> None:
        """What a gate has just learnt, for everybody."""
        host, me = work.host, self._recorder.me
        if not host.gate.shared:
            return
        await self._recorder.write(lambda c: gate_store.save(c, host.provider, host.gate, clock.now(c), me), hasty=True)

    async def others_under_way(self) -> bool:
        """Whether anybody has a call of the experiment under way, which may cost less than was set aside."""
        return await self._recorder.write(lambda c: cell_store.under_way(c, self._id), hasty=True)
