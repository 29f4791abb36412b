"""Interprets vendors' refusals: error responses, and errors inside a stream, become a `Failure`.

Owns the vendors' codes and statuses, the words by which messages say more than codes, and when to ask again. One
interpretation for all, because hosts mix each other's formats; bodies are parsed by `error_bodies.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from providers.errors import Failure, Kind, Retry, failure
from providers.network import error_bodies
from providers.network.error_bodies import Reason

# Without case, punctuation and a final "error" or "exception". Four digits are MiniMax's and Zhipu's.
_CODES: Mapping[Kind, str] = {
    "auth": "invalidapikey apikeyinvalid authentication unauthenticated unauthorized unrecognizedclient expiredtoken "
    "invalidsignature invalidauthentication 1004 2049",
    "permission": "permission permissiondenied failedprecondition accessdenied forbidden "
    "unsupportedcountryregionterritory",
    "quota": "insufficientquota billing billinghardlimitreached billingnotactive insufficientbalance "
    "insufficientcredits servicequotaexceeded arrearage quotaexceeded exceededcurrentquota paymentrequired 1008 1113",
    "not_found": "modelnotfound notfound resourcenotfound deploymentnotfound modelnotsupported 1211",
    "context_length": "contextlengthexceeded contextwindowexceeded stringabovemaxlength contextlength 1039 1261",
    "too_large": "requesttoolarge payloadtoolarge requestentitytoolarge",
    "filtered": "contentfilter contentpolicyviolation datainspectionfailed moderationblocked "
    "responsibleaipolicyviolation contentfiltered flagged 1026 1027 1301",
    "overloaded": "overloaded unavailable serviceunavailable engineoverloaded modelnotready modelcurrentlyloading",
    "timeout": "timeout deadlineexceeded modeltimeout apitimeout",
    "rate_limit": "ratelimit ratelimitexceeded resourceexhausted throttling throttlingratequota throttled "
    "toomanyrequests throttlingallocationquota 1002 1302 1303 1305",
    "server": "api server internal internalserver modelstream model engine",
    "bad_request": "invalidrequest invalidargument invalidprompt validation badrequest invalidparameter "
    "unprocessableentity 2013",
}  # fmt: skip
_BY_CODE: Mapping[str, Kind] = {code: kind for kind, codes in _CODES.items() for code in codes.split()}

_BY_STATUS: Mapping[int, Kind] = {
    401: "auth", 402: "quota", 403: "permission", 404: "not_found", 408: "timeout", 409: "overloaded",
    410: "not_found", 413: "too_large", 425: "overloaded", 429: "rate_limit", 451: "permission",
    503: "overloaded", 504: "timeout", 524: "timeout", 529: "overloaded",
}  # fmt: skip

PERHAPS_CHARGED = frozenset({504, 520, 524})
"""Statuses of a gateway that lost an answer which the vendor may have generated."""

# Codes that are more exact than an HTTP status, the most exact first.
_SPECIFIC: tuple[Kind, ...] = (
    "filtered", "quota", "context_length", "auth", "permission", "not_found", "too_large", "overloaded", "rate_limit",
)  # fmt: skip

_NO_PICTURES = (
    r"image input is not supported|(?:does not|doesn.t) support (?:images?|vision|multimodal)"
    r"|missing data required for image|failed to load image"
)
"""Messages of a local server whose model cannot read pictures.
It reports them as its own failure, but a retry would fail again."""

# Vendors use some kinds for several things: the kind, words of the message, and what they mean.
_SENTENCES: tuple[tuple[tuple[Kind, ...], str, Kind], ...] = (
    (("server", "bad_request"), _NO_PICTURES, "bad_request"),
    (
        ("bad_request", "permission", "server"),
        r"content[ _](?:management )?(?:filter|polic|moderation)|content exists risk|responsible ?ai"
        r"|(?:input|prompt|request|content) (?:was|has been|is) flagged|flagged (?:as|for) "
        r"|blocked by .{0,40}(?:filter|safety|policy|guardrail)|safety (?:system|filter)|usage policy"
        r"|requires moderation|inappropriate content|sensitive (?:content|words?|information)",
        "filtered",
    ),
    (
        ("bad_request", "permission", "rate_limit"),
        r"balance is too low|check your billing details|enable billing"
        r"|(?:hourly|daily|weekly|monthly|specified api) usage limits?"
        r"|credits are depleted|insufficient (?:balance|credits?|funds)|requires more credits|out of credits",
        "quota",
    ),
    (
        ("bad_request", "too_large", "server"),
        r"context (?:length|window|size|limit)|maximum context|prompt is too long|too many (?:input )?tokens"
        r"|input token count .{0,40}exceeds|exceeds? the (?:available|maximum) (?:context|number of tokens)"
        r"|must have less than \d+ tokens|max_new_tokens. must be <=|reduce the length of the (?:messages|prompt)"
        r"|(?:prompt|input) .{0,60}(?:too long|tokens? limit|larger than the model|exceeds? .{0,30}token)",
        "context_length",
    ),
    (("bad_request",), r"payload size exceeds", "too_large"),
    (
        ("bad_request", "not_found"),
        r"failed to load|insufficient (?:system )?resources|out of memory|(?:not enough|more system) memory",
        "server",
    ),
    (("not_found",), r"^sampler not found", "bad_request"),
    (
        ("bad_request",),
        r"invalid model:|not a valid model|has been decommissioned|model identifier is invalid|unknown model"
        r"|model .{0,120}(?:not found|does not exist)|no such model",
        "not_found",
    ),
    (
        ("bad_request", "permission"),
        r"api key (?:not valid|expired|was reported|provided)|invalid api key|unregistered callers",
        "auth",
    ),
)
_BY_SENTENCE: tuple[tuple[frozenset[Kind], re.Pattern[str], Kind], ...] = tuple(
    (frozenset(kinds), re.compile(words), meant) for kinds, words, meant in _SENTENCES
)

# If the message came without a code or status.
_WORDS: tuple[tuple[str, Kind], ...] = (
    (
        r"quota|insufficient (?:balance|credits?|funds)|billing|out of credits|(?:hour|dai|week|month)ly usage limit",
        "quota",
    ),
    (r"rate.?limit|request limit|too many requests|throttl|queue is full", "rate_limit"),
    (r"overloaded|(?:at|over) capacity|server busy|(?:temporarily|service) unavailable|no available", "overloaded"),
    (r"invalid (?:api )?key|incorrect api key|unauthori[sz]ed|not authenticated|authentication failed", "auth"),
    (r"forbidden|permission denied|access denied", "permission"),
    (r"model [`'\"\w./:-]+ (?:was |is )?(?:not found|does not exist)|no such model|unknown model", "not_found"),
    (r"timed?[ -]?out|deadline exceeded", "timeout"),
    (_NO_PICTURES, "bad_request"),
)
_BY_WORDS: tuple[tuple[re.Pattern[str], Kind], ...] = tuple((re.compile(words), meant) for words, meant in _WORDS)
_DAY_SPENT = re.compile(rb'"quotaId"\s*:\s*"\w*PerDay')  # Google's daily quota; that per minute has another name
_WRAPPERS = frozenset({400, 500, 502})  # statuses under which gateways pass on what a host refused


def from_response(status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """The failure described by an HTTP error response, in any of the vendors' formats."""
    reason = error_bodies.read(body)
    by_code = _by_code(reason.codes)
    if 300 <= status < 400:
        kind: Kind = "redirect"
    elif by_code in _SPECIFIC:
        kind = by_code
    else:
        inner = _status_in(reason.codes) if status in _WRAPPERS else None
        kind = _BY_STATUS.get(inner or status) or ("server" if status >= 500 else "bad_request")
    kind = "quota" if _DAY_SPENT.search(body) else _by_sentence(kind, reason.sentence)
    retry: Retry | None = "ask" if status in PERHAPS_CHARGED else "yes" if status == 408 else None
    wait = _retry_after(headers)
    return failure(
        kind, _sentence(status, reason, body), status=status,
        request_id=headers.get("x-request-id") or headers.get("request-id"),
        retry_after_s=_google_delay(body) if wait is None else wait, parameter=reason.parameter, retry=retry,
    )  # fmt: skip


