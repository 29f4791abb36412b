"""In which state did a completion end? Pure rules over what was proved and what the network saw.

Owns C3 of reliability.md: completion is proved, never assumed, and what may have been charged is
`unknown` or `incomplete`, not merely failed.
"""

from __future__ import annotations

from providers import errors
from providers.completion import State
from providers.errors import Failure
from providers.interface import Done
from providers.network import vendor_errors
from providers.network.stream_lines import hold_events
from providers.network.transport import Exchange


def proved_state(done: Done, answer: str) -> State:
    """The state of a stream whose end was proved by `done`."""
    if done.stop == "length":
        return "cut"
    if done.stop == "filter":
        return "filtered"
    if done.stop == "refusal":
        return "refused"
    return "complete" if answer.strip() else "empty"


def unproved(exchange: Exchange, chunks: int) -> Failure:
    """Why a stream that ended in peace, but without proof, is not an answer."""
    if chunks or hold_events(exchange.head):
        return errors.failure("connection", "the answer ended without a stop reason", retry="ask")
    code, sentence, _ = vendor_errors.read_error(exchange.head)
    if b'"error"' in exchange.head and (code or sentence):
        return vendor_errors.from_event(code, sentence, status=exchange.status, request_id=exchange.request_id)
    seen = " ".join(exchange.head.decode("utf-8", "replace").split())[:200]
    return errors.failure(
        "protocol", f"HTTP {exchange.status} without an answer: {seen or 'the body is empty'}", status=exchange.status
    )


def failed_state(failure: Failure, exchange: Exchange, chunks: int) -> State:
    """`failed` when nothing can have been charged, `unknown` when it may, `incomplete` when it had begun."""
    if failure.status in vendor_errors.PERHAPS_CHARGED:
        return "unknown"
    lost = failure.kind in ("timeout", "connection") and failure.retry == "ask"
    if not lost or (exchange.sent_at is None and not chunks):
        return "failed"
    return "incomplete" if chunks or exchange.received else "unknown"
