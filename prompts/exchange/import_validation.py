"""Checks that data from a file has the form that the record gives it: types, bounds and closed sets. Pure.

Owns the rules for each column and for the JSON inside it. Everything unknown is refused, as a name that only a newer
version knows must not be dropped silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from prompts.core.decision import LONGEST_REASON, FrozenEvidence
from prompts.core.feedback import LONGEST_NOTE, MOST_STARS, MarkError, checked_tag
from prompts.core.fitting import MOST, MisfitError, fitted, number_in, quoted, text_in, whole_in
from prompts.core.plan import WARM_UP, Relation
from prompts.core.sanitize import storable
from prompts.history.collections import LONGEST_NAME
from prompts.record.rows import StoredState
from prompts.record.schema import Instant, Money
from prompts.votes.votes import BallotCase, Choice, Contestant, OriginKind, Reason, Reveal
from providers.completion import CostLine
from providers.errors import Failure, Kind
from providers.interface import Adjustment, Condition, Flag, ServerTimings, Settings
from providers.measuring.measure import utc_now
from providers.pictures import Picture


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    media_type: str
    sha256: str | None = None
    data: str | None = None
    """The content, which the first schema stored inline as base64."""


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
    "fingerprint": Mapping[str, str], "contestants": tuple[Contestant, ...], "cases": tuple[BallotCase, ...],
    "evidence": FrozenEvidence, "pictures": tuple[Picture, ...],
}  # fmt: skip
"""The type of the JSON in each such column."""
_CLOSED: Mapping[str, Any] = {
    "state": StoredState, "source": Literal["page", "cli"], "link_kind": Relation, "error_kind": Kind,
    "cost_kind": Literal["amount", "local", "unknown"], "kept": Literal["figures"], "thumb": Literal[1, -1],
    "choice": Choice, "reason": Reason, "reveal": Reveal, "origin_kind": OriginKind,
}  # fmt: skip
_IDS = frozenset({
    "id", "run_id", "experiment_id", "link_id", "follows", "ballot_id", "origin_id", "left_id", "right_id",
})  # fmt: skip
_LONGEST: Mapping[tuple[str, str], int] = {
    ("experiments", "name"): LONGEST_NAME, ("ballots", "name"): LONGEST_NAME, ("notes", "text"): LONGEST_NOTE,
    ("decisions", "because"): LONGEST_REASON,
}  # fmt: skip
_NAMES = frozenset({
    "provider", "model", "person", "task", "case_key", "left_name", "right_name", "left_target", "right_target",
    "chosen",
})  # fmt: skip
_LONGEST_KEY = 200  # longer keys do not fit into PostgreSQL's indexes of at most 2,700 bytes
_BOUNDS: Mapping[str, tuple[int, int]] = {
    "repeat": (WARM_UP, 100_000), "position": (0, 1_000_000), "cell": (0, 1_000_000), "number": (1, 100_000),
    "stars": (1, MOST_STARS),
}  # fmt: skip


_AHEAD = timedelta(days=1)  # clocks differ, but with a later date it would be first in every list for ever


def cell(column: sa.Column[Any], value: Any) -> Any:
    """`value` as it is stored in `column`. Raises `MisfitError`."""
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
        return whole_in(value, *_BOUNDS.get(name, (0, MOST)))
    if isinstance(kind, sa.Double):
        return number_in(value)
    if name in _IDS:
        return _id(value)
    place = (column.table.name, name)
    return (
        _tag(value)
        if place == ("tags", "name")
        else text_in(value, _LONGEST_KEY if name in _NAMES else _LONGEST.get(place))
    )


def _tag(value: Any) -> str:
    try:
        return checked_tag(text_in(value))
    except MarkError as exc:
        raise MisfitError(f"is {quoted(value)}, not a tag: {exc}".removesuffix(".")) from None


def _instant(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None or found.year < 1970:
        raise MisfitError(f"is {quoted(value)}, not a time with its zone from 1970 on")
    if found > utc_now() + _AHEAD:
        raise MisfitError(f"is {quoted(value)}, which is in the future. Is the clock of this computer right?")
    return found


def _id(value: Any) -> str:
    try:
        proper = isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        proper = False
    if not proper:
        raise MisfitError(f"is {quoted(value)}, not an id")
    return value
