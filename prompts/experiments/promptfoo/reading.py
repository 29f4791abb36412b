"""Helpers for reading promptfoo's file: values by expected type, `file://` references, and notes for people."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, cast

from prompts.experiments.plan import PlanError
from prompts.experiments.plan_file import Read
from prompts.experiments.promptfoo.yaml_texts import Node, load_yaml
from providers.spelling import meant

FILE = "file://"
_TEXTS = {"", ".txt", ".md", ".json", ".html", ".htm", ".xml", ".csv", ".tsv", ".j2", ".njk", ".yaml", ".yml", ".sql"}
_MOST_NAMED = 12  # how many case numbers a sentence names


class Notes:
    """Notes on what could not be imported, or only with changes: one sentence each, with the cases it concerns."""

    def __init__(self) -> None:
        self._cases: dict[str, list[int]] = {}

    def add(self, sentence: str, case: int | None = None) -> None:
        """Add a sentence, which is listed only once; `case` counts from 1."""
        cases = self._cases.setdefault(sentence, [])
        if case is not None and case not in cases:
            cases.append(case)

    def unread(
        self, row: Mapping[str, Node], known: Collection[str], of: str = "", case: int | None = None, before: str = ""
    ) -> None:
        """Name every word of a table that is not followed, with what may be meant; `of`, `before`: where it stands."""
        for word in row:
            if word not in known:
                like = meant(word, known).strip()
                self.add(f"{before}{word}{of} is not followed{f'. {like}' if like else ''}", case)

    def lines(self) -> tuple[str, ...]:
        """All sentences, in the order in which they were first added."""
        return tuple(f"{said} ({named(cases)})" if cases else said for said, cases in self._cases.items())


def named(cases: Sequence[int]) -> str:
    """`case 3` or `cases 1, 2, 5`, at most the first dozen."""
    if len(cases) == 1:
        return f"case {cases[0]}"
    more = f" and {len(cases) - _MOST_NAMED} more" if len(cases) > _MOST_NAMED else ""
    return f"cases {', '.join(map(str, cases[:_MOST_NAMED]))}{more}"


def table(value: Node | None, where: str) -> Mapping[str, Node]:
    """The value as a table; empty if not given. Raises `PlanError`."""
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise PlanError(f"{where} must be a table of names and values.")
    return value


def items(value: Node | None, where: str) -> list[Node]:
    """The value as a list; a single text is a list of one. Raises `PlanError` for a table."""
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        raise PlanError(f"{where} must be a list.")
    return value if isinstance(value, list) else [value]


def text(value: Node | None) -> str:
    """The value as text as written; lists and tables as JSON; empty if not given."""
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def number(value: Node | None, where: str) -> float | None:
    """The value as a number; `None` if not given. Raises `PlanError`."""
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
    """Whether the value is one of YAML's words for true."""
    return isinstance(value, str) and value.lower() in ("true", "yes", "on")


def path_of(value: str) -> str:
    """The path in a `file://` reference, relative to the configuration."""
    return value.removeprefix(FILE)


def ending(path: str) -> str:
    """The ending of a path: `.csv` for `data/mails.csv`."""
    return PurePosixPath(path.replace("\\", "/")).suffix.lower()


def file_text(path: str, read: Read, where: str) -> str:
    """The content of a text file that the configuration names.

    Raises `PlanError` for programs, pictures and patterns.
    """
    if ending(path) not in _TEXTS or any(mark in path for mark in "*?[{"):
        raise PlanError(f"{where} names {path}: only one file with text is read there, and no program is run.")
    try:
        return read(path).decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise PlanError(f"{path} is not UTF-8 (byte {exc.start:,}).") from None


def file_node(path: str, read: Read, where: str) -> Node:
    """The content of a YAML or JSON file that the configuration names. Raises `PlanError`."""
    if ending(path) not in (".yaml", ".yml", ".json"):
        raise PlanError(f"{where} names {path}: only YAML and JSON are read there, and no program is run.")
    return load_yaml(read(path), path)


def json_node(line: str, where: str) -> Node:
    """A line of JSON as texts, lists and tables; numbers as written."""
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
