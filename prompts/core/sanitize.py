"""What no database takes, mended: no answer that was paid for is lost to an odd character.

Every string passes the rule of `providers.measuring.text_gatherer`, and every vendor's JSON becomes
JSON that SQLite and PostgreSQL both accept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from providers.measuring.text_gatherer import Gatherer

_DEEPEST = 64
_LARGEST = 2**63


def mended(text: str) -> str:
    """`text` as a database takes it: U+FFFD for U+0000 and for half of a surrogate pair."""
    if text.isascii() and "\x00" not in text:
        return text
    gatherer = Gatherer()
    gatherer.add(text)
    gatherer.finish()
    return gatherer.text


def storable(value: object, depth: int = 0) -> Any:
    """`value` as JSON that any database takes. Never raises: what JSON has no word for becomes text."""
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
