"""What vendors say when they refuse: every error body, in every vendor's words, and what it leads to."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from providers.errors import Kind
from providers.network import vendor_errors
from tests.wire.failures import REFUSALS, Refusal


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
    Case(502, b"<html>Bad gateway</html>", "server", "yes", "HTTP 502: Bad gateway"),
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
        ("0", 0.0),
        ("1.5", 1.5),
        ("86400", 86400.0),
        ("-1", None),
        ("inf", None),
        ("nan", None),
        ("1e99", None),
        ("soon", None),
        ("Mon, 99 Foo 2026", None),
        pytest.param(format_datetime(datetime.now(UTC) - timedelta(hours=1)), None, id="an hour ago"),
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
    def kind(word: str | None, code: str) -> str:
        return vendor_errors.from_data({"error": {"message": "m", "type": word, "code": code}}).kind

    assert kind("invalid_request_error", "unsupported_value") == "bad_request"
    assert kind("insufficient_quota", "server_error") == "quota"
    assert kind(None, "odd") == "server"


def test_a_wait_of_nothing_in_the_header_wins_over_googles_field() -> None:
    google = b'{"error":{"code":429,"details":[{"@type":"x/google.rpc.RetryInfo","retryDelay":"38.5s"}]}}'
    assert vendor_errors.from_response(429, {"retry-after": "0"}, google).retry_after_s == 0.0


BALANCE = "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."
LIMITS = "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."
INACTIVE = "Your account is not active, please check your billing details on our website."
FREE_TIER = "Gemini API free tier is not available in your country. Please enable billing on your project."
LEAKED = "Your API key was reported as leaked. Please use another API key."
CALLERS = "Method doesn't allow unregistered callers (callers without established identity). Please use API Key."
LIMIT = "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length"
RETIRED = "The model `llama2-70b-4096` has been decommissioned and is no longer supported."


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, anthropic_body(BALANCE, "invalid_request_error"), "quota"),
        (400, anthropic_body(LIMITS, "invalid_request_error"), "quota"),
        (429, openai_body(INACTIVE, "billing_not_active", "billing_not_active"), "quota"),
        (429, google_body(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."), "quota"),
        (400, google_body(400, "FAILED_PRECONDITION", FREE_TIER), "quota"),
        (400, google_body(400, "FAILED_PRECONDITION", "User location is not supported for the API use."), "permission"),
        (403, google_body(403, "PERMISSION_DENIED", LEAKED), "auth"),
        (403, google_body(403, "PERMISSION_DENIED", CALLERS), "auth"),
        (403, anthropic_body("Your API key does not have permission to use it.", "permission_error"), "permission"),
        (400, b'{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***."}', "auth"),
        (400, anthropic_body(LIMIT, "invalid_request_error"), "context_length"),
        (500, b'{"error":"llama runner: input exceeds maximum context length, 4096"}', "context_length"),
        (429, openai_body("Too many tokens per minute", "tokens", "rate_limit_exceeded"), "rate_limit"),
        (400, google_body(400, "INVALID_ARGUMENT", "Request payload size exceeds the limit: 20 bytes."), "too_large"),
        (400, b'{"object":"error","message":"Invalid model: m","type":"invalid_model","code":"1500"}', "not_found"),
        (400, b'{"error":{"message":"foo/bar is not a valid model ID","code":400}}', "not_found"),
        (400, openai_body(RETIRED, "invalid_request_error", "model_decommissioned"), "not_found"),
    ],
)
def test_the_vendors_sentence_says_more_than_its_code(status: int, body: bytes, kind: Kind) -> None:
    assert vendor_errors.from_response(status, {}, body).kind == kind


@pytest.mark.parametrize(("period", "kind"), [("PerMinute", "rate_limit"), ("PerDay", "quota")])
def test_googles_daily_quota_is_not_a_matter_of_waiting(period: str, kind: Kind) -> None:
    violation = {"quotaId": f"GenerateRequests{period}PerProjectPerModel-FreeTier"}
    details = [{"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]}]
    body = {"error": {"code": 429, "message": "You exceeded your current quota, please check your plan and billing",
                      "status": "RESOURCE_EXHAUSTED", "details": details}}  # fmt: skip
    assert vendor_errors.from_response(429, {}, json.dumps(body).encode()).kind == kind


@pytest.mark.parametrize("status", [504, 520, 524])
def test_an_answer_lost_by_a_gateway_may_have_been_charged(status: int) -> None:
    assert vendor_errors.from_response(status, {}, b"<html>lost</html>").retry == "ask"


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: f"{refusal.status} {refusal.message[:40]}")
def test_the_real_reason_is_found_in_what_it_is_wrapped_in(refusal: Refusal) -> None:
    failure = vendor_errors.from_response(refusal.status, {}, refusal.body)
    assert (failure.kind, failure.message) == (refusal.kind, refusal.message)
    assert failure.parameter == refusal.parameter
