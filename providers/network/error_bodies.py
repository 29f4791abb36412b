"""Finds the reason in what a vendor, a gateway or a framework sent instead of an answer, whatever its form.

Owns the forms: error objects, texts, lists of mistakes, JSON in a text, reasons inside wrappers, web pages. The
innermost sentence is the real one; markup never is. What a reason means is decided by `vendor_errors.py`.
"""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import cast

_DEPTH = 6
_SHOWN = 3  # how many of a list of mistakes are shown

# Where gateways put the message of the host behind them; read before their own.
_WRAPPED = ("raw", "metadata", "upstream_error", "upstream", "provider_error", "original_error", "inner_error", "cause")
_SENTENCES = (
    "message", "Message", "error_message", "errorMessage", "error_msg", "errorMsg", "err_msg", "errmsg", "errMsg",
    "error_description", "status_msg", "detail", "details", "msg", "description", "reason", "title", "faultstring",
)  # fmt: skip
_HOLDERS = ("error", "Error", "errors", "base_resp", "response", "exception", "failure", "fault")
_ENVELOPES = ("data", "result", "body", "x_groq")  # only read if there is no reason besides them
_CODES = (
    "code", "Code", "type", "status", "error_code", "errorCode", "error_type", "errorType", "errcode", "status_code",
    "statusCode", "http_status", "__type", "innererror",
)  # fmt: skip
_PARAMETERS = ("param", "parameter", "field")

_MARKUP = re.compile(r"<(?:!doctype|html|head|body|title|h1|p|div|\?xml|error)\b|</\w+>", re.IGNORECASE)
_TITLES = tuple(
    re.compile(rf"<{tag}\b[^>]*>(.*?)</{tag}\s*>", re.IGNORECASE | re.DOTALL) for tag in ("title", "message", "h1")
)
_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*(?:>|$)")


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason, as far as one was given."""

    sentence: str | None = None
    codes: tuple[str, ...] = ()
    """Codes for the error, words and numbers, the innermost first; in lower case."""
    parameter: str | None = None
    bare: bool = False
    """Whether it was not JSON: a text or a page, possibly from an intermediary."""


def read(body: bytes) -> Reason:
    """The reason in the body of an error response."""
    try:
        data: object = json.loads(body)
    except (ValueError, RecursionError):
        return replace(_in_text(body.decode("utf-8", "replace")), bare=True)
    return reason_in(data)


def reason_in(data: object, depth: int = 0) -> Reason:
    """The reason in parsed JSON."""
    if depth > _DEPTH:
        return Reason()
    if isinstance(data, str):
        return _in_text(data, depth)
    if isinstance(data, list):
        return _in_list(cast(list[object], data), depth)
    if isinstance(data, Mapping):
        return _in_object(cast(Mapping[str, object], data), depth)
    return Reason()


def _in_object(fields: Mapping[str, object], depth: int) -> Reason:
    codes = tuple(_codes(fields))
    parameter = next((value for name in _PARAMETERS if isinstance(value := fields.get(name), str) and value), None)
    found = Reason(None, codes, parameter)
    for name in (*_WRAPPED, *_HOLDERS, *_SENTENCES, *_ENVELOPES):
        value = fields.get(name)
        if not value or (name in _WRAPPED and isinstance(value, str) and not {" ", "{"} & set(value)):
            continue
        inner = reason_in(value, depth + 1)
        codes = (*inner.codes, *found.codes)
        if isinstance(value, str) and name == "error" and _is_word(value) and _said_beside(fields):
            found = Reason(None, (*codes, value.lower()), found.parameter)
            continue
        found = Reason(inner.sentence, codes, found.parameter or inner.parameter)
        if found.sentence:
            break
    return found


_PHRASES = frozenset(status.phrase.lower() for status in HTTPStatus)


def _is_word(text: str) -> bool:
    """Whether it is a name for the error rather than a sentence: `invalid_grant`, `Not Found`."""
    return " " not in text.strip() or text.strip().lower() in _PHRASES


def _said_beside(fields: Mapping[str, object]) -> bool:
    return any(isinstance(fields.get(name), str) and fields.get(name) for name in (*_SENTENCES, "errors"))


def _codes(fields: Mapping[str, object]) -> Iterator[str]:
    for name in _CODES:
        value = fields.get(name)
        if isinstance(value, Mapping):
            yield from _codes(cast(Mapping[str, object], value))
        elif isinstance(value, str | int) and value and value is not True:
            yield str(value).lower()
    details = fields.get("details")  # Google's
    for entry in cast(list[object], details) if isinstance(details, list) else []:
        if isinstance(entry, Mapping) and isinstance(reason := cast(Mapping[str, object], entry).get("reason"), str):
            yield reason.lower()


def _in_list(items: list[object], depth: int) -> Reason:
    """The reason in a list of mistakes: each with its place, if it has one."""
    reasons = [(item, reason_in(item, depth + 1)) for item in items[:20]]
    said = [_placed(item, reason) for item, reason in reasons if reason.sentence]
    if not said:
        return Reason(codes=tuple(code for _, reason in reasons for code in reason.codes))
    more = f"; and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    places = (place for item in items[:20] if (place := _place(item)))
    parameter = next(places, next((reason.parameter for _, reason in reasons if reason.parameter), None))
    codes = tuple(code for _, reason in reasons for code in reason.codes)
    return Reason("; ".join(dict.fromkeys(said[:_SHOWN])) + more, codes, parameter)


def _placed(item: object, reason: Reason) -> str:
    place = _place(item)
    return f"{place}: {reason.sentence}" if place else reason.sentence or ""


def _place(item: object) -> str | None:
    """The place of a mistake in the request, as FastAPI and others write it: `["body", "messages", 0]`."""
    place = cast(Mapping[str, object], item).get("loc") if isinstance(item, Mapping) else None
    if not isinstance(place, list):
        return None
    steps = [str(step) for step in cast(list[object], place) if step != "body"]
    return ".".join(steps) or None


def _in_text(text: str, depth: int = 0) -> Reason:
    """A sentence; or the reason in the JSON, Python literal or web page that the text contains."""
    if _MARKUP.search(text):
        return Reason(without_markup(text) or None)
    begin, end = text.find("{"), text.rfind("}")
    if 0 <= begin < end < 20_000:
        inner = reason_in(_parsed(text[begin : end + 1]), depth + 1)
        if inner.sentence:
            return inner
    return Reason(" ".join(text.split()) or None)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def without_markup(text: str) -> str:
    """What a page says: its title, else its heading, else its text, on one line."""
    if not _MARKUP.search(text):
        return " ".join(text.split())
    seen = _UNSEEN.sub(" ", text)
    for pattern in _TITLES:
        if (found := pattern.search(seen)) and (title := _words(found[1])):
            return title
    return _words(seen)


def _words(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())
