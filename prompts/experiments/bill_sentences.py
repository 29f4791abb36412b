"""Sentences about an estimate: beside the budget, before the start, and on how many cases are needed. Pure."""

from __future__ import annotations

from decimal import Decimal

from prompts.analysis.statistics.paired import assumed_scatter, cases_needed
from prompts.core import format as text_of
from prompts.experiments.bill import Bill
from prompts.experiments.plan import Plan


def confirmation(found: Bill, plan: Plan) -> str:
    """The question to confirm before anything is sent if the forecast exceeds `Budget.ask_above`; else empty."""
    above = plan.budget.ask_above
    if above is None or not any(line.low is not None or not line.priced for line in found.lines):
        return ""
    if found.bounded and (found.high is None or found.high <= above):
        return ""
    capped = f" It stops at the budget of {dollars(cap)}." if (cap := plan.budget.usd) is not None else ""
    unsure = "" if found.bounded else ", and there is no upper bound on the cost"
    return f"This will cost {found.money}{unsure}; you wanted to be asked above {dollars(above)}.{capped}"


def against_budget(found: Bill, plan: Plan) -> str:
    """How the forecast compares with the budget, in a sentence."""
    cap = plan.budget.usd
    if cap is None or unheld(found, plan) or (found.low is None and found.bounded):
        return ""
    said = dollars(cap)
    if found.low is not None and found.low > cap:
        return f"The budget of {said} will not cover it: it stops before exceeding it, with cases left unasked."
    if not found.bounded or (found.high is not None and found.high > cap):
        return f"The budget of {said} may not cover it: it stops before exceeding it."
    return f"The budget of {said} covers it."


def unheld(found: Bill, plan: Plan) -> str:
    """Why the budget cannot be enforced, so that nothing may be sent, and what to do about it; else empty."""
    if plan.budget.usd is None:
        return ""
    if not found.calls:
        return "Nothing is left to ask: no model's price is known. Ask them outside the budget, or set prices."
    if judges := ", ".join(judge.name for judge in found.judges if not judge.priced):
        return (
            f"What {judges} costs is not known, so a budget cannot be enforced: set its price, "
            "choose another judge, or do without a budget."
        )
    return ""


def enough_cases(plan: Plan) -> str:
    """How many cases are needed to show the difference that matters, in a sentence; empty if the plan has enough."""
    sides = len(plan.sides)
    if sides < 2:
        return ""
    comparisons = sides - 1 if plan.baseline else sides * (sides - 1) // 2
    needed = cases_needed(plan.matters, assumed_scatter(plan.repeats), comparisons)
    if needed <= len(plan.cases):
        return ""
    have = text_of.number_of(len(plan.cases), "case")
    return (
        f"Showing a difference of {100 * plan.matters:.0f} points takes about {needed:,} cases; this plan has {have}."
    )


def dollars(amount: Decimal) -> str:
    """An amount that a person set, with its own digits: `$3.00`, `$0.125`."""
    return f"${amount:,.2f}" if amount == round(amount, 2) else f"${amount.normalize():f}"
