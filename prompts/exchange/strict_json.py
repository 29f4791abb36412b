"""Parses a line of JSON from a stranger: an object, each name once, numbers within bounds. Pure."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any, NoReturn, cast

_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"?')  # possessive: no backtracking
_DIGITS = 20


def parsed(line: bytes) -> dict[str, Any]:
    """The object. Raises `ValueError`, or `RecursionError` if it is nested too deeply."""
    data = json.loads(
        line, object_pairs_hook=_once, parse_constant=_no_number, parse_int=_bounded, parse_float=_finite
    )  # fmt: skip
    if not isinstance(data, dict):
        raise ValueError("it is not an object")
    return cast(dict[str, Any], data)


def frame(line: bytes) -> int:
    """The size of the line in bytes without the contents of its strings."""
    return len(line) - sum(text.end() - text.start() - 2 for text in _TEXT.finditer(line))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice in one object")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")


def _finite(digits: str) -> float:
    if not isfinite(number := float(digits)):
        raise ValueError("a number is too large")
    return number


def _bounded(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise ValueError("a number is too long")
    return int(digits)
