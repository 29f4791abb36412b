"""What a person may spend in a day, set aside before a call is sent and settled when it is over.

Owns how much a call may cost, and what counts when it is over: its cost, or where that is not known and it may have
been charged, all that was set aside. Where no limit is set, nobody logs in, or no fee is asked, nothing is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal

from prompts.core.reservation import Price, may_be_charged, upper_bound
from prompts.record import spending
from prompts.record.recorder import Recorder, RecordError
from providers.completion import Completion
from providers.config.connections import Connection
from providers.interface import Provider, Request
from providers.measuring.measure import utc_now

_NOTHING = Decimal(0)


@dataclass(slots=True)
class Paid:
    """What came of a call; `None`: nothing was sent."""

    outcome: Completion | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """What is about to be sent, and for whom."""

    person: str
    connection: Connection
    provider: Provider
    request: Request


class Allowance:
    """Of every person. `limit`: US dollars a day; `None`: none is set."""

    def __init__(self, limit: Decimal | None, price: Price) -> None:
        self._limit, self._price = limit, price

    def holds(self, person: str, provider: Provider) -> bool:
        """Whether what this person asks there is limited."""
        return self._limit is not None and bool(person) and not provider.local

    @asynccontextmanager
    async def paying(self, recorder: Recorder | None, call: Call) -> AsyncGenerator[Paid]:
        """Around one call. Raises `RecordError` in words: then it must not be sent."""
        paid, limit = Paid(), self._limit
        if limit is None or not self.holds(call.person, call.provider):
            yield paid
            return
        if recorder is None:
            raise RecordError("There is a limit of spending, and no record to keep it in.")
        amount = await self._most(recorder, call)
        day = await recorder.write(lambda c: spending.reserve(c, call.person, amount, limit))
        try:
            yield paid
        finally:
            cost = _counts(paid.outcome, amount)
            await asyncio.shield(recorder.write(lambda c: spending.settle(c, call.person, day, amount, cost)))

    async def _most(self, recorder: Recorder, call: Call) -> Decimal:
        history = await asyncio.to_thread(recorder.output_history)
        adjustments = call.provider.adjustments(call.request)
        most = upper_bound(call.request, call.connection, self._price, history, utc_now(), adjustments)
        if most is None:
            raise RecordError(
                f"What {call.provider.name}:{call.request.model} costs is not known, so it cannot be held to your "
                "limit of a day. Its price can be set in prices.toml."
            )
        return most


def _counts(outcome: Completion | None, reserved: Decimal) -> Decimal:
    if outcome is None:
        return _NOTHING
    return reserved if may_be_charged(outcome) else outcome.cost.amount or _NOTHING
