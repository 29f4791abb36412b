"""The closed set of failures: every vendor's error bodies, every exception, and what each leads to."""

import asyncio
import json
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import get_args

import httpx
import httpx2
import openai
import pytest

from providers import errors, vendor_errors
from providers.errors import Failure, Kind, ProviderError
from providers.secrets import Secret


def openai_body(message: str, kind: str | None = None, code=None, param=None) -> bytes:
    return json.dumps({"error": {"message": message, "type": kind, "code": code, "param": param}}).encode()


def anthropic_body(message: str, kind: str) -> bytes:
    return json.dumps({"type": "error", "error": {"type": kind, "message": message}, "request_id": "r"}).encode()


def google_body(status: int, word: str, message: str, reason: str | None = None) -> bytes:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    return json.dumps({"error": {"code": status, "message": message, "status": word, "details": details}}).encode()


@dataclass(frozen=True)
class Case:
    status: int
    body: bytes
    kind: Kind
    retry: str
    message: str = "said"


RESPONSES = [
    Case(400, openai_body("said", "invalid_request_error"), "bad_request", "no"),
    Case(400, openai_body("said", "invalid_request_error", "context_length_exceeded"), "context_length", "no"),
    Case(400, openai_body("said", "invalid_request_error", "unsupported_parameter"), "bad_request", "no"),
    Case(401, openai_body("said", "invalid_request_error", "invalid_api_key"), "auth", "no"),
    Case(403, openai_body("said"), "permission", "no"),
    Case(404, openai_body("said", "invalid_request_error", "model_not_found"), "not_found", "no"),
    Case(429, openai_body("said", "tokens", "rate_limit_exceeded"), "rate_limit", "yes"),
    Case(429, openai_body("said", "insufficient_quota", "insufficient_quota"), "quota", "no"),
    Case(429, openai_body("said", "insufficient_quota", None), "quota", "no"),
    Case(500, openai_body("said", "server_error"), "server", "yes"),
    Case(503, openai_body("said", "server_error"), "overloaded", "yes"),
    Case(400, anthropic_body("said", "invalid_request_error"), "bad_request", "no"),
    Case(400, anthropic_body("prompt is too long: 9 tokens > 8 maximum", "invalid_request_error"), "context_length",
         "no", "prompt is too long: 9 tokens > 8 maximum"),
    Case(401, anthropic_body("said", "authentication_error"), "auth", "no"),
    Case(403, anthropic_body("said", "permission_error"), "permission", "no"),
    Case(413, anthropic_body("said", "request_too_large"), "too_large", "no"),
    Case(400, anthropic_body("said", "billing_error"), "quota", "no"),
    Case(529, anthropic_body("said", "overloaded_error"), "overloaded", "yes"),
    Case(400, google_body(400, "INVALID_ARGUMENT", "said", "API_KEY_INVALID"), "auth", "no"),
    Case(400, google_body(400, "INVALID_ARGUMENT", "API key not valid."), "auth", "no", "API key not valid."),
    Case(400, b"[" + google_body(400, "INVALID_ARGUMENT", "said") + b"]", "bad_request", "no"),
    Case(403, google_body(403, "PERMISSION_DENIED", "said"), "permission", "no"),
    Case(404, google_body(404, "NOT_FOUND", "said"), "not_found", "no"),
    Case(429, google_body(429, "RESOURCE_EXHAUSTED", "said"), "rate_limit", "yes"),
    Case(503, google_body(503, "UNAVAILABLE", "said"), "overloaded", "yes"),
    Case(404, b'{"error":"said"}', "not_found", "no"),  # Ollama
    Case(422, b'{"detail":"said"}', "bad_request", "no"),  # FastAPI hosts
    Case(400, b'{"message":"said","type":"invalid_request_error","object":"error"}', "bad_request", "no"),  # Mistral
    Case(400, openai_body("This model's maximum context length is 8", "BadRequestError", 400), "context_length", "no",
         "This model's maximum context length is 8"),
    Case(402, b"", "quota", "no", "HTTP 402"),
    Case(405, b"", "bad_request", "no", "HTTP 405"),
    Case(408, b"", "timeout", "yes", "HTTP 408"),
    Case(409, b"", "overloaded", "yes", "HTTP 409"),
    Case(410, b"", "not_found", "no", "HTTP 410"),
    Case(415, b"", "bad_request", "no", "HTTP 415"),
    Case(425, b"", "overloaded", "yes", "HTTP 425"),
    Case(451, b"", "permission", "no", "HTTP 451"),
    Case(502, b"<html>Bad gateway</html>", "server", "yes", "HTTP 502: <html>Bad gateway</html>"),
    Case(504, b"", "timeout", "ask", "HTTP 504"),
    Case(520, b"", "server", "ask", "HTTP 520"),
    Case(500, b"null", "server", "yes", "HTTP 500: null"),
    Case(500, b"[]", "server", "yes", "HTTP 500: []"),
    Case(500, b'{"error": 5}', "server", "yes", 'HTTP 500: {"error": 5}'),
    Case(500, b"[" * 100_000, "server", "yes", "HTTP 500: " + "[" * 200),
    Case(500, b'{"error": {"message": "\xff', "server", "yes", 'HTTP 500: {"error": {"message": "\ufffd'),
]  # fmt: skip


