"""The daily spending limit of a person: an amount is reserved before a call is sent and settled when it is over.

Owns how much a call may cost, and what counts against the limit afterwards: its cost; or, if that is not known and it
may have been charged, the whole reserved amount. If no limit is set, nobody logs in, or no fee is charged, nothing is
reserved.
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
    """The outcome of a call, filled in when it is over; `None`: nothing was sent."""

    outcome: Completion | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is about to be sent, and the person it is for."""

    person: str
    connection: Connection
    provider: Provider
    request: Request


class Allowance:
    """The spending limit that holds for each person. `limit`: US dollars a day; `None`: none is set."""

    def __init__(self, limit: Decimal | None, price: Price) -> None:
        self._limit, self._price = limit, price

    def holds(self, person: str, provider: Provider) -> bool:
        """Whether calls of this person to this provider are limited."""
        return self._limit is not None and bool(person) and not provider.local

    @asynccontextmanager
    async def paying(self, recorder: Recorder | None, call: Call) -> AsyncGenerator[Paid]:
        """Reserve the most a call may cost, and settle it on leaving the context.

        The caller sets `outcome` of the yielded `Paid`. Raises `RecordError` with a message for people: then the call
        must not be sent.
        """
        paid, limit = Paid(), self._limit
        if limit is None or not self.holds(call.person, call.provider):
            yield paid
            return
        if recorder is None:
            raise RecordError("A spending limit is set, but there is no record to count it in.")
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
                f"What {call.provider.name}:{call.request.model} costs is not known, so your daily limit cannot be "
                "applied to it. Its price can be set in prices.toml."
            )
        return most


def _counts(outcome: Completion | None, reserved: Decimal) -> Decimal:
    if outcome is None:
        return _NOTHING
    known = outcome.cost.amount or _NOTHING
    return max(reserved, known) if may_be_charged(outcome) else known
