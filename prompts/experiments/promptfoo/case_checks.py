"""Turns assertions of single tests into checks of the whole plan: what differs between cases goes into columns.

The n-th assertion of a kind in each test becomes one check. If their texts differ, a column holds them; if not every
case has such an assertion, `when` names the column that tells which do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from prompts.experiments.checks.check import Check, CheckError
from prompts.experiments.checks.kinds import validate
from prompts.experiments.plan_file import Read
from prompts.experiments.promptfoo.assertion import Assertion, Converted, NotImportedError, flattened, with_file
from prompts.experiments.promptfoo.columns import Columns
from prompts.experiments.promptfoo.flat_tests import FlatTest
from prompts.experiments.promptfoo.reading import Notes
from prompts.experiments.promptfoo.templates import Template
from prompts.experiments.promptfoo.types import WITH_THRESHOLD, converted
from prompts.experiments.promptfoo.yaml_texts import Node

_WORDS = {"type", "value", "weight", "metric", "provider", "transform", "$ref"}
"""Of an assertion, that are followed, or whose reason is told where they cannot be."""
_COLUMN = {"equals": "expected"}
"""The name of the column for a kind, where it differs from the kind."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What the assertions of one check have in common: the check without its texts, and its number within its kind."""

    check: Check
    texts: int
    listed: bool
    place: int = 0


def checks_of(
    tests: Sequence[FlatTest], templates: Mapping[str, Node], read: Read, columns: Columns, notes: Notes
) -> tuple[Check, ...]:
    """The plan's checks; adds the columns they need to `columns`. Raises `PlanError`."""
    groups: dict[_Group, dict[int, tuple[Template, ...]]] = {}
    for case, test in enumerate(tests):
        seen: dict[_Group, int] = {}
        for given in flattened(test.asserts, templates, notes, case + 1):
            try:
                key, texts = _taken(given, test, read, columns, case, notes)
            except (NotImportedError, CheckError) as exc:
                notes.add(f"Not imported: {given.called}: {str(exc).rstrip('.')}", case + 1)
                continue
            seen[key] = place = seen.get(key, -1) + 1
            groups.setdefault(replace(key, place=place), {})[case] = texts
    return tuple(_check(key, each, len(tests), columns) for key, each in groups.items())


def _taken(
    given: Assertion, test: FlatTest, read: Read, columns: Columns, case: int, notes: Notes
) -> tuple[_Group, tuple[Template, ...]]:
    """One assertion of one case, once it is certain that it can be checked."""
    if test.transformed:
        raise NotImportedError("it looks at a transformed answer")
    found = converted(replace(with_file(given, read), judge=given.judge or test.judge))
    check = _plain(given, found)
    validate(_with(check, found.listed, [columns.filled(each, case) for each in found.texts]))
    if given.shown_only:
        notes.add(f"{given.called} is shown and does not decide: its weight is 0, or its set has a threshold", case + 1)
    known = _WORDS | ({"threshold"} if given.type in WITH_THRESHOLD else set[str]())
    notes.unread(given.row, known, f" of {given.called}", case + 1)
    if found.said:
        notes.add(found.said, case + 1)
    return _Group(check, len(found.texts), found.listed), found.texts


def _plain(given: Assertion, found: Converted) -> Check:
    """The check without its texts; the weight of one that does not count is dropped."""
    return Check(
        found.kind, at_least=found.at_least, at_most=found.at_most, fold=found.fold, negated=given.negated,
        weight=given.weight or 1.0, counts=not given.shown_only, name=given.metric,
        values=found.judges, own_family=bool(found.judges),
    )  # fmt: skip


def _with(check: Check, listed: bool, texts: Sequence[str]) -> Check:
    return replace(check, values=tuple(texts)) if listed else replace(check, value=texts[0] if texts else "")


def _check(key: _Group, cases: Mapping[int, tuple[Template, ...]], size: int, columns: Columns) -> Check:
    """One check for all these cases."""
    name = _COLUMN.get(key.check.kind, key.check.kind)
    texts: list[str] = []
    when = ""
    for place in range(key.texts):
        of_case = {case: each[place] for case, each in cases.items()}
        text, column = _text(of_case, name, columns)
        texts.append(text)
        if column and all(columns.values(case)[column].strip() for case in cases):
            when = column
    if len(cases) < size and not when:
        when = columns.add(f"has {name}", dict.fromkeys(cases, "yes"))
    return replace(_with(key.check, key.listed, texts), when=when if len(cases) < size else "")


def _text(of_case: Mapping[int, Template], name: str, columns: Columns) -> tuple[str, str]:
    """The text itself if it is the same in every case; else a hole for a new column, and the column's name."""
    distinct = {each.text for each in of_case.values()}
    if len(distinct) == 1:
        return next(iter(distinct)), ""
    column = columns.add(name, {case: columns.filled(each, case) for case, each in of_case.items()})
    return f"{{{{{column}}}}}", column
