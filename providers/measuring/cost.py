"""The cost of one attempt, from a function that knows the prices."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from providers.catalogue.pricing import Bill
from providers.completion import Cost
from providers.interface import Done, Request
from providers.pictures import Picture

log = logging.getLogger("collate")

Price = Callable[[Bill], Cost]


def cost_of(
    price: Price, provider: str, request: Request, done: Done | None, at: datetime, pictures: Iterable[Picture] = ()
) -> Cost:
    """The cost, or why it is unknown. Raises nothing: a paid answer is never lost to an error in its price."""
    done = done or Done("other")
    bill = Bill(
        provider, request.model, done.response_model, done.usage, at, done.reported_cost, done.raw_usage,
        done.fingerprint, tuple(each.width * each.height for each in pictures if not each.partial),
        request.settings.picture.steps if request.settings.picture else None,
    )  # fmt: skip
    try:
        return price(bill)
    except Exception as exc:  # noqa: BLE001 -- an error in its price must not lose a paid answer
        log.warning("%s: no price for %s (%s)", provider, request.model, type(exc).__name__)
        return Cost("unknown", reason=f"the price could not be computed ({type(exc).__name__})")
