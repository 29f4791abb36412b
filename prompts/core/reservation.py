"""The most that one call may cost, to be reserved before it is sent, and whether it stays reserved afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from prompts.core.forecast import History, forecast
from providers.catalogue.pricing import Bill
from providers.completion import Completion, Cost
from providers.config.connections import Connection
from providers.interface import Adjustment, Request, Usage

Price = Callable[[Bill], Cost]


def upper_bound(
    request: Request, connection: Connection, price: Price, history: History, at: datetime,
    adjustments: tuple[Adjustment, ...] = (),
) -> Decimal | None:  # fmt: skip
    """In US dollars; `None` if no price is known or nothing bounds the cost.

    If a maximum of output tokens is sent, this is the cost of all of them; else the upper end of the forecast, which an
    unusually long answer can exceed.
    """
    expected = forecast(request, connection, price, history, at, adjustments=adjustments)
    if expected.kind == "local":
        return Decimal(0)
    most = _sent_maximum(request, adjustments)
    if most is None or expected.high is None or expected.input_tokens.high is None:
        return expected.high
    usage = Usage(expected.input_tokens.high, max(most, expected.output_tokens.high or 0))
    whole = price(Bill(connection.name, request.model, None, usage, at)).exact
    return whole if whole is None else max(whole, expected.high)


def may_be_charged(done: Completion) -> bool:
    """Whether more than the known cost may be charged: it was sent, its cost is unknown, and nothing shows that it was
    free. What was reserved beyond the known cost is kept then.

    A vendor charges for what it generated before the connection broke, somebody pressed Stop or a limit of ours was
    reached. `prompts.record` applies the same rule to rows (`schema.may_be_charged`).
    """
    if done.cost.kind != "unknown":
        return False
    if done.state == "failed":
        begun = done.timings.time_to_first_chunk_s is not None
        return begun or (done.error is not None and done.error.retry == "ask")
    return done.state != "cancelled" or done.timings.sent_s is not None


PAID_TWICE = "It may have been charged: asked again, it may be paid twice."


def may_be_paid_twice(done: Completion) -> bool:
    """Whether it failed in a way that leaves open if the provider wrote, and will charge, an answer."""
    if done.error is None or done.cost.kind == "local":
        return False
    return done.state in ("unknown", "incomplete") or bool(done.text or done.thinking)


def _sent_maximum(request: Request, adjustments: tuple[Adjustment, ...]) -> int | None:
    if request.settings.max_output_tokens is not None:
        return request.settings.max_output_tokens
    sent = (each.sent for each in adjustments if each.setting == "max_output_tokens" and each.sent is not None)
    return next((int(each) for each in sent), None)


def without_price(
    requests: Mapping[str, tuple[Request, Connection]], price: Price, history: History, at: datetime
) -> dict[str, str]:
    """Those of the targets whose cost cannot be bounded, each with the reason as a sentence."""
    found: dict[str, str] = {}
    for name, (request, connection) in requests.items():
        expected = forecast(request, connection, price, history, at)
        if expected.kind == "unknown" or (expected.kind == "amount" and expected.high is None):
            found[name] = f"What {name} costs is not known: {expected.reason}."
    return found
