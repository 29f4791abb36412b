"""What a person has to agree to before an experiment is asked: unknown prices, money above what was set, and code."""

from __future__ import annotations

import sys

from prompts.asking.runner import Connections
from prompts.core.forecast import Forecast, History, forecast
from prompts.core.format import number_of
from prompts.core.printable import printable
from prompts.core.reservation import Price
from prompts.core.targets import Target
from prompts.experiments import planning
from prompts.experiments.bill import bill
from prompts.experiments.bill_judges import AskJudge
from prompts.experiments.bill_parts import Pace
from prompts.experiments.bill_sentences import confirmation
from prompts.experiments.checks.function import functions
from prompts.experiments.plan import Plan, PlanError
from prompts.experiments.throughput import Throughput
from providers.interface import Request
from providers.measuring.measure import utc_now


def confirm(plan: Plan, connections: Connections, history: History, price: Price) -> None:
    """Ask for confirmation on a terminal. Raises `PlanError` if there is no terminal, or if the answer is no."""
    money = [*_unpriced(plan, connections, history, price), *_above(plan, connections, history, price)]
    questions = [*money, *_code(plan)]
    for question in questions:
        if not sys.stdin.isatty():
            raise PlanError(f"{question} Nothing was sent; --yes agrees to it.")
        print(printable(f"{question} Go on? [y/N] "), end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise PlanError("Nothing was sent.")


def _code(plan: Plan) -> list[str]:
    many = functions(plan.checks)
    if not many:
        return []
    lines = sum(len(plan.checks[n].value.splitlines()) for n in many)
    return [
        f"{'A check of the plan is' if len(many) == 1 else f'{len(many)} checks of the plan are'} Python code "
        f"({number_of(lines, 'line')}), which runs on this computer with your rights."
    ]


def _unpriced(plan: Plan, connections: Connections, history: History, price: Price) -> list[str]:
    if plan.budget.unknown != "ask":
        return []
    found = planning.unpriced(plan, connections, price, history)
    return [f"{why} The budget cannot be enforced for it." for why in found.values()]


def _above(plan: Plan, connections: Connections, history: History, price: Price) -> list[str]:
    if plan.budget.ask_above is None:
        return []

    def of(target: Target, request: Request) -> Forecast:
        return forecast(request, connections[target.provider], price, history, utc_now())

    def pace(target: Target) -> Pace:
        return Pace(target.provider, Throughput(1), None)

    paces = list(map(pace, plan.targets))
    found = bill(plan, lambda n, request: of(plan.targets[n], request), paces, ask_judge=AskJudge(of, pace))
    return [question] if (question := confirmation(found, plan)) else []
