"""The cost of one attempt, from a function that knows the prices."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from providers.catalogue.pricing import Bill
from providers.completion import Cost
from providers.interface import Done, Request, Usage
from providers.measuring.least_tokens import tokens_at_least
from providers.pictures import Picture

log = logging.getLogger("collate")

Price = Callable[[Bill], Cost]


def cost_of(
    price: Price, provider: str, request: Request, done: Done | None, at: datetime,
    pictures: Iterable[Picture] = (), text: str = "",
) -> Cost:  # fmt: skip
    """The cost, or why it is unknown. Raises nothing: a paid answer is never lost to an error in its price.

    For an answer that broke off it is a lower bound, from what was counted before and the `text` that had arrived.
    """
    done = done or Done("other")
    so_far = "counted_so_far" in done.flags
    bill = Bill(
        provider, request.model, done.response_model, _written(done.usage, text) if so_far else done.usage, at,
        done.reported_cost, done.raw_usage, done.fingerprint,
        tuple(each.width * each.height for each in pictures if not each.partial),
        request.settings.picture.steps if request.settings.picture else None,
    )  # fmt: skip
    try:
        cost = price(bill)
    except Exception as exc:  # noqa: BLE001 -- an error in its price must not lose a paid answer
        log.warning("%s: no price for %s (%s)", provider, request.model, type(exc).__name__)
        return Cost("unknown", reason=f"the price could not be computed ({type(exc).__name__})")
    return cost.at_least(_BROKE_OFF) if so_far else cost


_BROKE_OFF = "it broke off, and what was written after the last reported count is not included"


def _written(usage: Usage | None, text: str) -> Usage | None:
    """With as many tokens written as were counted, or as the text that arrived must have at least."""
    return usage and replace(usage, output_tokens=max(usage.output_tokens or 0, tokens_at_least(text)))
