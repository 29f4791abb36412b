"""Checks values of a TOML file: returns each with the type it must have,
or raises an error that says where and what to write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from providers.config.toml_files import ConfigurationError
from providers.spelling import meant


def as_seconds(value: object, place: str) -> float:
    """A number of seconds above 0."""
    try:
        seconds = 0.0 if isinstance(value, bool) else float(cast(Any, value))
    except (TypeError, ValueError):
        seconds = 0.0
    if not 0 < seconds < 10**9:
        raise ConfigurationError(f"{place} is {value!r}; write a number above 0")
    return seconds


def as_table(value: object, file: Path, place: str) -> Mapping[str, Any]:
    """A table."""
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"{file}: {place} must be a table, written as [{place}]")
    return cast(Mapping[str, Any], value)


def as_text(values: Mapping[str, Any], name: str, file: Path, place: str) -> str | None:
    """Text; `None` where it is not set."""
    value = values.get(name)
    if value is not None and not isinstance(value, str):
        raise ConfigurationError(f'{file}: [{place}] {name} must be text, written as {name} = "..."')
    return value


def only(values: Mapping[str, Any], allowed: frozenset[str] | set[str], file: Path, place: str) -> None:
    """Raise `ConfigurationError` for names that are not settings, with a suggestion for the first."""
    if unknown := sorted(set(values) - allowed):
        where = f"[{place}] " if place else ""
        there_are = f"Known: {', '.join(sorted(allowed))}"
        raise ConfigurationError(
            f"{file}: {where}{', '.join(unknown)} is not a setting. {meant(unknown[0], allowed)}{there_are}"
        )


def as_switch(values: Mapping[str, Any], name: str, usual: bool, file: Path, place: str) -> bool:
    """True or false; `usual` if not set."""
    value = values.get(name, usual)
    if not isinstance(value, bool):
        raise ConfigurationError(f"{file}: [{place}] {name} is {value!r}; write true or false")
    return value


def as_count(values: Mapping[str, Any], name: str, file: Path, place: str) -> int | None:
    """A whole number of at least 1; `None` if not set."""
    value = values.get(name)
    if value is not None and (type(value) is not int or not 1 <= value <= 1_000_000):
        raise ConfigurationError(f"{file}: [{place}] {name} is {value!r}; write a whole number from 1")
    return value
