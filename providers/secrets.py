"""Keys: held so that they cannot be printed by accident, and removed from any text that leaves.

Owns `Secret` and `redact`. Every `Secret` made in this process is known to `redact` in all the ways it is
written (as it is, by line, as code prints it, in JSON, in addresses, in base64), so a vendor that echoes a key
in an error, or an exception that prints a header, is cleaned at the boundary.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import cast
from urllib.parse import quote, quote_plus

from providers import key_shapes

MASK = "***"
PIECE = 10
"""So many characters of a key in a row are masked wherever they stand."""
_known: set[str] = set()
_pieces: set[str] = set()
_LEAST = 4  # shorter keys would mask ordinary words in every message


class Secret:
    """A key. Its `repr` and `str` are `***`; only `reveal` gives the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        if len(value) >= _LEAST:
            forms = _forms(value)
            _known.update(forms)
            _pieces.update(piece for form in forms for piece in _cut(form) if not _WORDS.fullmatch(piece))

    def reveal(self) -> str:
        """The key itself, for the SDK client's constructor and nothing else."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a Secret is never serialised")


def redact(text: str) -> str:
    """`text` without any key made in this process, however it is written, or anything that has the shape of one."""
    for value in sorted(_known, key=len, reverse=True):
        text = text.replace(value, MASK)
    text = key_shapes.ANY.sub(MASK, text)
    for pattern in key_shapes.IN_CONTEXT:
        text = pattern.sub(_masked, text)
    return _without_pieces(text)


def mentions_a_key(text: str) -> bool:
    """Whether `text` holds a key made in this process, in any of its forms. Quick: asked of every answer."""
    return any(value in text for value in _known)


def redacted(value: object) -> object:
    """A value from JSON, its texts redacted."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        pairs = cast(Mapping[str, object], value).items()
        return {redact(name): redacted(inner) for name, inner in pairs}
    return [redacted(inner) for inner in cast(list[object], value)] if isinstance(value, list) else value


def _masked(match: re.Match[str]) -> str:
    return match["before"] + MASK


def _without_pieces(text: str) -> str:
    """Libraries shorten what they print, in its middle too: what is left of a key is known by its pieces."""
    found = [at for at in range(len(text) - PIECE + 1) if text[at : at + PIECE] in _pieces]
    parts: list[str] = []
    done = 0
    for at in found:
        if at > done or not parts:
            parts += [text[done:at], MASK]
        done = at + PIECE
    return "".join(parts) + text[done:]


def _forms(value: str) -> set[str]:
    """The ways in which a key is written: as it is, by line, as code or JSON prints it, in addresses, in base64."""
    lines = {line for line in value.splitlines() if len(line) >= PIECE}
    raw = value.encode("utf-8", "surrogatepass")
    found = {value, repr(raw)[2:-1], raw.decode("latin-1"), raw.hex(), *_base64(raw)}
    for each in (value, *lines):
        in_json = json.dumps(each)[1:-1]
        found |= {each, repr(each)[1:-1], ascii(each)[1:-1], in_json, json.dumps(in_json)[1:-1], html.escape(each)}
        found |= {quote(each, safe=safe, errors="surrogatepass") for safe in ("", "/")}
        found |= {quote_plus(each, errors="surrogatepass")}
    found |= {_lower_escapes(each) for each in found}
    return {each for each in found if len(each) >= _LEAST}


def _base64(raw: bytes) -> set[str]:
    """As it stands in base64, alone or within more (`user:key`): three alignments, without the ends that vary."""
    found: set[str] = set()
    for shift in range(3):
        inner = base64.b64encode(b"\0" * shift + raw).decode()
        inner = inner[(0, 2, 3)[shift] : len(inner) - (0, 3, 2)[(shift + len(raw)) % 3]]
        found |= {inner, inner.translate(_URL_SAFE)}
    return {each for each in found if len(each) >= PIECE}


def _cut(text: str) -> Iterator[str]:
    return (text[at : at + PIECE] for at in range(len(text) - PIECE + 1))


_WORDS = re.compile(r"[a-z _./:-]*|[0-9 _./:-]*")
"""A piece that may stand in any sentence: `my-gateway-password` must not mask "gateway-", nor `2026` a date."""
_URL_SAFE = str.maketrans("+/", "-_")


def _lower_escapes(text: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), text)
