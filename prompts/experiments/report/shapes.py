"""Checks that the lines of a report have the form that Collate writes, whoever made the file.

Pure. Raises `MisfitError` with the end of a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any, cast

from prompts.core.answer import AnswerState
from prompts.core.fitting import MisfitError, fitted, is_a, quoted, whole_in
from prompts.experiments.asked import Stage
from prompts.experiments.checks.check import Check
from prompts.experiments.plan import Budget, Gate, Wording
from providers.completion import Cost, State, Timings
from providers.errors import Failure
from providers.interface import Settings, Usage
from providers.pictures import Picture

_MOST_PLACES = 1_000_000
_SIGNED = ("at_least", "at_most", "tolerance")


@dataclass(frozen=True, slots=True)
class _Cases:
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Target:
    provider: str
    model: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class _Plan:
    name: str
    wordings: tuple[Wording, ...]
    cases: _Cases
    targets: tuple[_Target, ...]
    repeats: int
    settings: Settings
    columns: Mapping[str, str]
    checks: tuple[Check, ...]
    budget: Budget
    gate: Gate
    matters: float
    baseline: str | None


@dataclass(frozen=True, slots=True)
class _Head:
    collate_experiment: int
    id: str
    created_at: str
    stage: Stage
    reason: str
    planned_cases: int
    plan: _Plan
    planned_repeats: int | None = None


@dataclass(frozen=True, slots=True)
class _Finding:
    reason: str
    passed: bool | None = None
    score: float | None = None
    span: tuple[int, ...] | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class _Picture(Picture):
    data: str | None = None
    """Its content, where that first occurs in the file."""
    file: str | None = None
    """Or the name of the file with its content."""


@dataclass(frozen=True, slots=True)
class _Completion:
    provider: str
    model: str
    response_model: str | None
    state: State
    endpoint: str
    text: str
    thinking: str
    started_at: str
    timings: Timings
    cost: Cost
    usage: Usage | None
    error: Failure | None
    pictures: tuple[_Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cell:
    case: int
    wording: int
    target: int
    repeat: int
    completion_id: str
    run_id: str
    state: AnswerState
    taken_from: str | None
    note: str | None
    findings: tuple[_Finding, ...] | None
    completion: _Completion | None


def head(line: Mapping[str, Any]) -> dict[str, Any]:
    """The first line, checked."""
    checks = [_checked(check) for check in is_a(is_a(line.get("plan"), dict, "a plan").get("checks"), list, "a list")]
    plain = {**line, "plan": {**line["plan"], "checks": [check for check, _ in checks]}}
    found = cast(dict[str, Any], fitted(plain, _Head))
    for check, (_, numbers) in zip(found["plan"]["checks"], checks, strict=True):
        check.update(numbers)
    return found


def cell(line: Mapping[str, Any]) -> dict[str, Any]:
    """Any other line, checked."""
    found = cast(dict[str, Any], fitted(line, _Cell))
    for name in ("case", "wording", "target", "repeat"):
        whole_in(found[name], 0, _MOST_PLACES)
    for finding in found["findings"] or ():
        if (span := finding.get("span")) is not None and len(span) != 2:
            raise MisfitError(f"is {quoted(span)}, not a begin and an end")
    return found


def _checked(check: Any) -> tuple[dict[str, Any], dict[str, float]]:
    """A check without those of its numbers that may be negative, and these numbers."""
    given = cast(dict[str, Any], is_a(check, dict, "a check"))
    numbers = {name: given[name] for name in _SIGNED if given.get(name) is not None}
    for number in numbers.values():
        if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
            raise MisfitError(f"is {quoted(number)}, not a number")
    return {name: value for name, value in given.items() if name not in _SIGNED}, numbers


def instant(text: str) -> datetime:
    """A time with its zone, converted to UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise MisfitError(f"is {quoted(text)}, not a time with its zone")
    return found.astimezone(UTC)
