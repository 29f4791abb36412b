"""The money of an experiment while it is asked: what each call reserves, what it cost, and when there is none left.

Owns what is written in the transactions of an intent and a result. Without a budget nothing is reserved.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from decimal import Decimal

import sqlalchemy as sa

from prompts.asking.attempt import Along
from prompts.asking.runner import Connections
from prompts.core.forecast import History
from prompts.core.reservation import Price, may_be_charged, upper_bound
from prompts.experiments import plan_store
from prompts.experiments.cell_work import Work
from providers.completion import Completion
from providers.measuring.measure import utc_now

_NOTHING = Decimal(0)


class Purse:
    """The money of one experiment, on one event loop."""

    def __init__(
        self, plan_id: str, *, limited: bool, connections: Connections, price: Price, history: History
    ) -> None:
        self._id, self._limited = plan_id, limited
        self._connections, self._price, self._history = connections, price, history
        self._under_way = 0
        self._changed = asyncio.Event()
        self._dearest: dict[int, Decimal] = {}
        """For each target, the cost of its most expensive answer."""
        self._set_aside: dict[str, Decimal] = {}
        """Reserved for cells whose intent is being recorded."""

    @contextmanager
    def paying(self, work: Work) -> Generator[Along]:
        """For one attempt, what is to be written together with its intent and its result."""
        id, amount = work.claimed.completion_id, self._bound(work)
        self._set_aside[id] = amount or _NOTHING
        self._under_way += 1
        try:
            yield (
                Along()
                if amount is None
                else Along(
                    lambda c: plan_store.reserve(c, self._id, id, amount),
                    lambda c, done: self._settle(c, id, done, amount),
                )
            )
        finally:
            if work.live.now.sent_at is not None:
                del self._set_aside[id]
            self._under_way -= 1
            self._changed.set()

    def learn(self, target: int, done: Completion) -> None:
        """Note what an answer of this target cost, as the next one may cost as much."""
        if done.cost.amount is not None:
            self._dearest[target] = max(self._dearest.get(target, _NOTHING), done.cost.amount)

    def taken_back(self, completion_id: str) -> Decimal:
        """The amount reserved by an intent that is withdrawn; it is released."""
        return self._set_aside.pop(completion_id, _NOTHING)

    async def refilled(self) -> bool:
        """Wait for a call in progress, which may cost less than was reserved; `False` if there is none."""
        if not self._under_way:
            return False
        self._changed.clear()
        await self._changed.wait()
        return True

    def wake(self) -> None:
        """Wake everybody who waits."""
        self._changed.set()

    def _bound(self, work: Work) -> Decimal | None:
        if not self._limited:
            return None
        request = work.run.request(work.live.now.cell)
        connection = self._connections[work.target.provider]
        adjustments = work.host.provider.adjustments(request)
        most = upper_bound(request, connection, self._price, self._history, utc_now(), adjustments)
        return max(most or _NOTHING, self._dearest.get(work.claimed.cell.target, _NOTHING))

    def _settle(self, connection: sa.Connection, id: str, done: Completion, reserved: Decimal) -> None:
        plan_store.settle(connection, self._id, id, done.cost.amount, reserved, keep=may_be_charged(done))
