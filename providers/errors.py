"""What can go wrong, as a closed set.

    ProviderError                what adapters and the transport raise; carries one Failure
    Failure                      kind, the vendor's own sentence (redacted), status, request id, retry-after
        missing_key auth permission quota          the key
        not_found bad_request too_large context_length protocol redirect     the request or the address
        rate_limit overloaded server               the vendor
        timeout connection tls local_unavailable   the way there
        too_long                                   our own byte budget

Owns the taxonomy, the reading of vendors' error bodies, and the one line that says what to do next.
Exceptions of SDKs are recognised by name along the chain of causes, so no SDK is imported here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, cast

from providers.secrets import redact

Kind = Literal[
    "missing_key", "auth", "permission", "not_found", "bad_request", "too_large", "context_length",
    "rate_limit", "quota", "overloaded", "server", "timeout", "connection", "tls", "redirect",
    "protocol", "too_long", "local_unavailable",
]  # fmt: skip

Retry = Literal["yes", "ask", "no"]

NEXT_STEP: Mapping[Kind, str] = {
    "missing_key": "Set {key_variable} in the environment or enter a key under Settings.",
    "auth": "The key was not accepted by {provider}. Check it under Settings.",
    "permission": "This key may not use {model}. Choose another model or ask the account's owner.",
    "not_found": "{provider} does not know {model}. Check the name, or the address {endpoint}.",
    "bad_request": "Change the setting that the message names, or run without it.",
    "too_large": "The request is too large for {provider}. Shorten the prompt.",
    "context_length": "The prompt does not fit into the context of {model}. Shorten it or choose a larger model.",
    "rate_limit": "{provider} limits the rate. Wait a moment, then retry.",
    "quota": "No credit or quota left at {provider}. Check billing there.",
    "overloaded": "{provider} is overloaded. Retry in a moment.",
    "server": "{provider} failed on its side. Retry; if it persists, look at its status page.",
    "timeout": "{provider} took too long. Retry, or raise the deadline under Settings.",
    "connection": "No connection to {endpoint}. Check the network and the address.",
    "tls": "The certificate of {endpoint} was not trusted. Check the address and the system's certificates.",
    "redirect": "{endpoint} redirects elsewhere. Set the address it names, if you trust it.",
    "protocol": "{endpoint} did not answer as a model endpoint. Check the address; a proxy may be in between.",
    "too_long": "The answer passed our limit and was stopped. Set a smaller maximum of output tokens.",
    "local_unavailable": "Nothing answers at {endpoint}. Start the server there (Ollama: `ollama serve`), then retry.",
}

# What the provider certainly did not generate may be asked again; what may have been charged only with consent.
_RETRY_YES = frozenset({"rate_limit", "overloaded", "server", "connection", "local_unavailable"})
_RETRY_ASK = frozenset({"timeout"})


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure, in our words and the vendor's. Safe to show, store and export."""

    kind: Kind
    message: str
    """The vendor's own sentence where there is one, without keys."""
    status: int | None = None
    request_id: str | None = None
    retry_after_s: float | None = None
    parameter: str | None = None
    """The parameter the vendor objects to, in the vendor's spelling."""
    retry: Retry = "no"

    def next_step(self, *, provider: str, model: str, endpoint: str, key_variable: str = "the key") -> str:
        """One line that says what to do next."""
        if self.kind == "not_found" and provider == "ollama":
            return f"Run `ollama pull {model}`, or choose a model that is installed."
        return NEXT_STEP[self.kind].format(provider=provider, model=model, endpoint=endpoint, key_variable=key_variable)


