"""The JSON documents in the bytes of a stream: told apart, bounded, taken out of what encloses them. Pure."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import cast

from providers import errors

_ENVELOPES = ("data", "result", "response", "output", "body", "predictions")
_OWN = ("choices", "candidates", "message")
_SIGNS = frozenset({*_OWN, "object", "type", "done"})
_PACKED = re.compile(rb'\{\s*"(?:chunk"\s*:\s*\{\s*")?bytes"\s*:\s*"')


def parsed(data: bytes) -> object:
    """`data` parsed; `None` if it is not JSON."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def as_it_is(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The document unchanged, or taken out of an envelope together with what is beside it,
    for formats in which a whole answer is read like an event."""
    if not any(isinstance(document.get(name), Mapping | list) for name in _OWN):
        for name in _ENVELOPES:
            inner = _enclosed(name, document.get(name))
            if isinstance(inner, Mapping):
                beside = {key: value for key, value in document.items() if key != name}
                yield {**beside, **cast(Mapping[str, object], inner)}
                return
    yield document


def _enclosed(name: str, value: object) -> object:
    """What an envelope of that name encloses: an object, one in a JSON text, or the first prediction in a list.

    A JSON text may also be the answer itself, if JSON was asked for.
    """
    if isinstance(value, str) and value[:1] == "{":
        inner = parsed(value.encode("utf-8", "surrogatepass"))
        if not isinstance(inner, Mapping) or _SIGNS.isdisjoint(cast(Mapping[str, object], inner)):
            return None
        return cast(object, inner)
    if name == "predictions" and isinstance(value, list):
        return next(iter(cast(list[object], value)), None)
    return cast(object, value)


def unpacked(document: bytes) -> bytes:
    """The document that a piece of Amazon's event stream contains in base64; any other document unchanged.

    Raises `protocol` if the piece cannot be read, as the answer would have a gap.
    """
    fields = parsed(document) if _PACKED.match(document) else None
    return document if fields is None else json.dumps(contents(fields)).encode()


def contents(document: object) -> object:
    """What a piece of Amazon's event stream contains, see `unpacked`; anything else unchanged."""
    if not isinstance(document, Mapping) or not cast(Mapping[str, object], document).keys().isdisjoint(_OWN):
        return cast(object, document)
    fields = cast(Mapping[str, object], document)
    chunk = fields.get("chunk")
    told = (cast(Mapping[str, object], chunk) if isinstance(chunk, Mapping) else fields).get("bytes")
    if not isinstance(told, str):
        return fields
    try:
        return json.loads(b64decode(told), parse_int=_whole)
    except (ValueError, RecursionError) as exc:
        raise errors.error("protocol", "a piece of the event stream is not JSON in base64") from exc


def documents_apart(line: bytes) -> Iterator[bytes]:
    """The documents in one line, as left by a proxy that drops line ends. A single one stays unchanged."""
    text, at, found = line.decode("utf-8", "surrogateescape"), 0, list[bytes]()
    try:
        while at < len(text):
            end = _DECODER.raw_decode(text, at)[1]
            found.append(text[at:end].encode("utf-8", "surrogateescape"))
            at = end
    except (ValueError, RecursionError):
        found = [line]
    yield from found


def begun_list(body: bytes) -> Iterator[object]:
    """The whole items of a JSON list whose end is missing."""
    text = body.decode("utf-8", "replace").strip()
    at = 1 if text.startswith("[") else len(text)
    try:
        while at < len(text):
            item, at = _DECODER.raw_decode(text, at + len(text[at:]) - len(text[at:].lstrip(", \r\n\t")))
            yield item
    except (ValueError, RecursionError):
        return


_DECODER = json.JSONDecoder()


def bounded(document: bytes) -> bytes:
    """A JSON document in which numbers of thousands of digits, which Python refuses to parse, are replaced by 10^18.

    No count is that large, so it is reported as impossible without affecting anything else.
    """
    if not _may_be_endless(document) or not _ENDLESS.search(document):
        return document
    try:
        return json.dumps(json.loads(document, parse_int=_whole)).encode()
    except (ValueError, RecursionError):
        return document  # not JSON: the SDK gives the better error


def _may_be_endless(document: bytes) -> bool:
    """Whether a block half as long as the limit is all digits, as it would be inside a number that is too long.

    Checking each block is fast; searching through a picture of some megabytes would stop every stream.
    """
    return any(document[at : at + _BLOCK].isdigit() for at in range(0, len(document) - _BLOCK + 1, _BLOCK))


def _whole(digits: str) -> int:
    return int(digits) if len(digits) < _MOST_DIGITS else 10**18


_MOST_DIGITS = 4000
"""Below Python's own limit for parsing an integer."""
_BLOCK = _MOST_DIGITS // 2
_ENDLESS = re.compile(rb"\d{%d}" % _MOST_DIGITS)
