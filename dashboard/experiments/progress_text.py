"""How far an experiment is, in words. Pure."""

from __future__ import annotations

from prompts.core import format as text_of
from prompts.experiments.asked import Progress, TargetProgress
from prompts.experiments.bill import Bill
from prompts.experiments.bill_sentences import dollars
from prompts.experiments.plan import Plan

_STAGES = {"running": "Running", "paused": "Paused", "stopped": "Stopped", "finished": "Finished"}


def headline(progress: Progress, expected: Bill | None, plan: Plan) -> str:
    """`Running: 38 of 72 answers. $0.12 spent, up to $0.01 more under way; forecast: about $0.31 to $0.52.`"""
    done = sum(row.done for row in progress.targets)
    failed = sum(row.failed for row in progress.targets)
    planned = sum(row.planned for row in progress.targets)
    said = [f"{_STAGES[progress.stage]}: {done:,} of {text_of.number_of(planned, 'answer')}."]
    if failed:
        said.append(f"{text_of.number_of(failed, 'call')} gave none.")
    if money := _money(progress, expected, plan):
        said.append(f"{money}.")
    if progress.reason:
        said.append(progress.reason)
    elif left := _left(progress):
        said.append(f"{left[0].upper()}{left[1:]}.")
    return " ".join(said)


def line(row: TargetProgress, plan: Plan, expected: Bill | None) -> str:
    """`openai:gpt-x: 38 of 72, 2 failed, 12 a minute, about 3 min left, $0.12 of about $0.31 to $0.52`."""
    said = [f"{row.done + row.failed:,} of {row.planned:,}"]
    if row.failed:
        said.append(f"{row.failed:,} failed")
    if row.per_minute is not None and row.running:
        said.append(f"{text_of.rate(row.per_minute)} a minute")
    if row.done + row.failed < row.planned and (left := text_of.time_left(row.left_s)):
        said.append(left)
    if row.spent is not None:
        said.append(_spent(row, expected))
    elif row.at_least:
        said.append("cost unknown")
    if row.says:
        said.append(row.says.rstrip("."))
    return f"{plan.targets[row.target]}: {', '.join(said)}"


def share(row: TargetProgress) -> float:
    """How much of it is over, from 0 to 1."""
    return min(1.0, (row.done + row.failed) / row.planned) if row.planned else 1.0


def _spent(row: TargetProgress, expected: Bill | None) -> str:
    spent = ("≥ " if row.at_least else "") + text_of.money(row.spent)
    known = next((line for line in expected.lines if line.target == row.target), None) if expected else None
    return f"{spent} of {known.money}" if known and known.low is not None else spent


def _money(progress: Progress, expected: Bill | None, plan: Plan) -> str:
    if progress.spent is None and not progress.reserved:
        return ""
    at_least = "≥ " if any(row.at_least for row in progress.targets) else ""
    said = [f"{at_least}{text_of.money(progress.spent)} spent" if progress.spent is not None else "nothing spent yet"]
    if progress.reserved:
        said.append(f"up to {text_of.money(progress.reserved)} more under way")
    if plan.budget.usd is not None:
        said.append(f"budget {dollars(plan.budget.usd)}")
    if expected is not None and expected.low is not None:
        said.append(f"forecast {expected.money}")
    return ", ".join(said)


def _left(progress: Progress) -> str:
    """That of the slowest; empty while it is not known of one that is not through."""
    waiting = [row for row in progress.targets if row.done + row.failed < row.planned]
    known = [row.left_s for row in waiting if row.left_s is not None]
    return text_of.time_left(max(known)) if waiting and len(known) == len(waiting) else ""
