"""The state in which a completion ended: pure rules about what was proved and what the network saw.

Owns docs/design/failures.md#c3-states: completion is proved, never assumed, and what may have been charged is `unknown`
or `incomplete`, not merely failed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from providers import errors
from providers.completion import State
from providers.errors import Failure
from providers.interface import Done, Stop
from providers.network import vendor_errors
from providers.network.error_bodies import without_markup
from providers.network.event_lines import hold_events
from providers.network.exchange import Exchange
from providers.network.other_formats import other_format
from providers.pictures import Picture

_STATES: Mapping[Stop, State] = {
    "length": "cut", "filter": "filtered", "refusal": "refused", "tool": "incomplete", "pause": "incomplete",
}  # fmt: skip

_LOST: frozenset[errors.Kind] = frozenset({"timeout", "connection", "protocol"})
"""Failures that lose the rest of an answer:
late, cut off, or unreadable bytes. Failures reported by a vendor do not."""


def proved_state(done: Done, answer: str, pictures: Sequence[Picture] = ()) -> State:
    """The state of a stream that ended with `done`. An unknown stop reason proves nothing; no reason at all does.

    A preview is not the requested picture.
    """
    answered = any(not each.partial for each in pictures) or (not pictures and bool(answer.strip()))
    if done.stop in _STATES:
        return _STATES[done.stop]
    if done.stop == "error":
        return "incomplete" if answered else "failed"
    if done.stop == "other" and done.stop_reason:
        return "incomplete"
    return "complete" if answered else "incomplete" if pictures else "empty"


def told_at_the_end(done: Done, state: State) -> Failure | None:
    """The failure that the vendor reports with the end of an answer: it broke the answer off, or says why it ended.

    The part that had arrived may be charged. `None` if there is nothing to report.
    """
    told = ": ".join(filter(None, (done.stop_reason, done.why)))
    if done.stop == "error":
        busy = "resource" in (done.stop_reason or "").lower()
        return errors.failure("overloaded" if busy else "server", f"the answer was broken off: {told}", retry="ask")
    if not done.why or state in ("complete", "cut"):
        return None
    withheld = state in ("filtered", "refused")
    return errors.failure("filtered", told) if withheld else errors.failure("server", told, retry="ask")


def unproved(exchange: Exchange, *, begun: bool) -> Failure:
    """Why a stream that ended normally, but without proof, is not an answer. `begun`: part of one had arrived."""
    if begun or hold_events(exchange.head):
        return errors.failure("connection", "the answer ended without a stop reason", retry="ask")
    if exchange.heard is not None and exchange.heard.broken:
        if exchange.tail.rstrip().endswith(b"}"):
            return errors.failure("protocol", "a part of the answer cannot be read: it is not JSON", retry="ask")
        return errors.failure("connection", "the answer broke off in the middle", retry="ask")
    if b"\0" in exchange.head:
        kind = exchange.headers.get("content-type", "an unknown type")
        told = f"HTTP {exchange.status} with a file of {kind} in place of an answer"
        return errors.failure("protocol", told, status=exchange.status, retry="ask")  # drawn or said, so maybe charged
    seen = without_markup(exchange.head.decode("utf-8", "replace"))[:200]
    return errors.failure(
        "protocol", f"HTTP {exchange.status} without an answer: {seen or 'the body is empty'}", status=exchange.status
    )


def misread(failure: Failure, exchange: Exchange) -> Failure:
    """`failure` of an answer of which nothing could be read; if it came in another format, that is the reason given."""
    told = other_format(exchange.path, exchange.head) if failure.kind in ("protocol", "connection") else None
    return errors.failure("protocol", told, retry="ask") if told else failure


def failed_state(failure: Failure, exchange: Exchange, chunks: int) -> State:
    """`failed` if nothing can have been charged, `unknown` if it may have been, `incomplete` if an answer had begun.

    A refusal because of the prompt's content is `filtered`, however it is reported.
    """
    if failure.kind == "filtered":
        return "filtered"
    if failure.status in vendor_errors.PERHAPS_CHARGED:
        return "unknown"
    lost = failure.kind in _LOST and failure.retry == "ask"
    if not lost or (exchange.sent_at is None and not chunks):
        return "failed"
    return "incomplete" if chunks or exchange.received else "unknown"
