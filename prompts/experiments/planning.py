"""Whether a plan can be asked here: its targets, its prices under a budget, and what an extension may change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prompts.asking.runner import Connections
from prompts.core.forecast import History
from prompts.core.plan import Source
from prompts.core.reservation import Price, without_price
from prompts.core.targets import Target
from prompts.experiments import judge
from prompts.experiments.cases import Cases
from prompts.experiments.checks.check import Check
from prompts.experiments.checks.function import ONLY_THERE, functions
from prompts.experiments.holes import HoleError
from prompts.experiments.plan import Plan, PlanError
from providers.config.connections import DRAWING
from providers.interface import Message, Request
from providers.measuring.measure import utc_now


def check_targets(plan: Plan, connections: Connections) -> None:
    """Raise `PlanError` for targets that cannot be asked with these connections."""
    asked = judge.asked_of(plan)
    unknown = [str(target) for target in asked if target.provider not in connections]
    if unknown:
        raise PlanError(f"{', '.join(unknown)} cannot be asked: not set up as a provider.")
    stopped = {
        str(target): connections[target.provider].problem
        for target in asked
        if connections[target.provider].problem is not None
    }
    if stopped:
        raise PlanError("\n".join(f"{name}: {problem}" for name, problem in stopped.items()))
    if found := [*_ways(plan, connections), *judge.problems(plan)]:
        raise PlanError("\n".join(found))
    try:
        for wording in range(len(plan.wordings)):
            plan.prompt(0, wording)
    except HoleError as exc:
        raise PlanError(str(exc)) from None


def check_code(checks: Sequence[Check], source: Source) -> None:
    """Raise `PlanError` for a check that would run Python code elsewhere than on the command line."""
    if source != "cli" and functions(checks):
        raise PlanError(ONLY_THERE)


def _ways(plan: Plan, connections: Connections) -> list[str]:
    """Sentences on providers that cannot be asked for what is wanted, pictures or text."""
    asked = [connections[name] for name in dict.fromkeys(target.provider for target in plan.targets)]
    if plan.draws:
        found = [
            f"{each.label} draws no pictures. Take it out, or ask for text."
            for each in asked
            if each.kind not in DRAWING
        ]
    else:
        found = [f"{each.label} draws pictures only. Take it out, or ask for pictures." for each in asked
                 if not each.writes]  # fmt: skip
    return found


def unpriced(plan: Plan, connections: Connections, price: Price, history: History) -> dict[str, str]:
    """Under a budget, the targets whose cost cannot be known in advance, each with the reason; without one, empty."""
    if plan.budget.usd is None:
        return {}
    asked = {
        str(target): (
            Request(target.model, (Message("user", plan.prompt(0, 0)),), plan.settings_of(0, 0, n)),
            connections[target.provider],
        )
        for n, target in enumerate(plan.targets)
        if target.provider in connections
    }
    return without_price(asked, price, history, utc_now())


def _unpriced_judges(plan: Plan, connections: Connections, price: Price, history: History) -> dict[str, str]:
    """The judges whose cost cannot be known in advance, each with the reason."""
    asked = {
        str(target): (judge.question(target, plan.prompt(0, 0), plan.draws), connections[target.provider])
        for target in judge.targets(plan) if target.provider in connections
    }  # fmt: skip
    return without_price(asked, price, history, utc_now())


def affordable(
    plan: Plan, connections: Connections, price: Price, history: History, leave_out: Sequence[str]
) -> tuple[Plan, str]:
    """The plan without the targets to be left out, and a sentence on those left out because of their price.

    Raises `PlanError` if none remains.
    """
    if not plan.targets or not plan.wordings or not len(plan.cases):
        return plan, ""  # checking the plan reports that it has no target
    if plan.budget.usd is not None and (found := _unpriced_judges(plan, connections, price, history)):
        raise PlanError(
            "\n".join(found.values()) + "\nA budget cannot be enforced for a judge whose price is not known."
        )
    out: dict[str, str] = {}
    if plan.budget.unknown == "leave out":
        out = {name: why for name, why in unpriced(plan, connections, price, history).items() if name not in leave_out}
    kept = tuple(target for target in plan.targets if str(target) not in leave_out and str(target) not in out)
    if not kept:
        raise PlanError("\n".join(out.values()) + "\nNo model is left to ask. Set prices, or do without a budget.")
    said = "".join(f"{name} was left out. {why} " for name, why in out.items())
    return replace(plan, targets=kept, baseline=_still(plan.baseline, kept)), said.strip()


def _still(baseline: str | None, kept: tuple[Target, ...]) -> str | None:
    return baseline if baseline in {str(target) for target in kept} else None


def check_extension(old: Plan, new: Plan) -> None:
    """Raise `PlanError` unless the new plan contains everything of the old one at the same places."""
    wrong: list[str] = []
    if new.cases.columns != old.cases.columns or new.cases.rows[: len(old.cases)] != old.cases.rows:
        wrong.append("The cases that were asked must stay as they are; new ones come after them.")
    if new.wordings[: len(old.wordings)] != old.wordings or dict(new.columns) != dict(old.columns):
        wrong.append("The prompts that were asked must stay as they are; new ones come after them.")
    if new.targets[: len(old.targets)] != old.targets:
        wrong.append("The models that were asked must stay as they are, settings too; new ones come after them.")
    if new.repeats < old.repeats:
        wrong.append(f"Each case was to be asked {old.repeats} times; that can only become more.")
    if new.checks != old.checks:
        wrong.append("Change the checks separately: no model is asked for that.")
    if wrong:
        raise PlanError("\n".join(wrong))


def new_part(plan: Plan, old: Plan) -> Plan:
    """The part of `plan` that is new compared with `old`: cases, models, wordings or repeats.

    If several of these are new, all of `plan`: then the estimate is more than will be asked.
    """
    cases = Cases(plan.cases.columns, plan.cases.rows[len(old.cases) :])
    only: list[Plan] = []
    if len(cases):
        only.append(replace(plan, cases=cases))
    if targets := plan.targets[len(old.targets) :]:
        only.append(replace(plan, targets=targets))
    if wordings := plan.wordings[len(old.wordings) :]:
        only.append(replace(plan, wordings=wordings))
    if plan.repeats > old.repeats:
        only.append(replace(plan, repeats=plan.repeats - old.repeats))
    return only[0] if len(only) == 1 else plan
