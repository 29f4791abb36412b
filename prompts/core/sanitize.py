"""Replaces characters that no database accepts, so that no answer that was paid for is lost to one.

Every string follows the rule of `providers.measuring.text_gatherer`, and every vendor's JSON becomes JSON that both
SQLite and PostgreSQL accept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from providers.measuring.text_gatherer import Gatherer

_DEEPEST = 64
_LARGEST = 2**63


def mended(text: str) -> str:
    """`text` with U+FFFD in place of U+0000 and of lone surrogates."""
    if text.isascii() and "\x00" not in text:
        return text
    gatherer = Gatherer()
    gatherer.add(text)
    gatherer.finish()
    return gatherer.text


def storable(value: object, depth: int = 0) -> Any:
    """`value` as JSON that any database accepts. Never raises: what JSON cannot express becomes text."""
    if isinstance(value, str):
        return mended(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < _LARGEST else hex(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if depth > _DEEPEST:
        return "nested too deeply to be kept"
    if isinstance(value, Mapping):
        entries = cast(Mapping[object, object], value).items()
        return {mended(str(key)): storable(entry, depth + 1) for key, entry in entries}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [storable(entry, depth + 1) for entry in cast(Sequence[object], value)]
    return mended(str(value))
