"""Checks data from a file against a type: closed sets, bounds, no unknown names. Pure.

Everything unknown is refused, as a name that only a newer version knows must not be dropped silently.
"""

from __future__ import annotations

import math
import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from prompts.core.sanitize import mended

MOST = 2**31 - 1  # the largest integer of the databases
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,40})?")
_DEEPEST = 64
_LONGEST_KEY = 200  # how much of a name is quoted, in characters
_SHOWN = 40


class MisfitError(ValueError):
    """What does not fit; the message is the end of a sentence."""


def fitted(value: Any, wanted: Any, depth: int = 0) -> Any:
    """`value` if it matches the annotation `wanted`, converted if needed. Raises `MisfitError`."""
    if wanted is object:
        return _anything(value, depth)
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin is Literal:
        return _one_of(value, inner)
    if origin in (Union, types.UnionType):
        first, *more = (each for each in inner if each is not type(None))
        if more:  # only if they are closed sets
            return _one_of(value, tuple(word for each in (first, *more) for word in get_args(each)))
        return None if value is None else fitted(value, first, depth)
    if origin in (tuple, frozenset):
        return [fitted(item, inner[0], depth + 1) for item in is_a(value, list, "a list")]
    if origin is not None and issubclass(origin, Mapping):
        given = is_a(value, dict, "an object")
        return {text_in(name): fitted(item, inner[1], depth + 1) for name, item in given.items()}
    if is_dataclass(wanted):
        return _object(value, cast(type, wanted), depth)
    simple = {str: text_in, bool: _truth, int: whole_in, float: number_in, Decimal: _amount}
    return simple[wanted](value)


def _object(value: Any, wanted: type, depth: int) -> dict[str, Any]:
    hints = _hints(wanted)
    given = cast(dict[str, Any], is_a(value, dict, "an object"))
    if strange := sorted(set(given) - set(hints)):
        raise MisfitError(f"has “{strange[0][:_LONGEST_KEY]}”, which this version of Collate does not know")
    needed = {field.name for field in fields(wanted) if field.default is MISSING and field.default_factory is MISSING}
    if missing := sorted(needed - set(given)):
        raise MisfitError(f"lacks “{missing[0]}”")
    return {name: fitted(item, hints[name], depth + 1) for name, item in given.items()}


@cache
def _hints(cls: type) -> Mapping[str, Any]:
    return get_type_hints(cls)


def _one_of(value: Any, allowed: tuple[Any, ...]) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int) or value not in allowed:
        raise MisfitError(f"is {quoted(value)}, which this version of Collate does not know")
    return value


def _anything(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise MisfitError("is nested too deeply")
    if isinstance(value, dict):
        return {name: _anything(item, depth + 1) for name, item in cast(dict[str, Any], value).items()}
    if isinstance(value, list):
        return [_anything(item, depth + 1) for item in cast(list[Any], value)]
    return value


def is_a(value: Any, wanted: type, words: str) -> Any:
    """`value` itself. Raises `MisfitError` unless it is of type `wanted`; `words` names that type in the message."""
    if not isinstance(value, wanted):
        raise MisfitError(f"is {quoted(value)}, not {words}")
    return value


def _truth(value: Any) -> bool:
    return is_a(value, bool, "true or false")


def text_in(value: Any, longest: int | None = None) -> str:
    """A text that can be stored, of at most `longest` characters. Raises `MisfitError`."""
    text = mended(is_a(value, str, "text"))
    if longest is not None and len(text) > longest:
        raise MisfitError(f"is longer than {longest:,} characters")
    return text


def whole_in(value: Any, least: int = -MOST, most: int = MOST) -> int:
    """A whole number within bounds. Raises `MisfitError`."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise MisfitError(f"is {quoted(value)}, not a whole number from {least:,} to {most:,}")
    return value


def number_in(value: Any) -> float:
    """A finite number of at least 0. Raises `MisfitError`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise MisfitError(f"is {quoted(value)}, not a number from 0")
    return value if value <= MOST else float(value)  # larger integers would be stored in JSON with another spelling


def _amount(value: Any) -> str:
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise MisfitError(f"is {quoted(value)}, not an amount of money as text")
    return value


def quoted(value: Any) -> str:
    """The beginning of `value` in quotation marks."""
    text = " ".join(mended(str(value)).split())
    return f"“{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}”"
