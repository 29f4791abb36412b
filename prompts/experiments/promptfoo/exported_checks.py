"""Checks as promptfoo assertions, as far as it has one with the same result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from prompts.experiments.checks.check import Check

Assertion = dict[str, Any]
Write = Callable[[str], str]
"""Converts a text with our holes to promptfoo's syntax."""


class NotExportedError(Exception):
    """A check for which promptfoo has no assertion; the message says why, in a few words."""


_FOLDED = {
    "contains": "icontains", "contains-any": "icontains-any", "contains-all": "icontains-all",
}  # fmt: skip
_PLAIN = {
    "equals": "equals", "contains": "contains", "starts-with": "starts-with", "regex": "regex",
    "json-schema": "is-json", "contains-any": "contains-any", "contains-all": "contains-all", "bleu": "bleu",
}  # fmt: skip
_ENDS = {"complete": "stop", "cut": "length", "filtered": "content_filter"}


def assertion(check: Check, write: Write) -> Assertion:
    """The assertion with the same result. Raises `NotExportedError`."""
    take = _TAKERS.get(check.kind, _plain)
    found = take(check, write)
    if check.negated:
        found["type"] = f"not-{found['type']}"
    if not check.counts:
        found["weight"] = 0
    elif check.weight != 1:
        found["weight"] = plain(check.weight)
    if check.name:
        found["metric"] = check.name
    return found


def provider_id(target: str) -> str:
    """`provider:model` in promptfoo's notation."""
    return target.replace("anthropic:", "anthropic:messages:", 1) if target.startswith("anthropic:") else target


def plain(value: float) -> float:
    """The number as an int if it is whole."""
    return int(value) if value == int(value) else value


def _plain(check: Check, write: Write) -> Assertion:
    kind = _PLAIN.get(check.kind)
    if check.fold == frozenset({"case"}):
        kind = _FOLDED.get(check.kind)
    elif check.fold:
        kind = None
    if kind is None:
        raise NotExportedError("promptfoo has no such assertion")
    if check.kind.startswith("contains-"):
        return {"type": kind, "value": [write(each) for each in check.values]}
    found: Assertion = {"type": kind, "value": write(check.value)}
    return {**found, "threshold": check.at_least} if check.kind == "bleu" else found


def _words(check: Check, _: Write) -> Assertion:
    bounds = {"min": check.at_least, "max": check.at_most}
    return {
        "type": "word-count", "value": {name: int(value) for name, value in bounds.items() if value is not None}
    }  # fmt: skip


def _most(kind: str, factor: float) -> Callable[[Check, Write], Assertion]:
    def take(check: Check, _: Write) -> Assertion:
        if check.at_most is None or check.at_least is not None:
            raise NotExportedError("promptfoo knows an upper bound only")
        return {"type": kind, "threshold": plain(check.at_most * factor)}

    return take


def _outcome(check: Check, _: Write) -> Assertion:
    if check.values == ("refused",):
        return {"type": "is-refusal"}
    if len(check.values) == 1 and check.values[0] in _ENDS:
        return {"type": "finish-reason", "value": _ENDS[check.values[0]]}
    raise NotExportedError("promptfoo does not know this outcome of an answer")


def _judge(check: Check, write: Write) -> Assertion:
    if len(check.values) != 1:
        raise NotExportedError("promptfoo knows one judge")
    return {"type": "llm-rubric", "value": write(check.value), "provider": provider_id(check.values[0])}


_TAKERS: Mapping[str, Callable[[Check, Write], Assertion]] = {
    "json": lambda check, write: {"type": "is-json"},
    "json-inside": lambda check, write: (
        {"type": "contains-json"} | ({"value": write(check.value)} if check.value else {})
    ),
    "judge": _judge,
    "xml": lambda check, write: {"type": "is-xml"},
    "xml-inside": lambda check, write: {"type": "contains-xml"},
    "edits": lambda check, write: {**_most("levenshtein", 1)(check, write), "value": write(check.value)},
    "words": _words,
    "latency": _most("latency", 1000),
    "cost": _most("cost", 1),
    "outcome": _outcome,
}
