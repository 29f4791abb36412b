"""The money of an experiment while it is asked: what each call sets aside, what it cost, and when there is none left.

Owns what travels with an intent and with a result in their own transactions. Without a budget nothing is set aside.
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
    """Of one experiment, on one event loop."""

    def __init__(
        self, plan_id: str, *, limited: bool, connections: Connections, price: Price, history: History
    ) -> None:
        self._id, self._limited = plan_id, limited
        self._connections, self._price, self._history = connections, price, history
        self._under_way = 0
        self._changed = asyncio.Event()
        self._dearest: dict[int, Decimal] = {}
        """Of each target, what its dearest answer cost."""
        self._set_aside: dict[str, Decimal] = {}
        """Of cells whose intent is on its way to the record."""

    @contextmanager
    def paying(self, work: Work) -> Generator[Along]:
        """Around one attempt: what goes along with its intent and its result."""
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
        """What an answer of this target cost: the next one may cost as much."""
        if done.cost.amount is not None:
            self._dearest[target] = max(self._dearest.get(target, _NOTHING), done.cost.amount)

    def taken_back(self, completion_id: str) -> Decimal:
        """What an intent that is taken back had set aside; it is free then."""
        return self._set_aside.pop(completion_id, _NOTHING)

    async def refilled(self) -> bool:
        """Wait for a call under way, which may cost less than was set aside; `False`: there is none to wait for."""
        if not self._under_way:
            return False
        self._changed.clear()
        await self._changed.wait()
        return True

    def wake(self) -> None:
        """Nobody is to wait any longer."""
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
