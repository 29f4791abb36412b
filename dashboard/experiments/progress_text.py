"""The progress of an experiment in words. Pure."""

from __future__ import annotations

from prompts.core import format as text_of
from prompts.experiments.asked import Progress, TargetProgress
from prompts.experiments.bill import Bill, Line
from prompts.experiments.bill_judges import Judging
from prompts.experiments.bill_sentences import dollars
from prompts.experiments.judge import targets as judges_of
from prompts.experiments.plan import Plan

_STAGES = {"running": "Running", "paused": "Paused", "stopped": "Stopped", "finished": "Finished"}


def headline(progress: Progress, expected: Bill | None, plan: Plan) -> str:
    """`Running: 38 of 72 answers. $0.12 spent, up to $0.01 more in progress, forecast about $0.31 to $0.52.`"""
    done = sum(row.done for row in progress.targets)
    failed = sum(row.failed for row in progress.targets)
    planned = sum(row.planned for row in progress.targets)
    said = [f"{_STAGES[progress.stage]}: {done:,} of {text_of.number_of(planned, 'answer')}{_judged(progress)}."]
    if failed:
        said.append(f"{text_of.number_of(failed, 'call')} gave no answer.")
    if money := _money(progress, expected, plan):
        said.append(f"{money}.")
    if progress.reason:
        said.append(progress.reason)
    elif left := text_of.time_left(progress.left_s, at_least=progress.left_at_least):
        said.append(f"{left[0].upper()}{left[1:]}.")
    return " ".join(said)


def line(row: TargetProgress, plan: Plan, expected: Bill | None) -> str:
    """One model: `openai:gpt-x: 38 of 72, 2 failed, 12 a minute, about 3 min left, $0.12 of about $0.31 to $0.52`."""
    known = next((line for line in expected.lines if line.target == row.target), None) if expected else None
    return f"{plan.targets[row.target]}: {_row(row, known)}"


def judge_line(row: TargetProgress, plan: Plan, expected: Bill | None) -> str:
    """One judge: `judge google:gemini-z: 0 of 72, about 2 min left, Begins once the answers are there`."""
    name = str(judges_of(plan)[row.target])
    known = next((judge for judge in expected.judges if judge.name == name), None) if expected else None
    return f"judge {name}: {_row(row, known)}"


def _row(row: TargetProgress, known: Line | Judging | None) -> str:
    said = [f"{row.done + row.failed:,} of {row.planned:,}"]
    if row.failed:
        said.append(f"{row.failed:,} failed")
    if row.per_minute is not None and row.running:
        said.append(f"{text_of.rate(row.per_minute)} a minute")
    if row.done + row.failed < row.planned and (left := text_of.time_left(row.left_s)):
        said.append(left)
    if row.spent is not None:
        said.append(_spent(row, known))
    elif row.at_least:
        said.append("cost unknown")
    if row.says:
        said.append(row.says.rstrip("."))
    return ", ".join(said)


def share(row: TargetProgress) -> float:
    """The share that is over, answered or failed, from 0 to 1."""
    return min(1.0, (row.done + row.failed) / row.planned) if row.planned else 1.0


def _spent(row: TargetProgress, known: Line | Judging | None) -> str:
    spent = ("≥ " if row.at_least else "") + text_of.money(row.spent)
    return f"{spent} of {known.money}" if known and known.low is not None else spent


def _money(progress: Progress, expected: Bill | None, plan: Plan) -> str:
    if progress.spent is None and not progress.reserved:
        return ""
    at_least = "≥ " if any(row.at_least for row in progress.targets) else ""
    said = [f"{at_least}{text_of.money(progress.spent)} spent" if progress.spent is not None else "nothing spent yet"]
    if progress.reserved:
        said.append(f"up to {text_of.money(progress.reserved)} more in progress")
    if plan.budget.usd is not None:
        said.append(f"budget {dollars(plan.budget.usd)}")
    if expected is not None and expected.low is not None:
        said.append(f"forecast {expected.money}")
    return ", ".join(said)


def _judged(progress: Progress) -> str:
    """`, 12 of 144 judgements`; empty if nothing is judged."""
    done, planned = (sum(getattr(row, name) for row in progress.judges) for name in ("done", "planned"))
    return f", {done:,} of {text_of.number_of(planned, 'judgement')}" if planned else ""
