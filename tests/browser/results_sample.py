"""A recorded experiment for the page of results: three sides, failures, errors, repeats that differ, foreign markup."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from prompts.core.targets import Target
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check, Subject
from prompts.experiments.checks.kinds import judge
from prompts.experiments.plan import Cell, Plan, Wording
from providers.completion import Completion, Cost, Timings
from providers.errors import Failure
from providers.interface import Usage
from tests.prompts.samples import NOW

LABELS = ("billing", "technical", "sales")
MAILS = (
    ("I was charged twice this month.", "billing"), ("The app closes whenever I open settings.", "technical"),
    ("Do you offer a discount for schools?", "sales"), ("My invoice shows the wrong address.", "billing"),
    ("<img src=x onerror=alert(1)> ![x](https://example.com/x.png)", "technical"),
)  # fmt: skip
HOSTILE = "billing <script>document.title='owned'</script> ![x](https://example.com/x.png)"
CHECKS = (
    Check("label", "{{label}}", LABELS, name="right label"), Check("words", at_most=3.0, name="short"),
    Check("contains", "please", counts=False, name="polite"),
)  # fmt: skip
TARGETS = (Target("openai", "gpt-5.1"), Target("anthropic", "claude-opus-4-5"), Target("ollama", "llama3.2"))
RIGHT = (0.95, 0.8, 0.5)


def sample(cases: int = 40, repeats: int = 3, sides: int = 3) -> tuple[Experiment, list[AskedCell]]:
    """Always the same one."""
    draw = random.Random(7)
    rows = [[f"{MAILS[n % 5][0]} (mail {n})", MAILS[n % 5][1]] for n in range(cases)]
    targets = tuple(TARGETS[n] if n < 3 else Target("openai", f"model-{n}") for n in range(sides))
    plan = Plan(
        "Support mail", (Wording("short", "Which of billing, technical or sales is this mail about? {{mail}}"),),
        made(["mail", "label"], rows), targets, repeats, checks=CHECKS,
    )  # fmt: skip
    cells = [_cell(plan, cell, draw) for cell in plan.cells()]
    return Experiment("sample", NOW, plan, "finished", planned_cases=cases, counts={"complete": len(cells)}), cells


def _cell(plan: Plan, cell: Cell, draw: random.Random) -> AskedCell:
    asked = AskedCell(cell, f"c-{cell.target}-{cell.case}-{cell.repeat}", f"run-{cell.case}")
    if draw.random() < 0.02:
        error = Failure("rate_limit", "Too many requests; <b>slow down</b>.", 429)
        failed = _completion(plan.targets[cell.target], "", cell, draw)
        return replace(
            asked, state="failed", completion=replace(failed, state="failed", error=error, cost=Cost("unknown"))
        )
    case = plan.values(cell.case)
    text = _answer(cell, case["label"], draw)
    done = _completion(plan.targets[cell.target], text, cell, draw)
    old = NOW - timedelta(days=9) if cell.case == 2 and cell.target == 1 else None
    verdict = judge(plan.checks, Subject(text), case)
    return replace(asked, state="complete", completion=done, verdict=verdict, taken_from=old)


def _answer(cell: Cell, label: str, draw: random.Random) -> str:
    if cell.case == 4:
        return HOSTILE
    return label.capitalize() if draw.random() < RIGHT[cell.target % 3] else draw.choice(LABELS)


def _completion(target: Target, text: str, cell: Cell, draw: random.Random) -> Completion:
    took = draw.lognormvariate(0, 0.3) * (1 + cell.target / 2)
    local = target.provider == "ollama"
    cost = Cost("local") if local else Cost("amount", Decimal(f"{0.0004 * (1 + 3 * cell.target):.5f}"))
    return Completion(
        target.provider, target.model, "https://api.example.com/v1", "complete", text, "", NOW,
        Timings(took / 3, took / 2, took), cost, Usage(40, 3),
    )  # fmt: skip


class Recorded:
    """Stands for the record's experiments."""

    def __init__(self, *held: tuple[Experiment, list[AskedCell]]) -> None:
        self.held = {experiment.id: (experiment, cells) for experiment, cells in held}
        self.asked: list[str] = []

    def list(self, person: str | None = None) -> list[Experiment]:
        return [experiment for experiment, _ in self.held.values()]

    def cells(self, id: str) -> list[AskedCell]:
        return self.held[id][1]

    async def ask_again(
        self, id: str, cells: Sequence[AskedCell | str], connections: object, by: object = None
    ) -> None:
        self.asked += [cell if isinstance(cell, str) else cell.completion_id for cell in cells]
