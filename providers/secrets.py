"""Keys: held so that they cannot be printed by accident, and removed from any text that is shown or stored.

Owns `Secret` and `redact`. Every `Secret` made in this process is known to `redact` in all its written forms
(`known_keys.py`), so if a vendor repeats a key in an error, or an exception prints a header, it is removed. Keys within
a good answer are handled by `echoes.py`.
"""

from __future__ import annotations

import re

from providers import key_shapes, known_keys
from providers.known_keys import PIECE

MASK = "***"


class Secret:
    """A key. Its `repr` and `str` are `***`; only `reveal` gives the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        known_keys.learn(value)

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
    """`text` without any key made in this process, however it is written,
    and without anything that has the form of one."""
    for value in sorted(known_keys.forms, key=len, reverse=True):
        text = text.replace(value, MASK)
    text = key_shapes.ANY.sub(MASK, text)
    for pattern in key_shapes.IN_CONTEXT:
        text = pattern.sub(_masked, text)
    return _without_pieces(text)


def _masked(match: re.Match[str]) -> str:
    return match["before"] + MASK


def _without_pieces(text: str) -> str:
    """`text` without pieces of keys: libraries shorten what they print, even in the middle."""
    found = [at for at in range(len(text) - PIECE + 1) if text[at : at + PIECE] in known_keys.pieces]
    parts: list[str] = []
    done = 0
    for at in found:
        if at > done or not parts:
            parts += [text[done:at], MASK]
        done = at + PIECE
    return "".join(parts) + text[done:]
