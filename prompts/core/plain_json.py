"""Completions as JSON for other programs. Owns that form; the names of the fields are those of the glossary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import Any, cast

from prompts.core.sanitize import mended
from providers.completion import Completion

# JSON allows them raw. Line readers cut at some of these; a terminal obeys others, or is turned around by them.
_STEERS = (*range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
_STEERING = {n: f"\\u{n:04x}" for n in _STEERS}


def to_json(completion: Completion, *, run: str, id: str, repeat: int) -> str:
    """One line of JSON: every field of the completion, `null` for unknown, times in ISO 8601, money in US dollars.

    The ids of run and completion and the number of the repeat (from 0) come first.
    """
    return one_line({"run": run, "id": id, "repeat": repeat, **plain(completion)})


def one_line(data: Mapping[str, Any]) -> str:
    """JSON data as one readable line, without a line end."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False).translate(_STEERING)


def plain(value: Any) -> Any:
    """Dataclasses, tuples, datetimes and decimals converted to JSON types."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {mended(str(name)): plain(item) for name, item in cast(Mapping[Any, Any], value).items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in cast(list[Any], value)]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, str):
        return mended(value)
    return value