class ProviderError(Exception):
    """A failure on its way to the boundary in `measure.py`."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def failure(
    kind: Kind,
    message: str,
    *,
    status: int | None = None,
    request_id: str | None = None,
    retry_after_s: float | None = None,
    parameter: str | None = None,
    retry: Retry | None = None,
) -> Failure:
    """A `Failure` with the message redacted and made printable; `retry` unless given follows from the kind."""
    usual: Retry = "yes" if kind in _RETRY_YES else "ask" if kind in _RETRY_ASK else "no"
    return Failure(kind, _one_line(message), status, request_id, retry_after_s, parameter, retry or usual)


def error(kind: Kind, message: str) -> ProviderError:
    """A `ProviderError` of that kind, ready to raise."""
    return ProviderError(failure(kind, message))


_BY_CODE: Mapping[str, Kind] = {
    "invalid_api_key": "auth", "authentication_error": "auth", "unauthenticated": "auth", "api_key_invalid": "auth",
    "permission_error": "permission", "permission_denied": "permission",
    "insufficient_quota": "quota", "billing_error": "quota", "billing_hard_limit_reached": "quota",
    "model_not_found": "not_found", "not_found_error": "not_found", "not_found": "not_found",
    "context_length_exceeded": "context_length", "string_above_max_length": "context_length",
    "request_too_large": "too_large",
    "rate_limit_error": "rate_limit", "rate_limit_exceeded": "rate_limit", "resource_exhausted": "rate_limit",
    "overloaded_error": "overloaded", "overloaded": "overloaded", "unavailable": "overloaded",
    "service_unavailable": "overloaded", "engine_overloaded": "overloaded",
    "timeout_error": "timeout", "deadline_exceeded": "timeout",
    "api_error": "server", "server_error": "server", "internal": "server", "internal_server_error": "server",
    "invalid_request_error": "bad_request", "invalid_argument": "bad_request", "invalid_prompt": "bad_request",
}  # fmt: skip

_BY_STATUS: Mapping[int, Kind] = {
    401: "auth", 402: "quota", 403: "permission", 404: "not_found", 408: "timeout", 409: "overloaded",
    410: "not_found", 413: "too_large", 425: "overloaded", 429: "rate_limit", 451: "permission",
    503: "overloaded", 504: "timeout", 529: "overloaded",
}  # fmt: skip

_CONTEXT = re.compile(
    r"context (?:length|window|size)|maximum context|prompt is too long|too many (?:input )?tokens"
    r"|input token count .{0,40}exceeds|exceeds? the (?:available|maximum) (?:context|number of tokens)",
    re.IGNORECASE,
)
_SPECIFIC = frozenset({"auth", "permission", "quota", "not_found", "context_length", "too_large", "overloaded"})


def from_response(status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """The failure that an HTTP error response describes, in any of the vendors' formats."""
    code, message, parameter = read_error(body)
    by_code = _BY_CODE.get(code or "")
    if 300 <= status < 400:
        kind: Kind = "redirect"
    elif by_code in _SPECIFIC:
        kind = by_code
    else:
        kind = _BY_STATUS.get(status) or ("server" if status >= 500 else "bad_request")
    if kind in ("bad_request", "too_large") and _CONTEXT.search(message or ""):
        kind = "context_length"
    if kind == "bad_request" and "api key" in (message or "").lower():
        kind = "auth"  # Google answers a wrong key with 400
    request_id = headers.get("x-request-id") or headers.get("request-id")
    retry: Retry = "ask" if status in (504, 520) else "yes" if status == 408 or kind in _RETRY_YES else "no"
    return failure(
        kind, message or f"HTTP {status}{_excerpt(body)}", status=status, request_id=request_id,
        retry_after_s=_retry_after(headers) or _google_delay(body), parameter=parameter, retry=retry,
    )  # fmt: skip


def from_event(
    code: str | None, message: str | None, *, status: int | None = None, request_id: str | None = None
) -> Failure:
    """The failure that an error event inside a stream describes."""
    kind = _BY_CODE.get((code or "").lower(), "server")
    if kind == "bad_request" and _CONTEXT.search(message or ""):
        kind = "context_length"
    return failure(kind, message or code or "the stream ended with an error", status=status, request_id=request_id)


