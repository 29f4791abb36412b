"""An assertion of promptfoo as written, and the check it becomes, or why it cannot become one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from prompts.experiments.checks.check import Fold
from prompts.experiments.plan import PlanError
from prompts.experiments.plan_file import Read
from prompts.experiments.promptfoo.reading import (
    FILE,
    Notes,
    ending,
    file_node,
    file_text,
    items,
    number,
    path_of,
    table,
    text,
)
from prompts.experiments.promptfoo.targets import judge_name
from prompts.experiments.promptfoo.templates import Template, template
from prompts.experiments.promptfoo.yaml_texts import Node

_REFERENCE = "#/assertionTemplates/"
_SET = {"type", "assert", "threshold", "weight", "metric"}
_DEEPEST = 5  # nesting of assertion sets


class NotImportedError(Exception):
    """An assertion without a counterpart here; the message says why, in a few words."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """One assertion, without its prefix `not-`."""

    type: str
    negated: bool
    value: Node | None
    threshold: float | None
    weight: float
    metric: str
    transformed: bool
    """Whether it looks at a transformed answer."""
    shown_only: bool
    """Whether it does not decide by itself: its weight is 0, or it is in a set with a threshold."""

    judge: str = ""
    """The grader as `provider:model`; empty: the one of the test."""
    row: Mapping[str, Node] = field(default_factory=dict[str, Node], compare=False)
    """As it is written."""

    @property
    def called(self) -> str:
        """The type as written."""
        return f"not-{self.type}" if self.negated else self.type

    def read(self, value: Node | None = None) -> Template:
        """The text of its value, or of `value`, with holes."""
        return template(text(self.value if value is None else value), f"assertion {self.called}")

    def wanted(self, default: float | None = None) -> float:
        """Its threshold, or `default`. Raises `NotImportedError` if there is neither."""
        found = self.threshold if self.threshold is not None else default
        if found is None:
            raise NotImportedError("it has no threshold")
        return found


@dataclass(frozen=True, slots=True)
class Converted:
    """The check that an assertion becomes, with the holes of one case still in its texts."""

    kind: str
    texts: tuple[Template, ...] = ()
    listed: bool = False
    """Whether the texts are the check's `values`, rather than its `value`."""
    at_least: float | None = None
    at_most: float | None = None
    fold: frozenset[Fold] = field(default_factory=frozenset[Fold])
    judges: tuple[str, ...] = ()
    said: str = ""
    """How it differs from promptfoo's, in words; empty if not significantly."""


def with_file(given: Assertion, read: Read) -> Assertion:
    """The assertion with its value read from the file it names. Raises `NotImportedError` if that is a program."""
    if not isinstance(given.value, str) or not given.value.startswith(FILE):
        return given
    path = path_of(given.value)
    if ending(path) in (".json", ".yaml", ".yml"):
        return replace(given, value=file_node(path, read, given.called))
    if ending(path) != ".txt":
        raise NotImportedError("its value is computed by a program")
    return replace(given, value=file_text(path, read, given.called))


def flattened(
    given: Sequence[Mapping[str, Node]], templates: Mapping[str, Node], notes: Notes, case: int, *,
    shown_only: bool = False, depth: int = 0,
) -> Iterator[Assertion]:  # fmt: skip
    """Every assertion of a test, with references and sets resolved. Raises `PlanError`."""
    for each in given:
        row = _dereferenced(each, templates)
        if depth > _DEEPEST:
            raise PlanError(f"assert-set contains itself more than {_DEEPEST} deep.")
        if row.get("type") != "assert-set":
            yield _assertion(row, shown_only)
            continue
        notes.unread(row, _SET, " of assert-set", case)
        loose = number(row.get("threshold"), "threshold of an assert-set")
        own_weight = number(row.get("weight"), "weight of an assert-set")
        inner = [table(one, "assert-set") for one in items(row.get("assert"), "assert-set")]
        only = shown_only or own_weight == 0 or (loose is not None and loose < 1)
        for one in flattened(inner, templates, notes, case, shown_only=only, depth=depth + 1):
            yield replace(one, metric=one.metric or text(row.get("metric")))


def _dereferenced(row: Mapping[str, Node], templates: Mapping[str, Node]) -> Mapping[str, Node]:
    if "$ref" not in row:
        return row
    name = text(row["$ref"]).removeprefix(_REFERENCE)
    if name not in templates or not text(row["$ref"]).startswith(_REFERENCE):
        raise PlanError(f"$ref names {text(row['$ref'])!r}, which is not among assertionTemplates.")
    found = table(templates[name], f"assertionTemplates.{name}")
    if "$ref" in found:
        raise PlanError(f"assertionTemplates.{name} is itself a reference, which is not followed.")
    return {**found, **{key: value for key, value in row.items() if key != "$ref"}}


def _assertion(row: Mapping[str, Node], shown_only: bool) -> Assertion:
    kind = text(row.get("type"))
    weight = number(row.get("weight"), f"weight of {kind}")
    if not kind:
        raise PlanError("An assertion has no type. Write type: equals, or another.")
    if weight is not None and weight < 0:
        raise PlanError(f"The weight of {kind} is {weight:g}; it must not be negative.")
    return Assertion(
        kind.removeprefix("not-"), kind.startswith("not-"), row.get("value"),
        number(row.get("threshold"), f"threshold of {kind}"), 1.0 if weight is None else weight,
        text(row.get("metric")), "transform" in row, shown_only or weight == 0, judge_name(row.get("provider")), row,
    )  # fmt: skip
