"""Whether data from a file has the shape that the record gives it: types, bounds and closed sets. Pure.

Owns the rules for each column and for what is inside the JSON of one. Refuses everything that it does not
know, for a name that only a newer Collate knows must not be dropped without a word.
"""

from __future__ import annotations

import math
import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

import sqlalchemy as sa

from prompts.core.feedback import LONGEST_NOTE, MOST_STARS, MarkError, checked_tag
from prompts.core.plan import WARM_UP, Relation
from prompts.core.sanitize import mended, storable
from prompts.history.collections import LONGEST_NAME
from prompts.record.rows import StoredState
from prompts.record.schema import Instant, Money
from providers.completion import CostLine
from providers.errors import Failure, Kind
from providers.interface import Adjustment, Condition, Flag, ServerTimings, Settings
from providers.measuring.measure import utc_now


class MisfitError(ValueError):
    """What does not fit, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    media_type: str
    sha256: str | None = None
    data: str | None = None
    """The first schema kept it in place."""


@dataclass(frozen=True, slots=True)
class _Message:
    role: Literal["user", "assistant"]
    text: str
    attachments: tuple[_File, ...] = ()


@dataclass(frozen=True, slots=True)
class _Request:
    messages: tuple[_Message, ...]
    settings: Settings
    fair: bool = False
    local_only: bool = False


@dataclass(frozen=True, slots=True)
class _Receipt:
    lines: tuple[CostLine, ...] = ()
    source: str | None = None
    price_date: str | None = None
    priced_model: str | None = None
    reason: str | None = None


_INSIDE: Mapping[str, Any] = {
    "request": _Request, "history": tuple[_Message, ...], "settings": Settings, "cost": _Receipt, "error": Failure,
    "raw_usage": Mapping[str, object], "server_timings": ServerTimings, "conditions": tuple[Condition, ...],
    "flags": tuple[Flag, ...], "adjustments": tuple[Adjustment, ...], "versions": Mapping[str, str],
    "fingerprint": Mapping[str, str],
}  # fmt: skip
"""What the JSON of each column holds."""
_CLOSED: Mapping[str, Any] = {
    "state": StoredState, "source": Literal["page", "cli"], "link_kind": Relation, "error_kind": Kind,
    "cost_kind": Literal["amount", "local", "unknown"], "kept": Literal["figures"], "thumb": Literal[1, -1],
}  # fmt: skip
_IDS = frozenset({"id", "run_id", "experiment_id", "link_id", "follows"})
_LONGEST: Mapping[tuple[str, str], int] = {("experiments", "name"): LONGEST_NAME, ("notes", "text"): LONGEST_NOTE}
_NAMES = frozenset({"provider", "model", "person"})
_LONGEST_KEY = 200  # PostgreSQL's indexes take no more than 2,700 bytes
_BOUNDS: Mapping[str, tuple[int, int]] = {
    "repeat": (WARM_UP, 100_000), "position": (0, 1_000_000), "cell": (0, 1_000_000), "number": (1, 100_000),
    "stars": (1, MOST_STARS),
}  # fmt: skip
_MOST = 2**31 - 1  # the databases' own integer
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,40})?")
_DEEPEST = 64
_AHEAD = timedelta(days=1)  # clocks differ; what is dated later would stand above everything for ever


def cell(column: sa.Column[Any], value: Any) -> Any:
    """What the column takes for `value`. Raises `MisfitError`."""
    name, kind = column.name, column.type
    if value is None:
        raise MisfitError("is null; what is not known is left out")
    if name in _CLOSED:
        return fitted(value, _CLOSED[name])
    if isinstance(kind, sa.JSON):
        return storable(fitted(value, _INSIDE[name]))
    if isinstance(kind, Instant):
        return _instant(value)
    if isinstance(kind, Money):
        return fitted(value, Decimal)
    if isinstance(kind, sa.Boolean):
        return fitted(value, bool)
    if isinstance(kind, sa.Integer):
        return _whole(value, *_BOUNDS.get(name, (0, _MOST)))
    if isinstance(kind, sa.Double):
        return _number(value)
    if name in _IDS:
        return _id(value)
    place = (column.table.name, name)
    return (
        _tag(value)
        if place == ("tags", "name")
        else _text(value, _LONGEST_KEY if name in _NAMES else _LONGEST.get(place))
    )


def fitted(value: Any, wanted: Any, depth: int = 0) -> Any:
    """`value` if it has the shape of that annotation. Raises `MisfitError`."""
    if wanted is object:
        return _anything(value, depth)
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin is Literal:
        return _one_of(value, inner)
    if origin in (Union, types.UnionType):
        first, *more = (each for each in inner if each is not type(None))
        if more:  # of closed sets only
            return _one_of(value, tuple(word for each in (first, *more) for word in get_args(each)))
        return None if value is None else fitted(value, first, depth)
    if origin is tuple:
        return [fitted(item, inner[0], depth + 1) for item in _is(value, list, "a list")]
    if origin is not None and issubclass(origin, Mapping):
        return {_text(name): fitted(item, inner[1], depth + 1) for name, item in _is(value, dict, "an object").items()}
    if is_dataclass(wanted):
        return _object(value, cast(type, wanted), depth)
    simple = {str: _text, bool: _truth, int: _whole, float: _number, Decimal: _amount}
    return simple[wanted](value)


def _object(value: Any, wanted: type, depth: int) -> dict[str, Any]:
    hints = _hints(wanted)
    given = cast(dict[str, Any], _is(value, dict, "an object"))
    if strange := sorted(set(given) - set(hints)):
        raise MisfitError(f"has “{strange[0][:_LONGEST_KEY]}”, which this Collate does not know")
    needed = {field.name for field in fields(wanted) if field.default is MISSING and field.default_factory is MISSING}
    if missing := sorted(needed - set(given)):
        raise MisfitError(f"lacks “{missing[0]}”")
    return {name: fitted(item, hints[name], depth + 1) for name, item in given.items()}


@cache
def _hints(cls: type) -> Mapping[str, Any]:
    return get_type_hints(cls)


def _one_of(value: Any, allowed: tuple[Any, ...]) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int) or value not in allowed:
        raise MisfitError(f"is {_quoted(value)}, which this Collate does not know")
    return value


def _anything(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise MisfitError("is nested too deeply")
    if isinstance(value, dict):
        return {name: _anything(item, depth + 1) for name, item in cast(dict[str, Any], value).items()}
    if isinstance(value, list):
        return [_anything(item, depth + 1) for item in cast(list[Any], value)]
    return value


def _is(value: Any, wanted: type, words: str) -> Any:
    if not isinstance(value, wanted):
        raise MisfitError(f"is {_quoted(value)}, not {words}")
    return value


def _truth(value: Any) -> bool:
    return _is(value, bool, "true or false")


def _text(value: Any, longest: int | None = None) -> str:
    text = mended(_is(value, str, "text"))
    if longest is not None and len(text) > longest:
        raise MisfitError(f"is longer than {longest:,} characters")
    return text


def _tag(value: Any) -> str:
    try:
        return checked_tag(_text(value))
    except MarkError as exc:
        raise MisfitError(f"is {_quoted(value)}, not a tag: {exc}".removesuffix(".")) from None


def _whole(value: Any, least: int = -_MOST, most: int = _MOST) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise MisfitError(f"is {_quoted(value)}, not a whole number from {least:,} to {most:,}")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise MisfitError(f"is {_quoted(value)}, not a number from 0")
    return (
        value if value <= _MOST else float(value)
    )  # JSON on record takes no longer a whole number, and would spell it


def _amount(value: Any) -> str:
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise MisfitError(f"is {_quoted(value)}, not an amount of money as text")
    return value


def _instant(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None or found.year < 1970:
        raise MisfitError(f"is {_quoted(value)}, not a time with its zone from 1970 on")
    if found > utc_now() + _AHEAD:
        raise MisfitError(f"is {_quoted(value)}, which is still to come. Is the clock of this computer right?")
    return found


def _id(value: Any) -> str:
    try:
        proper = isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        proper = False
    if not proper:
        raise MisfitError(f"is {_quoted(value)}, not an id")
    return value


def _quoted(value: Any) -> str:
    text = " ".join(mended(str(value)).split())
    return f"“{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}”"


_SHOWN = 40
