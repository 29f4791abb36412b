"""Cases as JSON: one object per line, or a list of objects. Numbers stay as written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, cast

from prompts.experiments.cases import MOST_CASES, Cases, CasesError, table, too_many

_LINE_END = re.compile(r"\r\n|\r|\n")  # others, such as U+2028, may occur inside a text

_DEEPEST = 100
"""Levels of lists and objects in a cell: how many Python itself bears differs between its versions."""
_WANTED = 'Write {"column": "text", …} for each case.'


class _Written(str):
    """A number in its written form."""

    __slots__ = ()


def read_json(text: str, name: str, notes: Sequence[str] = ()) -> Cases:
    """Nested lists and objects become JSON text again; a missing name gives an empty cell. Raises `CasesError`."""
    lines = _items(text, name) if text.lstrip().startswith("[") else _lines(text, name)
    objects: list[dict[str, str]] = []
    for where, read in lines:
        if not isinstance(read, dict):
            raise CasesError(f"{name}, {where} is not an object. {_WANTED}")
        try:
            objects.append({key: cell(value) for key, value in cast(dict[str, Any], read).items()})
        except RecursionError:
            raise CasesError(f"{name}, {where} is nested too deeply. At most {_DEEPEST} levels are read.") from None
        if len(objects) > MOST_CASES:
            raise too_many(name)
    columns = list(dict.fromkeys(key for each in objects for key in each))
    if not columns:
        raise CasesError(f"{name} has no case. {_WANTED}")
    if unnamed := next((n for n, each in enumerate(objects, 1) if not all(map(str.strip, each))), 0):
        raise CasesError(f"{name}, case {unnamed}: a name is empty. {_WANTED}")
    absent = sum(len(each) < len(columns) for each in objects)
    said = [f"{absent} of {len(objects)} cases lack a name that others have; there it is empty."] if absent else []
    rows = [columns, *([each.get(column, "") for column in columns] for each in objects)]
    return table(enumerate(rows, 1), name, [*notes, *said])


def cell(value: object) -> str:
    """A value as the text of a cell. Raises `RecursionError` if it is nested more than `_DEEPEST` deep."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool | int | float | list | dict):
        return _json(cast(object, value))
    return str(value)  # a date, an amount: in its usual form


def _json(value: object, depth: int = 0) -> str:
    if depth > _DEEPEST:
        raise RecursionError
    match value:
        case _Written():
            return value
        case list():
            return f"[{', '.join(_json(each, depth + 1) for each in cast(list[object], value))}]"
        case dict():
            pairs = cast(dict[str, object], value).items()
            written = (f"{json.dumps(key, ensure_ascii=False)}: {_json(each, depth + 1)}" for key, each in pairs)
            return f"{{{', '.join(written)}}}"
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)


def _lines(text: str, name: str) -> Iterator[tuple[str, object]]:
    for line, written in enumerate(_LINE_END.split(text), 1):
        if written.strip():
            yield f"line {line}", _loaded(written, f"{name}, line {line} is", "One object a line is read.")


def _items(text: str, name: str) -> Iterator[tuple[str, object]]:
    read = cast(list[object], _loaded(text, f"{name} is", "A list of objects is read, or one object a line."))
    for number, each in enumerate(read, 1):
        yield f"number {number}", each


def _loaded(text: str, what: str, wanted: str) -> object:
    try:
        return json.loads(
            text, parse_int=_Written, parse_float=_Written, parse_constant=_Written, object_pairs_hook=_once
        )
    except ValueError as exc:
        raise CasesError(f"{what} not JSON: {exc}. {wanted}") from None
    except RecursionError:
        raise CasesError(f"{what} nested too deeply. {wanted}") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} occurs twice")
    return found
