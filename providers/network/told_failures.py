"""Finds failures reported with HTTP 200: whether a JSON document instead of an answer says that there is none.

Owns the forms in which vendors, gateways and frameworks say so. What the failure means is decided by
`vendor_errors.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import cast

from providers.errors import Failure
from providers.network import vendor_errors

_ERROR = re.compile(
    rb'"(?:[Ee]rrors?|[Ee]rror_?(?:[Mm]sg|[Mm]essage|[Cc]ode|[Tt]ype)|err_?(?:[Mm]sg|code))"\s*:\s*(?!null|""|0\b|false|[\[{]\s*[\]}])'
)
_KIND = re.compile(rb'"(?:type|object|status|name)"\s*:\s*"[\w.]*(?:[Ee]rror|[Ee]xception|[Ff]ail\w*)"')
_SENTENCE = re.compile(rb'essage"\s*:\s*"')
_OTHER = re.compile(
    rb'"msg"\s*:\s*"|"(?:detail|base_resp)"\s*:\s*["\[{]|"(?:success|ok)"\s*:\s*"?false'
    rb'|"(?:exception|failure|fault)"\s*:\s*(?:"[^"]|\{\s*")'
)

_LONG = 100_000
"""Bytes between two quotation marks that are no word, name or message."""

_NOTHING = frozenset({"", "0", "none", "null", "ok", "success", "false", "200", "no"})
_ANSWERS = ("choices", "candidates", "output", "content", "delta", "content_block", "response")
_WRONG = ("error", "Error", "exception", "failure", "fault")
_WRAPPERS = ("result", "data", "body", "response", "x_groq")
_STATUSES = ("status", "statusCode", "status_code")
_MESSAGES = ("error_message", "errorMessage", "error_msg", "errorMsg", "err_msg", "errmsg", "errMsg")
_NUMBERS = ("error_code", "errorCode", "errcode", "err_code", "error_type", "errorType")
_FAILED = frozenset({"error", "failed", "fail", "failure"})


def may_tell(name: bytes, data: bytes) -> bool:
    """Whether it is worth parsing `data`, of an event with that name, to see if it reports a failure. Not a proof.

    Called for every piece of every answer, so it first looks for a word that must be there, then applies its pattern.
    """
    if len(data) > _LONG:  # a picture: its base64 has every short word in it, and no failure
        data = b'"'.join(part if len(part) < _LONG else b"" for part in data.split(b'"'))
    text = data.decode("latin-1")  # searching is several times faster in a text than in bytes
    return (
        ("rr" in text and (_ERROR.search(data) or _KIND.search(data)) is not None)
        or ("ail" in text and (_KIND.search(data) or _OTHER.search(data)) is not None)
        or ('essage"' in text and _SENTENCE.search(data) is not None)
        or (('msg"' in text or "base_resp" in text) and _OTHER.search(data) is not None)
        or (('"success"' in text or '"ok"' in text) and _OTHER.search(data) is not None)
        or ("xception" in text and ('Exception"' in text or (_KIND.search(data) or _OTHER.search(data)) is not None))
        or ('"fault"' in text and _OTHER.search(data) is not None)
        or '"__type"' in text
        or (bool(name) and _is_error_name(name))
    )


def failure_in(data: object, name: bytes = b"", *, whole: bool = False) -> Failure | None:
    """The failure that a document reports; `None` if it does not. `whole`: the document is the whole answer."""
    if isinstance(data, list):
        items = cast(list[object], data)
        return failure_in(items[0], name, whole=whole) if items else None
    if not isinstance(data, Mapping):
        return vendor_errors.from_data(data) if _is_error_name(name) else None
    fields = cast(Mapping[str, object], data)
    return vendor_errors.from_data(_told(fields)) if _fails(fields, name, whole=whole) else None


def without_error(data: object) -> Mapping[str, object] | None:
    """The part of a document that belongs to the answer, if it also reports a failure; `None` if there is none."""
    if not isinstance(data, Mapping):
        return None
    fields = cast(Mapping[str, object], data)
    choices = fields.get("choices")
    if isinstance(choices, list):
        said = [_without_end(choice) for choice in cast(list[object], choices)]
        return {**fields, "choices": said, "error": None} if said else None
    return {**fields, "error": None} if fields.get("candidates") else None


def _without_end(choice: object) -> object:
    """A choice without the stop reason that repeats the failure."""
    return {**cast(Mapping[str, object], choice), "finish_reason": None} if isinstance(choice, Mapping) else choice


def _fails(fields: Mapping[str, object], name: bytes, *, whole: bool) -> bool:
    kind = fields.get("type")
    if isinstance(kind, str) and kind.startswith("response.") and not kind.endswith("error"):
        # OpenAI's events contain a response with its own error, which its adapter reads; others put one beside it.
        return _something(fields.get("error"))
    if any(_something(fields.get(each)) for each in _WRONG) or _refused(fields.get("base_resp")):
        return True
    if any(_something(inner.get("error")) for inner in _inside(fields)):
        return True
    answers = any(_something(fields.get(each)) for each in _ANSWERS)
    if any(_something(fields.get(each)) for each in (*_MESSAGES, *_NUMBERS)):
        return True
    return not answers and _says_so(fields, name, whole=whole)


def _says_so(fields: Mapping[str, object], name: bytes, *, whole: bool) -> bool:
    """Whether a document without any part of an answer says that there will be none."""
    kinds, code = (fields.get("type"), fields.get("name")), fields.get("code")
    sentence = any(
        isinstance(told := fields.get(each), str) and _something(told) for each in ("message", "Message", "msg")
    )
    return (
        _is_error_name(name)
        or fields.get("object") == "error"
        or any(isinstance(kind, str) and _is_error_name(kind.encode()) for kind in kinds)
        or _something(fields.get("errors"))
        or fields.get("success") in (False, "false")
        or fields.get("ok") is False
        or str(fields.get("status")).lower() in _FAILED
        or any(each.endswith("Exception") and value for each, value in fields.items())
        or _something(fields.get("detail"))
        or "__type" in fields
        or (sentence and (whole or _something(code) or any(_refusing(fields.get(each)) for each in _STATUSES)))
    )


def _inside(fields: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The contents of a gateway's envelope."""
    inner = (fields.get(each) for each in _WRAPPERS)
    return (cast(Mapping[str, object], each) for each in inner if isinstance(each, Mapping))


def _refusing(status: object) -> bool:
    """Whether it is an HTTP status that means a failure."""
    return type(status) is int and 400 <= status < 600


def _told(fields: Mapping[str, object]) -> object:
    """The part of the document with the reason: all of it or, for Amazon, the exception's own, with its name."""
    name = next((name for name, value in fields.items() if name.endswith("Exception") and value), None)
    told = fields if name is None else fields[name]
    return {"type": name, **cast(Mapping[str, object], told)} if name and isinstance(told, Mapping) else told


@lru_cache(maxsize=64)
def _is_error_name(name: bytes) -> bool:
    return name.lower().endswith((b"error", b"exception", b"failure"))


def _something(value: object) -> bool:
    return bool(value) and (not isinstance(value, str) or value.strip().lower() not in _NOTHING) and value != 200


def _refused(base: object) -> bool:
    """Whether MiniMax's status, which is in every answer, means a failure; 0 does not."""
    return isinstance(base, Mapping) and _something(cast(Mapping[str, object], base).get("status_code"))
