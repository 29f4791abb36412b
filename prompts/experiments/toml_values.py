"""Helpers for reading a TOML file: values by expected type; each raises `ValueError` that says what to write where."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, cast

from providers.spelling import meant


def only(table: Mapping[str, Any], known: set[str], where: str) -> None:
    """Raise `ValueError` that names the first unknown word."""
    if unknown := [name for name in table if name not in known]:
        there_are = f"There are: {', '.join(sorted(known))}."
        raise ValueError(f"{where}: {unknown[0]!r} is not known. {meant(unknown[0], known)}{there_are}")


def one_of(value: object, known: Sequence[str], where: str) -> Any:
    """One of these words."""
    if value not in known:
        there_are = f"Write one of {', '.join(known)}."
        raise ValueError(f"{where} is {value!r}, which is not known. {meant(value, known)}{there_are}")
    return value


def section(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A table of the file; empty if it is missing."""
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise ValueError(f"{name} must be a table: write [{name}].")
    return cast(dict[str, Any], found)


def tables(table: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list of tables, `[[name]]`; empty if it is missing."""
    found = table.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in cast(list[object], found)):
        raise ValueError(f"{name} must be a list of tables: write [[{name}]].")
    return cast(list[Mapping[str, Any]], found)


def items(table: Mapping[str, Any], name: str) -> list[object]:
    """A list; empty if it is missing."""
    found = table.get(name, [])
    if not isinstance(found, list):
        raise ValueError(f"{name} must be a list: write [{json.dumps(str(found))}].")
    return cast(list[object], found)


def text_of(value: object, where: str) -> str:
    """The value if it is a text."""
    if not isinstance(value, str):
        raise ValueError(f"{where} is {value!r}; write it as text, in quotation marks.")
    return value


def whole(value: object, where: str) -> int:
    """The value if it is a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{where} is {value!r}; write a whole number.")
    return value


def count(value: object, where: str) -> int:
    """The value if it is a whole number of at least 1."""
    if (found := whole(value, where)) < 1:
        raise ValueError(f"{where} is {found}; write 1 or more.")
    return found


def number(value: object, where: str) -> float:
    """The value if it is a number; `nan` and `inf` are refused."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not abs(value) <= sys.float_info.max:
        raise ValueError(f"{where} is {value!r}; write a number.")
    return float(value)


def yes(table: Mapping[str, Any], name: str, default: bool) -> bool:
    """A value that is true or false; `default` if it is missing."""
    value = table.get(name, default)
    if not isinstance(value, bool):
        raise ValueError(f"{name} is {value!r}; write true or false.")
    return value