@pytest.mark.parametrize("case", RESPONSES, ids=lambda case: f"{case.status} {case.body[:60]!r}")
def test_an_error_response_has_one_kind_one_sentence_and_one_retry_class(case: Case) -> None:
    failure = vendor_errors.from_response(case.status, {}, case.body)
    assert (failure.kind, failure.retry, failure.message) == (case.kind, case.retry, case.message)
    assert failure.status == case.status


def test_the_parameter_and_the_request_id_are_kept() -> None:
    body = openai_body("Unsupported value", "invalid_request_error", "unsupported_value", "temperature")
    failure = vendor_errors.from_response(400, {"x-request-id": "req_1"}, body)
    assert (failure.parameter, failure.request_id) == ("temperature", "req_1")
    assert vendor_errors.from_response(400, {"request-id": "req_2"}, body).request_id == "req_2"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", None),  # no wait is asked for
        ("1.5", 1.5),
        ("86400", 86400.0),
        ("-1", None),
        ("inf", None),
        ("nan", None),
        ("1e99", None),
        ("soon", None),
        ("Mon, 99 Foo 2026", None),
        (format_datetime(datetime.now(UTC) - timedelta(hours=1)), None),
    ],
)
def test_retry_after_is_seconds_or_unknown(value: str, seconds: float | None) -> None:
    assert vendor_errors.from_response(429, {"retry-after": value}, b"").retry_after_s == seconds


def test_retry_after_may_be_a_date_or_googles_own_field() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=100))
    told = vendor_errors.from_response(429, {"retry-after": later}, b"").retry_after_s
    assert told == pytest.approx(100, abs=2)
    google = b'{"error":{"code":429,"details":[{"@type":"x/google.rpc.RetryInfo","retryDelay":"38.5s"}]}}'
    assert vendor_errors.from_response(429, {}, google).retry_after_s == 38.5


@pytest.mark.parametrize(
    ("code", "message", "kind", "retry"),
    [
        ("overloaded_error", "said", "overloaded", "yes"),
        ("RESOURCE_EXHAUSTED", "said", "rate_limit", "yes"),
        ("server_error", "said", "server", "yes"),
        ("invalid_request_error", "said", "bad_request", "no"),
        ("invalid_request_error", "maximum context length is 8", "context_length", "no"),
        ("never_heard_of", "said", "server", "yes"),
        (None, "said", "server", "yes"),
    ],
)
def test_an_error_event_has_a_kind(code, message: str, kind: str, retry: str) -> None:
    failure = vendor_errors.from_event(code, message)
    assert (failure.kind, failure.message, failure.retry) == (kind, message, retry)


def test_an_error_event_always_says_something() -> None:
    assert vendor_errors.from_event("odd_code", None).message == "odd_code"
    assert vendor_errors.from_event(None, None).message


def test_a_known_code_wins_over_an_unknown_one_and_a_specific_one_over_both() -> None:
    def code(kind: str | None, word: str) -> str | None:
        return vendor_errors.read_error(openai_body("m", kind, word))[0]

    assert code("invalid_request_error", "unsupported_value") == "invalid_request_error"
    assert code("insufficient_quota", "server_error") == "insufficient_quota"
    assert code(None, "odd") == "odd"


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
    Raised(httpx2.RemoteProtocolError("illegal status line: bytearray(b'SSH-2.0')"), "protocol", "ask"),
    Raised(httpx.ReadError("reset"), "connection", "ask"),
    Raised(ConnectionResetError(104, "reset"), "connection", "ask"),
    Raised(httpx2.DecodingError("bad"), "protocol", "no"),
    Raised(httpx2.UnsupportedProtocol("no scheme"), "protocol", "no"),
    Raised(httpx.InvalidURL("bad"), "protocol", "no"),
    Raised(caused(openai.APIConnectionError(request=REQUEST), httpx2.ReadError("reset")), "connection", "ask"),
    Raised(caused(openai.APITimeoutError(request=REQUEST), httpx2.ConnectTimeout("")), "timeout", "yes"),
    Raised(caused(openai.APIConnectionError(request=REQUEST), errors.error("quota", "none left")), "quota", "no"),
    Raised(json.JSONDecodeError("Expecting value", "", 0), "protocol", "no"),
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
        await asyncio.wait_for(asyncio.Event().wait(), 0.01)
    assert errors.from_exception(late.value).kind == "timeout"


def test_a_message_holds_no_key_no_control_and_one_line() -> None:
    key = Secret("planted-key-0123456789")
    body = openai_body(f"Incorrect key: {key.reveal()}, sk-abcdefghijklmnop\n\nsee\x1b[31m \u202eevil")
    message = vendor_errors.from_response(401, {}, body).message
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


def test_an_exception_carries_its_failure() -> None:
    exc = errors.error("too_long", "stopped")
    assert isinstance(exc, ProviderError)
    assert (str(exc), exc.failure.kind) == ("stopped", "too_long")
