"""What vendors say when they refuse: error responses and error events -> `Failure`.

Owns the vendors' codes and statuses, the words by which their sentences say more than their codes,
and when they want to be asked again. One reading for all, because hosts mix each other's formats.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

from providers.errors import Failure, Kind, Retry, failure

_BY_CODE: Mapping[str, Kind] = {
    "invalid_api_key": "auth", "authentication_error": "auth", "unauthenticated": "auth", "api_key_invalid": "auth",
    "permission_error": "permission", "permission_denied": "permission", "failed_precondition": "permission",
    "insufficient_quota": "quota", "billing_error": "quota", "billing_hard_limit_reached": "quota",
    "billing_not_active": "quota",
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
    503: "overloaded", 504: "timeout", 524: "timeout", 529: "overloaded",
}  # fmt: skip

PERHAPS_CHARGED = frozenset({504, 520, 524})
"""Statuses of a gateway that lost an answer which the vendor may have generated."""

_SPECIFIC = frozenset({"auth", "permission", "quota", "not_found", "context_length", "too_large", "overloaded"})

# A vendor uses some kinds for more than they say. Which, the words of its sentence, and what they mean.
_BY_SENTENCE: tuple[tuple[frozenset[Kind], str, Kind], ...] = (
    (
        frozenset({"bad_request", "permission", "rate_limit"}),
        r"balance is too low|check your billing|enable billing|specified api usage limits|credits are depleted",
        "quota",
    ),
    (
        frozenset({"bad_request", "too_large", "server"}),
        r"context (?:length|window|size|limit)|maximum context|prompt is too long|too many (?:input )?tokens"
        r"|input token count .{0,40}exceeds|exceeds? the (?:available|maximum) (?:context|number of tokens)",
        "context_length",
    ),
    (frozenset({"bad_request"}), r"payload size exceeds", "too_large"),
    (frozenset({"bad_request"}), r"invalid model:|not a valid model|has been decommissioned", "not_found"),
    (
        frozenset({"bad_request", "permission"}),
        r"api key (?:not valid|expired|was reported|provided)|invalid api key|unregistered callers",
        "auth",
    ),
)
_DAY_SPENT = re.compile(rb'"quotaId"\s*:\s*"\w*PerDay')  # Google's daily quota; that of the minute has another name


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
    kind = "quota" if _DAY_SPENT.search(body) else _by_sentence(kind, message)
    request_id = headers.get("x-request-id") or headers.get("request-id")
    retry: Retry | None = "ask" if status in PERHAPS_CHARGED else "yes" if status == 408 else None
    wait = _retry_after(headers)
    return failure(
        kind, message or f"HTTP {status}{_excerpt(body)}", status=status, request_id=request_id,
        retry_after_s=_google_delay(body) if wait is None else wait, parameter=parameter, retry=retry,
    )  # fmt: skip


def from_event(
    code: str | None, message: str | None, *, status: int | None = None, request_id: str | None = None
) -> Failure:
    """The failure that an error event inside a stream describes."""
    kind = _by_sentence(_BY_CODE.get((code or "").lower(), "server"), message)
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


def _by_sentence(kind: Kind, message: str | None) -> Kind:
    said = (message or "").lower()
    for kinds, words, meant in _BY_SENTENCE:
        if kind in kinds and re.search(words, said):
            return meant
    return kind


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
