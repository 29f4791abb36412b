"""A plan and its findings as JSON for the record, and back;
complete, so that later changes elsewhere do not affect it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from prompts.core.presets import settings_json
from prompts.core.sanitize import storable
from prompts.core.targets import Target
from prompts.experiments.cases import Cases
from prompts.experiments.checks.check import Check, Finding
from prompts.experiments.plan import Budget, Gate, Plan, Wording
from providers.interface import Settings
from providers.pictures import PictureSettings


def plan_json(plan: Plan) -> dict[str, Any]:
    """`plan` as JSON that any database accepts."""
    return {
        "name": _text(plan.name),
        "wordings": [storable(asdict(wording)) for wording in plan.wordings],
        "cases": {
            "columns": [_text(column) for column in plan.cases.columns],
            "rows": [[_text(cell) for cell in row] for row in plan.cases.rows],
            "notes": list(plan.cases.notes),
        },
        "targets": [
            {"provider": _text(t.provider), "model": _text(t.model), "settings": settings_json(t.settings)}
            for t in plan.targets
        ],
        "repeats": plan.repeats,
        "settings": settings_json(plan.settings),
        "columns": storable(dict(plan.columns)),
        "checks": [check_json(check) for check in plan.checks],
        "budget": {
            "usd": _dollars(plan.budget.usd), "ask_above": _dollars(plan.budget.ask_above),
            "unknown": plan.budget.unknown,
        },
        "gate": asdict(plan.gate),
        "matters": plan.matters,
        "baseline": plan.baseline,
    }  # fmt: skip


def plan_from(stored: Mapping[str, Any]) -> Plan:
    """The plan from what `plan_json` made."""
    cases, budget = stored["cases"], stored["budget"]
    return Plan(
        name=stored["name"],
        wordings=tuple(Wording(**wording) for wording in stored["wordings"]),
        cases=Cases(tuple(cases["columns"]), tuple(map(tuple, cases["rows"])), tuple(cases["notes"])),
        targets=tuple(Target(t["provider"], t["model"], _settings(t["settings"])) for t in stored["targets"]),
        repeats=stored["repeats"],
        settings=_settings(stored["settings"]),
        columns=stored["columns"],
        checks=tuple(map(check_from, stored["checks"])),
        budget=Budget(_amount(budget["usd"]), _amount(budget["ask_above"]), budget["unknown"]),
        gate=Gate(**stored["gate"]),
        matters=stored["matters"],
        baseline=stored["baseline"],
    )


def check_json(check: Check) -> dict[str, Any]:
    """One check as JSON."""
    row = storable({name: value for name, value in asdict(check).items() if name != "fold"})
    return {**row, "fold": sorted(check.fold), "values": list(check.values)}


def check_from(stored: Mapping[str, Any]) -> Check:
    """The check from what `check_json` made."""
    values: dict[str, Any] = {**stored, "values": tuple(stored["values"]), "fold": frozenset(stored["fold"])}
    return Check(**values)


def findings_json(findings: Sequence[Finding]) -> list[Any]:
    """Findings as JSON, one row per check; empty fields are left out."""
    return [storable({name: value for name, value in asdict(f).items() if value is not None}) for f in findings]


def findings_from(stored: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """The findings from what `findings_json` made."""
    return tuple(
        Finding(
            row.get("passed"), row["reason"], row.get("score"),
            (row["span"][0], row["span"][1]) if row.get("span") else None, row.get("label"),
        )
        for row in stored
    )  # fmt: skip


def _settings(stored: Mapping[str, Any]) -> Settings:
    drawn = stored.get("picture")
    picture = None if drawn is None else PictureSettings(**drawn)
    values: dict[str, Any] = {**stored, "stop": tuple(stored.get("stop", ())), "picture": picture}
    return Settings(**values)


def _text(value: str) -> str:
    text: str = storable(value)
    return text


def _dollars(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
