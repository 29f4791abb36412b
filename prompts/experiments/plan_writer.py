"""Writes a plan as readable TOML: what the browser saves and `collate run` reads."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from typing import Any, cast

import tomli_w

from prompts.experiments.checks.check import Check
from prompts.experiments.checks.judge import CALLED, KINDS_OF_JUDGE
from prompts.experiments.checks.kinds import without_unread
from prompts.experiments.plan import Plan, PlanError, read_names
from prompts.experiments.plan_pictures import picture_row
from providers.interface import Settings


def dumps(plan: Plan) -> str:
    """The plan as TOML, complete in one file, which `loads` reads again."""
    table: dict[str, Any] = {"name": plan.name}
    # In TOML, lists of plain values must come before tables.
    from_library = all(wording.source for wording in plan.wordings)
    plain = all(target.settings == plan.settings for target in plan.targets)
    table["prompts"] = [wording.source for wording in plan.wordings] if from_library else []
    table["targets"] = [str(target) for target in plan.targets] if plain else []
    table["repeats"] = plan.repeats
    table |= {name: section for name, section in _sections(plan).items() if section}
    if not from_library:
        table["prompt"] = [
            _given(name=w.name, source=w.source or None, system=w.system, prompt=w.prompt) for w in plan.wordings
        ]
    if not plain:
        table["target"] = [
            {"target": str(target), **_setting_rows(target.settings, plan.settings)} for target in plan.targets
        ]
    table["check"] = [_check_row(check) for check in plan.checks]
    kept = {name: value for name, value in table.items() if value != []}
    written = tomli_w.dumps(kept, multiline_strings=True)
    # A multi-line string takes the line ends of the file, so a case with other ones is written on one line.
    return written if tomllib.loads(written) == kept else tomli_w.dumps(kept)


def _sections(plan: Plan) -> dict[str, dict[str, Any]]:
    budget, gate = plan.budget, plan.gate
    columns = {hole: column for hole, column in plan.columns.items() if hole in read_names(plan)}
    return {
        "settings": _setting_rows(plan.settings, Settings()),
        "cases": _given(
            columns=columns or None, row=[dict(plan.cases.values(n)) for n in range(len(plan.cases))] or None
        ),
        "budget": _given(
            usd=None if budget.usd is None else float(budget.usd),
            ask_above=None if budget.ask_above is None else float(budget.ask_above),
            unknown=budget.unknown if budget.unknown != "leave out" else None,
        ),
        "plan": _given(matters=round(100 * plan.matters, 6), baseline=plan.baseline),
        "gate": _given(pass_rate=gate.pass_rate, lower=True if gate.lower and gate.pass_rate is not None else None),
    }


def _setting_rows(settings: Settings, shared: Settings) -> dict[str, Any]:
    rows = {each.name: getattr(settings, each.name) for each in fields(Settings)}
    changed = {name: value for name, value in rows.items() if value != getattr(shared, name)}
    if gone := [name for name, value in changed.items() if value is None]:
        raise PlanError(f"A model without {gone[0].replace('_', ' ')} beside others with it cannot be saved as a file.")
    return {name: picture_row(value) if name == "picture" else _plain(value) for name, value in changed.items()}


def _check_row(check: Check) -> dict[str, Any]:
    check = without_unread(check)
    plain = Check(check.kind)
    row: dict[str, Any] = {"kind": check.kind}
    for each in fields(Check):
        value = getattr(check, each.name)
        if each.name != "kind" and value != getattr(plain, each.name):
            row[_word(check, each.name)] = _plain(value)
    return row


def _word(check: Check, name: str) -> str:
    """The name of a field in the file: a judge has a rubric and judges."""
    if check.kind in KINDS_OF_JUDGE:
        name = CALLED.get(name, name)
    return "not" if name == "negated" else name


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(cast(frozenset[str], value))
    return list(cast(tuple[str, ...], value)) if isinstance(value, tuple) else value


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
