"""Converts a row of promptfoo's CSV to a test: columns are variables;
those starting with two underscores are special."""

from __future__ import annotations

import re
from collections.abc import Mapping

from prompts.experiments.promptfoo.types import BASE_TYPES
from prompts.experiments.promptfoo.yaml_texts import Node

_TYPED = re.compile(
    rf"(?P<type>(?:not-)?(?:{'|'.join(sorted(map(re.escape, BASE_TYPES), key=len, reverse=True))}))"
    r"(?:\((?P<threshold>\d+(?:\.\d+)?)\))?(?::(?P<value>.*))?",
    re.DOTALL,
)
_LISTS = ("contains-all", "contains-any", "icontains-all", "icontains-any")
_SCRIPTS = (".js", ".ts", ".mjs", ".cjs")
_EXPECTED = re.compile(r"__expected\d*")
_CONFIG = re.compile(r"__config:(__expected\d*):(\w+)")


def test_of_row(row: Mapping[str, str]) -> dict[str, Node]:
    """The test as it would be written in YAML."""
    own = {name: value for name, value in row.items() if not name.startswith("__")}
    asserts = {name: assertion_of(value) for name, value in row.items() if _EXPECTED.fullmatch(name) and value.strip()}
    for name, value in row.items():
        if (config := _CONFIG.fullmatch(name)) and config[1] in asserts and value.strip():
            asserts[config[1]][config[2]] = value
        elif name == "__metric" and value:
            for each in asserts.values():
                each["metric"] = value
    options = {name[2:]: row[name] for name in ("__prefix", "__suffix") if row.get(name)}
    test: dict[str, Node] = {"vars": dict(own), "assert": list(asserts.values()), "options": dict(options)}
    for name in ("description", "threshold", "providerOutput"):
        if row.get(f"__{name}"):
            test[name] = row[f"__{name}"]
    for name in row:
        if name.startswith("__") and not _is_known(name):
            test[name] = row[name]  # kept, so that it is reported as not followed
    return test


def _is_known(name: str) -> bool:
    known = ("__prefix", "__suffix", "__description", "__threshold", "__metric", "__providerOutput")
    return name in known or name.startswith("__metadata") or bool(_EXPECTED.fullmatch(name) or _CONFIG.fullmatch(name))


def assertion_of(cell: str) -> dict[str, Node]:
    """`contains-any(0.5):a,b` as an assertion; a text without a type means that the answer equals it."""
    for prefix, kind in (("javascript:", "javascript"), ("fn:", "javascript"), ("eval:", "javascript"),
                         ("grade:", "llm-rubric"), ("python:", "python")):  # fmt: skip
        if cell.startswith(prefix):
            return {"type": kind, "value": cell.removeprefix(prefix)}
    if cell.startswith("file://"):
        path = cell.removeprefix("file://").split(":")[0]
        kind = "python" if path.endswith(".py") else "javascript" if path.endswith(_SCRIPTS) else "equals"
        return {"type": kind, "value": cell}
    found = _TYPED.fullmatch(cell)
    if found is None:
        return {"type": "equals", "value": cell}
    assertion: dict[str, Node] = {"type": found["type"]}
    if found["value"] is not None:
        listed = found["type"].removeprefix("not-") in _LISTS
        value = found["value"]
        assertion["value"] = [each.strip() for each in value.split(",")] if listed else value
    if found["threshold"] is not None:
        assertion["threshold"] = found["threshold"]
    return assertion
