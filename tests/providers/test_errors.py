"""The closed set of failures: every vendor's error bodies, every exception, and what each leads to."""

import asyncio
import json
import socket
import ssl
from dataclasses import dataclass
from typing import get_args

import httpx
import httpx2
import openai
import pytest

from providers import errors
from providers.errors import Failure, Kind, ProviderError
from providers.network import vendor_errors
from providers.secrets import Secret


def caused(exc: BaseException, *causes: BaseException) -> BaseException:
    """`exc` as it looks when each of `causes` led to the one before."""
    link = exc
    for cause in causes:
        link.__cause__ = cause
        link = cause
    return exc


REQUEST = httpx2.Request("POST", "http://x")
LOST = "peer closed connection without sending complete message body (incomplete chunked read)"


@dataclass(frozen=True)
class Raised:
    exc: BaseException
    kind: Kind
    retry: str


EXCEPTIONS = [
    Raised(caused(httpx.ConnectError("x"), socket.gaierror(-2, "Name or service not known")), "connection", "yes"),
    Raised(httpx2.ConnectError("All connection attempts failed"), "connection", "yes"),
    Raised(ConnectionRefusedError(111, "refused"), "connection", "yes"),
    Raised(caused(httpx2.ConnectError("x"), ssl.SSLCertVerificationError("self-signed")), "tls", "no"),
    Raised(caused(httpx2.ConnectError("x"), ssl.SSLError("wrong version number")), "tls", "no"),
    Raised(httpx.ConnectTimeout(""), "timeout", "yes"),
    Raised(httpx2.ReadTimeout("slow"), "timeout", "ask"),
    Raised(TimeoutError(), "timeout", "ask"),
    Raised(httpx.RemoteProtocolError("Server disconnected without sending a response."), "connection", "ask"),
    Raised(httpx2.RemoteProtocolError(LOST), "connection", "ask"),
    Raised(httpx2.RemoteProtocolError("illegal status line: bytearray(b'SSH-2.0')"), "protocol", "no"),
    Raised(httpx2.RemoteProtocolError("illegal chunk header: bytearray(b'zz')"), "protocol", "ask"),
    Raised(httpx.ReadError("reset"), "connection", "ask"),
    Raised(ConnectionResetError(104, "reset"), "connection", "ask"),
    Raised(httpx2.DecodingError("bad"), "protocol", "no"),
    Raised(httpx2.UnsupportedProtocol("no scheme"), "protocol", "no"),
    Raised(httpx.InvalidURL("bad"), "protocol", "no"),
    Raised(caused(openai.APIConnectionError(request=REQUEST), httpx2.ReadError("reset")), "connection", "ask"),
    Raised(caused(openai.APITimeoutError(request=REQUEST), httpx2.ConnectTimeout("")), "timeout", "yes"),
    Raised(caused(openai.APIConnectionError(request=REQUEST), errors.error("quota", "none left")), "quota", "no"),
    Raised(json.JSONDecodeError("Expecting value", "", 0), "protocol", "ask"),
    Raised(RecursionError("too deep"), "protocol", "no"),
    Raised(TypeError("unexpected keyword argument"), "protocol", "no"),
    Raised(ValueError(), "protocol", "no"),
]


@pytest.mark.parametrize("raised", EXCEPTIONS, ids=lambda raised: repr(raised.exc)[:70])
def test_every_exception_has_a_kind_and_a_sentence(raised: Raised) -> None:
    failure = errors.from_exception(raised.exc)
    assert (failure.kind, failure.retry) == (raised.kind, raised.retry)
    assert failure.message


def test_a_failure_of_ours_is_found_in_the_context_too_and_circles_end() -> None:
    ours, theirs = errors.error("rate_limit", "slow down"), RuntimeError("wrapped")
    theirs.__context__, ours.__context__ = ours, theirs
    assert errors.from_exception(theirs) is ours.failure


@pytest.mark.parametrize(
    ("exc", "expected"),
    [
        (errors.error("protocol", "the vendor's doing"), True),
        (ConnectionResetError(), True),
        (AttributeError("perhaps ours"), False),
    ],
)
def test_only_the_unforeseen_is_unexpected(exc: Exception, expected: bool) -> None:
    assert errors.is_expected(errors.from_exception(exc), exc) is expected


async def test_a_real_refused_connection_and_a_real_deadline_are_recognised() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(OSError) as refused:
        await asyncio.open_connection("127.0.0.1", port)
    assert errors.from_exception(refused.value).kind == "connection"
    with pytest.raises(TimeoutError) as late:
        await asyncio.wait_for(asyncio.Event().wait(), 0)
    assert errors.from_exception(late.value).kind == "timeout"


def test_a_message_holds_no_key_no_control_and_one_line() -> None:
    key = Secret("planted-key-0123456789")
    said = f"Incorrect key: {key.reveal()}, sk-abcdefghijklmnop\n\nsee\x1b[31m \u202eevil"
    message = errors.failure("auth", said).message
    assert message == "Incorrect key: ***, *** see<U+001B>[31m <U+202E>evil"
    assert len(errors.failure("server", "x" * 10_000).message) == 2000
    assert "planted" not in str(errors.error("auth", key.reveal()))
    assert "planted" not in errors.from_exception(ValueError(key.reveal())).message


def test_a_lone_surrogate_in_a_message_can_be_stored() -> None:
    body = rb'{"error": {"message": "half \ud83d"}}'
    assert vendor_errors.from_response(400, {}, body).message.encode() == b"half <U+D83D>"


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_says_what_to_do_next(kind: Kind) -> None:
    step = errors.failure(kind, "x").next_step(
        provider="groq", model="m", endpoint="https://x", key_variable="GROQ_API_KEY"
    )
    assert step.endswith(".")
    assert "{" not in step


def test_a_missing_local_model_is_pulled() -> None:
    failure = Failure("not_found", "model 'm' not found")
    assert "ollama pull m" in failure.next_step(provider="ollama", model="m", endpoint="http://x")


@pytest.mark.parametrize(
    "message",
    ["the answer contains no picture", "the host answers in the format of Ollama's own API", "HTTP 200: <html>"],
)
def test_what_cannot_be_read_may_be_of_the_address_of_its_settings_or_of_the_model(message: str) -> None:
    step = Failure("protocol", message).next_step(provider="lab", model="m", endpoint="http://x")
    assert [word for word in ("address", "set up", "proxy", "another model") if word not in step] == []


def test_an_exception_carries_its_failure() -> None:
    exc = errors.error("too_long", "stopped")
    assert isinstance(exc, ProviderError)
    assert (str(exc), exc.failure.kind) == ("stopped", "too_long")
