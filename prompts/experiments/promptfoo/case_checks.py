"""Assertions of single tests as checks of the whole plan: what differs from case to case goes into columns.

The n-th assertion of a kind in one test and the n-th in another become one check. Where their texts differ, a column
holds them; where not every case has such an assertion, `when` names the column that says which do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from prompts.experiments.checks.check import Check, CheckError
from prompts.experiments.checks.kinds import validate
from prompts.experiments.plan import PlanError
from prompts.experiments.plan_file import Read
from prompts.experiments.promptfoo.assertion import Assertion, NotImportedError, flattened, with_file
from prompts.experiments.promptfoo.columns import Columns
from prompts.experiments.promptfoo.reading import Notes
from prompts.experiments.promptfoo.templates import Template
from prompts.experiments.promptfoo.tests import Test
from prompts.experiments.promptfoo.types import converted
from prompts.experiments.promptfoo.yaml_texts import Node

_FIRST_NAME = {"equals": "expected", "label": "expected"}


@dataclass(frozen=True, slots=True)
class _Group:
    """What is alike in the assertions of one check: the check without its texts, and which of that kind it is."""

    check: Check
    texts: int
    listed: bool
    place: int


def checks_of(
    tests: Sequence[Test], templates: Mapping[str, Node], read: Read, columns: Columns, notes: Notes
) -> tuple[Check, ...]:
    """The plan's checks; adds to `columns` what they need. Raises `PlanError`."""
    groups: dict[_Group, dict[int, tuple[Template, ...]]] = {}
    for case, test in enumerate(tests):
        seen: dict[_Group, int] = {}
        for given in flattened(test.asserts, templates):
            try:
                plain, texts, listed = _converted(given, test, read)
            except NotImportedError as exc:
                notes.add(f"Not imported: {given.called}: {exc}", case + 1)
                continue
            _say(given, plain.kind, notes, case + 1)
            key = _Group(plain, len(texts), listed, 0)
            seen[key] = place = seen.get(key, -1) + 1
            groups.setdefault(replace(key, place=place), {})[case] = texts
    return tuple(found for key, each in groups.items() if (found := _check(key, each, len(tests), columns, notes)))


def _converted(given: Assertion, test: Test, read: Read) -> tuple[Check, tuple[Template, ...], bool]:
    if test.transformed:
        raise NotImportedError("it looks at a transformed answer")
    found = converted(with_file(given, read))
    check = Check(
        found.kind, at_least=found.at_least, at_most=found.at_most, fold=found.fold, negated=given.negated,
        weight=given.weight, counts=not given.shown_only, name=given.metric,
    )  # fmt: skip
    return (replace(check, weight=1.0) if given.weight == 0 else check), found.texts, found.listed


def _say(given: Assertion, kind: str, notes: Notes, case: int) -> None:
    if given.shown_only:
        notes.add(f"{given.called} is shown and does not decide: its weight is 0, or its set has a threshold", case)
    said = converted(replace(given, value=given.value or "x")).said
    if said:
        notes.add(said, case)
