"""Values of promptfoo's file by the type they should have, its `file://` references, and what is said of it all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, cast

from prompts.experiments.plan import PlanError
from prompts.experiments.plan_file import Read
from prompts.experiments.promptfoo.yaml_texts import Node, load_yaml

FILE = "file://"
_TEXTS = {"", ".txt", ".md", ".json", ".html", ".htm", ".xml", ".csv", ".tsv", ".j2", ".njk", ".yaml", ".yml", ".sql"}
_MOST_NAMED = 12  # case numbers in a sentence


class Notes:
    """What could not be taken over, or not as it was: a sentence each, with the cases it concerns."""

    def __init__(self) -> None:
        self._cases: dict[str, list[int]] = {}

    def add(self, sentence: str, case: int | None = None) -> None:
        """Say it, once however often; `case` counts from 1."""
        cases = self._cases.setdefault(sentence, [])
        if case is not None and case not in cases:
            cases.append(case)

    def lines(self) -> tuple[str, ...]:
        """Every sentence, in the order in which it was first said."""
        return tuple(f"{said} ({named(cases)})" if cases else said for said, cases in self._cases.items())


def named(cases: Sequence[int]) -> str:
    """`case 3` or `cases 1, 2, 5`, the first dozen."""
    if len(cases) == 1:
        return f"case {cases[0]}"
    more = f" and {len(cases) - _MOST_NAMED} more" if len(cases) > _MOST_NAMED else ""
    return f"cases {', '.join(map(str, cases[:_MOST_NAMED]))}{more}"


def table(value: Node | None, where: str) -> Mapping[str, Node]:
    """A table; empty where nothing is written."""
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise PlanError(f"{where} must be a table of names and values.")
    return value


def items(value: Node | None, where: str) -> list[Node]:
    """A list; a text or a table alone is a list of one."""
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        raise PlanError(f"{where} must be a list.")
    return value if isinstance(value, list) else [value]


def text(value: Node | None) -> str:
    """A text as it was written; what is more than a text as JSON; empty where nothing is written."""
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def number(value: Node | None, where: str) -> float | None:
    """A number; `None` where nothing is written."""
    if value is None or value == "":
        return None
    try:
        found = float(value) if isinstance(value, str) else float("nan")
    except ValueError:
        found = float("nan")
    if not abs(found) < float("inf"):
        raise PlanError(f"{where} is {text(value)!r}; write a number.")
    return found


def is_on(value: Node | None) -> bool:
    """YAML's words for true."""
    return isinstance(value, str) and value.lower() in ("true", "yes", "on")


def path_of(value: str) -> str:
    """The path that a `file://` names, relative to the configuration."""
    return value.removeprefix(FILE)


def ending(path: str) -> str:
    """`.csv` of `data/mails.csv`."""
    return PurePosixPath(path.replace("\\", "/")).suffix.lower()


def file_text(path: str, read: Read, where: str) -> str:
    """A text file that the configuration names. Raises `PlanError` for programs, pictures and patterns."""
    if ending(path) not in _TEXTS or any(mark in path for mark in "*?[{"):
        raise PlanError(f"{where} names {path}: only one file with text is read there, and no program is run.")
    try:
        return read(path).decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise PlanError(f"{path} is not UTF-8 (byte {exc.start:,}).") from None


def file_node(path: str, read: Read, where: str) -> Node:
    """A YAML or JSON file that the configuration names."""
    if ending(path) not in (".yaml", ".yml", ".json"):
        raise PlanError(f"{where} names {path}: only YAML and JSON are read there, and no program is run.")
    return load_yaml(read(path), path)


def json_node(line: str, where: str) -> Node:
    """JSON as the same texts, lists and tables; numbers as written."""
    try:
        return _texts(json.loads(line, parse_int=str, parse_float=str))
    except (json.JSONDecodeError, RecursionError) as exc:
        raise PlanError(f"{where} is not JSON: {exc}.") from None


def _texts(value: Any) -> Node:
    if isinstance(value, dict):
        return {name: _texts(each) for name, each in cast(dict[str, Any], value).items()}
    if isinstance(value, list):
        return [_texts(each) for each in cast(list[Any], value)]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
