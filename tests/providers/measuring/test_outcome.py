"""The states of a completion as tables."""

import pytest

from providers.errors import Failure, failure
from providers.interface import Done
from providers.measuring.outcome import failed_state, proved_state, told_at_the_end, unproved
from providers.network.exchange import Exchange


@pytest.mark.parametrize(
    ("stop", "answer", "state"),
    [
        ("stop", "Hello", "complete"),
        ("other", "Hello", "complete"),
        ("stop", "", "empty"),
        ("stop", " \n\t", "empty"),
        ("other", "", "empty"),
        ("length", "Hel", "cut"),
        ("length", "", "cut"),
        ("filter", "Hel", "filtered"),
        ("filter", "", "filtered"),
        ("refusal", "I will not", "refused"),
        ("refusal", "", "refused"),
    ],
)
def test_a_proved_end(stop, answer: str, state: str) -> None:
    assert proved_state(Done(stop), answer) == state


def exchange(head: bytes = b"", *, sent: bool = True, received: int | None = None, status: int = 200) -> Exchange:
    seen = Exchange(clock=float, status=status, headers={"x-request-id": "req_1"}, head=head)
    seen.sent_at = 1.0 if sent else None
    seen.received = len(head) if received is None else received
    return seen


TIMEOUT = failure("timeout", "no text for 60 s")
LOST = failure("connection", "peer closed connection", retry="ask")
REFUSED = failure("connection", "no connection")


@pytest.mark.parametrize(
    ("error", "seen", "chunks", "state"),
    [
        (TIMEOUT, exchange(), 0, "unknown"),
        (TIMEOUT, exchange(b"data: {}"), 0, "incomplete"),
        (TIMEOUT, exchange(b"data: {}"), 3, "incomplete"),
        (TIMEOUT, exchange(sent=False), 0, "failed"),
        (TIMEOUT, exchange(sent=False), 3, "incomplete"),  # no network: the built-in provider
        (LOST, exchange(), 0, "unknown"),
        (LOST, exchange(b"data: {}"), 3, "incomplete"),
        (REFUSED, exchange(sent=False), 0, "failed"),
        (failure("timeout", "no connection within the limit", retry="yes"), exchange(sent=False), 0, "failed"),
        (failure("timeout", "408", status=408, retry="yes"), exchange(), 0, "failed"),
        (failure("timeout", "504", status=504), exchange(), 0, "unknown"),
        (failure("server", "520", status=520), exchange(), 0, "unknown"),
        (failure("server", "500", status=500), exchange(), 0, "failed"),
        (failure("overloaded", "overloaded", retry="ask"), exchange(b"data: {}"), 3, "failed"),
        (failure("protocol", "illegal chunk header", retry="ask"), exchange(b"data: {}"), 3, "incomplete"),
        (failure("protocol", "two lengths", retry="ask"), exchange(), 0, "unknown"),
        (failure("protocol", "damaged"), exchange(b"data: {}"), 3, "failed"),
        (failure("too_long", "stopped at 4 MB"), exchange(b"data: {}"), 3, "failed"),
        (failure("auth", "no", status=401), exchange(), 0, "failed"),
    ],
)
def test_a_failure_is_uncertain_only_where_it_may_have_been_charged(
    error: Failure, seen: Exchange, chunks: int, state: str
) -> None:
    assert failed_state(error, seen, chunks) == state


EVENTS = b'event: message_start\ndata: {"type":"message_start"}\n\n'


@pytest.mark.parametrize(
    ("head", "chunks", "kind", "retry", "words"),
    [
        (b"whatever", 3, "connection", "ask", "without a stop reason"),
        (EVENTS, 0, "connection", "ask", "without a stop reason"),
        (b"data: {}\n\n", 0, "connection", "ask", "without a stop reason"),
        (b": ping\n\ndata: {}\n\n", 0, "connection", "ask", "without a stop reason"),
        (b"<html>\n  <body>Log in</body></html>", 0, "protocol", "no", "HTTP 200 without an answer: Log in"),
        (b'{"message": "the word data: is in here"}', 0, "protocol", "no", "HTTP 200"),
        (b"", 0, "protocol", "no", "the body is empty"),
        (b"\xff\xfe", 0, "protocol", "no", "HTTP 200"),
    ],
)
def test_an_end_without_proof_says_what_came_instead(head: bytes, chunks: int, kind, retry, words: str) -> None:
    error = unproved(exchange(head), begun=chunks > 0)
    assert (error.kind, error.retry) == (kind, retry)
    assert words in error.message


def test_a_page_is_quoted_in_200_characters() -> None:
    assert len(unproved(exchange(b"x" * 5000), begun=False).message) < 250


@pytest.mark.parametrize(
    ("done", "answer", "state"),
    [
        (Done("tool", "tool_calls"), "So far", "incomplete"),
        (Done("pause", "pause_turn"), "So far", "incomplete"),
        (Done("error", "network_error"), "So far", "incomplete"),
        (Done("error", "network_error"), "", "failed"),
        (Done("other", "sundown"), "Whole?", "incomplete"),
        (Done("other"), "The protocol's own end, without a reason.", "complete"),
    ],
)
def test_an_end_that_is_not_known_to_be_one_is_never_complete(done: Done, answer: str, state: str) -> None:
    assert proved_state(done, answer) == state


@pytest.mark.parametrize(
    ("done", "kind"),
    [(Done("error", "insufficient_system_resource"), "overloaded"), (Done("error", "abort"), "server")],
)
def test_an_answer_that_the_vendor_broke_off_says_so(done: Done, kind: str) -> None:
    error = told_at_the_end(done, "failed")
    assert error is not None
    assert (error.kind, error.retry) == (kind, "ask")
    assert str(done.stop_reason) in error.message
    assert told_at_the_end(Done("stop", "stop"), "complete") is None
