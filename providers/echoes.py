"""Masks our keys where a host repeats one within a good answer: in its text, names, counts or lists.

Unlike `secrets.redact` it knows only the keys made here, not what merely looks like one: an answer may be about keys,
but not contain ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from providers import known_keys
from providers.known_keys import PIECE, START
from providers.secrets import MASK

T = TypeVar("T")


def without_keys(value: T) -> T:
    """`value` with our keys masked in every text inside it; the very same object if there are none.

    Goes through data classes, mappings and sequences; other values contain no text.
    """
    return value if known_keys.none_begins("\n".join(_texts(value))) else cast(T, _cleaned(value))


def _texts(value: Any) -> Iterator[str]:
    """Every text inside it."""
    if isinstance(value, str):
        yield value
    elif value is None or isinstance(value, int | float):
        return
    elif isinstance(value, Mapping):
        for name, inner in cast(Mapping[object, object], value).items():
            yield from _texts(name)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in cast("list[object] | tuple[object, ...]", value):
            yield from _texts(inner)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


def _cleaned(value: Any) -> object:
    if isinstance(value, str):
        return _masked(value, spans) if (spans := known_keys.found(value)) else value
    if isinstance(value, Mapping):
        pairs = cast(Mapping[object, object], value)
        new = {_cleaned(name): _cleaned(inner) for name, inner in pairs.items()}
        return pairs if new == pairs else new
    if isinstance(value, list | tuple):
        items = cast("list[object] | tuple[object, ...]", value)
        cleaned = [_cleaned(inner) for inner in items]
        return items if cleaned == list(items) else type(items)(cleaned)
    if is_dataclass(value) and not isinstance(value, type):
        told = {field.name: getattr(value, field.name) for field in fields(value)}
        new = {name: clean for name, inner in told.items() if (clean := _cleaned(inner)) is not inner}
        return replace(value, **new) if new else value
    return value


def _masked(text: str, spans: Iterable[tuple[int, int]], start: int = 0, *, goes_on: bool = False) -> str:
    """`text` from `start` on with these spans masked.

    `goes_on`: one that begins before `start` has been masked already.
    """
    parts: list[str] = []
    for begin, end in spans:
        parts += [text[start : max(begin, start)], "" if goes_on and begin < start else MASK]
        start = end
    return "".join(parts) + text[start:]


class EchoMask:
    """Masks keys in a text that arrives piece by piece. What may be the beginning of one is held back."""

    def __init__(self) -> None:
        self.found = False
        """Whether any key was masked."""
        self._before: str = ""
        self._waiting: str = ""
        self._masked = False  # whether what precedes directly is a mask

    def read(self, piece: str, *, final: bool = False) -> str:
        """The text that one more piece adds. `final`: nothing follows, so nothing is held back."""
        text = self._before + self._waiting + piece
        past = len(self._before)
        if not (self._waiting or self._masked):
            if known_keys.none_begins(text):
                self._before = text[-START + 1 :]
                return piece  # the usual case
            if known_keys.clear(text, past):
                self._before = text[-PIECE + 1 :]
                return piece
        begun = None if final else known_keys.begun(text)
        end = len(text) if begun is None else max(begun, past)
        spans = [span for span in known_keys.found(text[:end]) if span[1] > past]
        clean = _masked(text[:end], spans, past, goes_on=self._masked)
        if end > past:
            self._masked = bool(spans) and spans[-1][1] == end
        self.found = self.found or bool(spans)
        self._before, self._waiting = text[max(0, end - PIECE + 1) : end], text[end:]
        return piece if clean == piece else clean
