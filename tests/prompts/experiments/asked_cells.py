"""Experiments as they stand on record, made of a few letters a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from prompts.core.targets import Target
from prompts.experiments.asked import AskedCell, Experiment, Stage
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check, Finding
from prompts.experiments.checks.kinds import Verdict
from prompts.experiments.plan import Cell, Plan, Wording
from providers.completion import Completion, Cost, Timings
from providers.errors import Failure
from tests.prompts.samples import NOW

PLAN = Plan(
    "Support mail", (Wording("short", "Sort: {{mail}}"),), made(["mail"], [["mail"]]),
    (Target("openai", "gpt-x"), Target("ollama", "llama")), checks=(Check("contains", "ok"),),
)  # fmt: skip


def answer(case: int, target: int, sign: str, *, repeat: int = 0, wording: int = 0) -> AskedCell:
    """One cell: `+` passed, `-` failed, `x` cut and failed, `?` no verdict, `!` a rate limit, `~` lost, `.` waiting."""
    cell = Cell(case, wording, target, repeat)
    asked = AskedCell(cell, f"{target}-{wording}-{case}-{repeat}", f"run-{case}-{wording}")
    if sign == ".":
        return asked
    if sign == "~":
        return replace(asked, state="unknown")
    if sign == "!":
        error = Failure("rate_limit", "slow down", 429)
        done, times = completion("", case, target), Timings(duration_s=0.1)
        failed = replace(done, state="failed", error=error, timings=times, cost=Cost("unknown"))
        return replace(asked, state="failed", completion=failed)
    passed = {"+": True, "-": False, "x": False, "?": None}[sign]
    found = Finding(passed, f"Seen {sign}.", span=(0, 2) if passed else None)
    score = None if passed is None else float(passed)
    state = "cut" if sign == "x" else "complete"
    done = replace(completion("ok" if passed else "no", case, target), state=state)
    return replace(asked, state=state, completion=done, verdict=Verdict(passed, score, (found,)))


def completion(text: str, case: int, target: int) -> Completion:
    """An answer that takes a second a place of its target and costs a tenth of a cent."""
    return Completion(
        "openai", "gpt-x", "https://api.example.com/v1", "complete", text, "", NOW,
        Timings(0.1, 0.2, (1.0 + target) * (1 + case / 100)), Cost("amount", Decimal("0.001")),
    )  # fmt: skip


def experiment(sides: Sequence[str], *, stage: Stage = "finished", plan: Plan = PLAN) -> Experiment:
    """One whose cases are as many as a side's groups, parted by spaces; each group has a sign a repeat."""
    cases = len(sides[0].split())
    rows = [[f"mail {n}"] for n in range(cases)]
    repeats = max(len(group) for group in sides[0].split())
    planned = replace(plan, cases=made(["mail"], rows), repeats=repeats)
    return Experiment("e1", NOW, planned, stage, planned_cases=cases)


def cells(sides: Sequence[str], plan: Plan = PLAN) -> list[AskedCell]:
    """The cells of those sides, in the order of `plan.sides`."""
    return [
        answer(case, target, sign, repeat=repeat, wording=wording)
        for (target, wording), side in zip(plan.sides, sides, strict=True)
        for case, group in enumerate(side.split())
        for repeat, sign in enumerate(group)
    ]


def asked(*sides: str, stage: Stage = "finished", plan: Plan = PLAN) -> tuple[Experiment, list[AskedCell]]:
    """Both."""
    return experiment(sides, stage=stage, plan=plan), cells(sides, plan)