def from_event(
    code: str | None, message: str | None, *, status: int | None = None, request_id: str | None = None
) -> Failure:
    """The failure described by a code and a message inside a stream."""
    told = error_bodies.reason_in(message) if message else Reason()
    reason = Reason(told.sentence, (*told.codes, *([code.lower()] if code else ())))
    return _told(reason, code, status, request_id)


def from_data(data: object, *, status: int | None = None, request_id: str | None = None) -> Failure:
    """The failure described by parsed JSON that came instead of an answer."""
    reason = error_bodies.reason_in(data)
    return _told(reason, next(iter(reason.codes), None), status, request_id)


def _told(reason: Reason, code: str | None, status: int | None, request_id: str | None) -> Failure:
    kind, inner = _by_code(reason.codes), _status_in(reason.codes)
    if kind not in _SPECIFIC and inner is not None:
        kind = _BY_STATUS.get(inner) or kind or ("server" if inner >= 500 else "bad_request")
    kind = _by_sentence(kind or _by_words(reason.sentence), reason.sentence)
    told = reason.sentence or code or "the stream ended with an error"
    retry: Retry | None = "ask" if inner in PERHAPS_CHARGED else None
    return failure(
        kind, told, status=status or inner, request_id=request_id, parameter=reason.parameter, retry=retry
    )  # fmt: skip


def _by_code(codes: Sequence[str]) -> Kind | None:
    """The most exact of the kinds that the codes name; `None` if none is known."""
    known: list[Kind] = [kind for code in codes if (kind := _BY_CODE.get(_plain(code)))]
    return min(known, key=lambda kind: _SPECIFIC.index(kind) if kind in _SPECIFIC else len(_SPECIFIC), default=None)


def _plain(code: str) -> str:
    return re.sub(r"(?:error|exception)$", "", re.sub(r"^.*[/#]|[\W_]+", "", code.lower()))


def _status_in(codes: Sequence[str]) -> int | None:
    """An HTTP status among the codes, the innermost; `None` if there is none."""
    return next((int(code) for code in codes if re.fullmatch(r"[45]\d\d", code)), None)


def _by_sentence(kind: Kind, message: str | None) -> Kind:
    said = (message or "").lower()
    for kinds, words, meant in _BY_SENTENCE:
        if kind in kinds and words.search(said):
            return meant
    return kind


def _by_words(message: str | None) -> Kind:
    said = (message or "").lower()
    for words, meant in _BY_WORDS:
        if words.search(said):
            return meant
    return "server"


def _sentence(status: int, reason: Reason, body: bytes) -> str:
    """The vendor's message. A text or page may be from an intermediary, so the status is put before it."""
    if reason.sentence and not reason.bare:
        return reason.sentence
    said = reason.sentence or " ".join(body[:400].decode("utf-8", "replace").split())
    return f"HTTP {status}: {said[:200]}" if said else f"HTTP {status}"


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
