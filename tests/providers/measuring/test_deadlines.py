"""When patience ends, by what has arrived and by how long we have listened."""

import pytest

from providers.config.deadlines import Limits
from providers.measuring.deadlines import Patience
from providers.measuring.timing import Marks
from providers.network.exchange import CONNECT_S, Exchange

LIMITS = Limits(first_byte_s=60, silence_s=20, no_content_s=30, call_s=100, text_bytes=1, deltas=1)


def patience(paused_s: float = 0.0, **seen: float) -> Patience:
    exchange = Exchange(clock=float)
    for name, instant in seen.items():
        setattr(exchange, name, instant)
    return Patience(LIMITS, Marks(t0=0.0), exchange, lambda: paused_s)


@pytest.mark.parametrize(
    ("seen", "due", "told", "retry"),
    [
        ({}, 60, "no answer began within 60 s", "ask"),
        ({"connecting_at": 1}, 1 + CONNECT_S, "no connection within 5 s", "yes"),
        ({"connecting_at": 4, "connected_at": 3}, 4 + CONNECT_S, "no connection within 5 s", "yes"),
        ({"connecting_at": 1, "sent_at": 2}, 60, "no answer began within 60 s", "ask"),
        ({"sent_at": 2, "headers_at": 3}, 23, "no sign of life for 20 s", "ask"),
    ],
    ids=["no network", "connecting", "encrypting", "sent", "headers"],
)
def test_each_step_has_its_limit_and_what_was_never_sent_may_be_sent_again(seen, due, told, retry) -> None:
    waiting = patience(**seen)
    assert waiting.due() == due
    failed = waiting.failure(due)
    assert (failed.kind, failed.message, failed.retry) == ("timeout", told, retry)


@pytest.mark.parametrize("paused_s", [0.0, 7.0, 3600.0])
def test_time_in_which_we_did_not_listen_does_not_count(paused_s: float) -> None:
    waiting = patience(paused_s, connecting_at=1)
    assert waiting.due() == 1 + CONNECT_S + paused_s
    assert waiting.failure(waiting.due()).message == "no connection within 5 s"