def read_error(body: bytes) -> tuple[str | None, str | None, str | None]:
    """Code, sentence and offending parameter from a vendor's error body; `None` for what it does not say."""
    try:
        data: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None, None, None
    if isinstance(data, list) and data:
        data = cast(list[Any], data)[0]
    if not isinstance(data, dict):
        return None, None, None
    outer = cast(dict[str, Any], data)
    inner: Any = outer.get("error", outer.get("detail", outer))
    if isinstance(inner, str):
        return None, inner, None
    if not isinstance(inner, dict):
        return None, None, None
    fields = cast(dict[str, Any], inner)
    candidates = (fields.get("code"), fields.get("type"), fields.get("status"), *_google_reasons(fields))
    codes = [c.lower() for c in candidates if isinstance(c, str)]
    known = [c for c in codes if c in _BY_CODE]
    code = next((c for c in known if _BY_CODE[c] in _SPECIFIC), next(iter(known or codes), None))
    return code, _text(fields.get("message")), _text(fields.get("param"))


def from_exception(exc: BaseException) -> Failure:
    """Any exception as a failure: ours where it is in the chain of causes, else by its well-known name."""
    chain = list(_chain(exc))
    for link in chain:
        if isinstance(link, ProviderError):
            return link.failure
    names = {cls.__name__ for link in chain for cls in type(link).__mro__}
    detail = next((str(link) for link in reversed(chain) if str(link)), type(exc).__name__)
    if "RemoteProtocolError" in names:
        lost = "disconnected" in detail or "closed connection" in detail
        return failure("connection" if lost else "protocol", detail, retry="ask")
    for known, kind, sentence, retry in _BY_NAME:
        if names & known:
            return failure(kind, sentence.format(detail=detail), retry=retry)
    return failure("protocol", f"{type(exc).__name__}: {detail}")


# In this order: a DNS failure is also a ConnectError, a connect time-out also a time-out.
_BY_NAME: tuple[tuple[frozenset[str], Kind, str, Retry | None], ...] = (
    (frozenset({"SSLError", "SSLCertVerificationError"}), "tls", "{detail}", None),
    (frozenset({"gaierror"}), "connection", "cannot find the host ({detail})", "yes"),
    (frozenset({"ConnectTimeout"}), "timeout", "no connection within the limit", "yes"),
    (frozenset({"TimeoutException", "TimeoutError", "APITimeoutError"}), "timeout", "{detail}", "ask"),
    (frozenset({"ConnectError", "ConnectionRefusedError"}), "connection", "no connection: {detail}", "yes"),
    (
        frozenset({"DecodingError", "LocalProtocolError", "UnsupportedProtocol", "InvalidURL"}),
        "protocol",
        "{detail}",
        None,
    ),
    (frozenset({"NetworkError", "ConnectionError", "APIConnectionError"}), "connection", "{detail}", "ask"),
)


def is_expected(failed: Failure, exc: BaseException) -> bool:
    """Whether `exc` is a failure of the outside world rather than perhaps a defect of ours."""
    return failed.kind != "protocol" or any(isinstance(link, ProviderError) for link in _chain(exc))


def _chain(exc: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = exc
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None
    return seconds if 0 <= seconds < 10**9 else None


def _google_delay(body: bytes) -> float | None:
    match = re.search(rb'"retryDelay"\s*:\s*"(\d{1,7}(?:\.\d+)?)s"', body)
    return float(match.group(1)) if match else None


def _google_reasons(fields: dict[str, Any]) -> list[Any]:
    details: Any = fields.get("details")
    if not isinstance(details, list):
        return []
    entries = cast(list[Any], details)
    return [cast(dict[str, Any], entry).get("reason") for entry in entries if isinstance(entry, dict)]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _excerpt(body: bytes) -> str:
    text = " ".join(body[:400].decode("utf-8", "replace").split())[:200]
    return f": {text}" if text else ""


def _one_line(text: str) -> str:
    """Redacted, on one line, control and direction characters spelled out, at most 2,000 characters."""
    flat = " ".join(redact(text).split())[:2000]
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in flat)
