"""Tables of an experiment in the terminal: the progress of each model, and the results of each."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from prompts.core import format as text_of
from prompts.core.printable import printable
from prompts.experiments.asked import Progress, TargetProgress
from prompts.experiments.judge import targets as judges_of
from prompts.experiments.plan import Plan
from prompts.experiments.results import Results, Side
from prompts.experiments.results_text import rate_text, spent_text


def progress_table(plan: Plan, progress: Progress) -> Table:
    """One row per model and per judge; redrawn while the experiment runs."""
    table = _table("model", "done", "failed", "a minute", "left", "cost", "")
    for row in progress.targets:
        table.add_row(Text(printable(str(plan.targets[row.target]))), *map(Text, _progress(row)))
    for row in progress.judges:
        table.add_row(Text(printable(f"judge {judges_of(plan)[row.target]}")), *map(Text, _progress(row)))
    if left := text_of.time_left(progress.left_s, at_least=progress.left_at_least):
        table.caption, table.caption_justify = Text(f"{left[0].upper()}{left[1:]} in all."), "left"
    return table


def progress_line(plan: Plan, progress: Progress) -> str:
    """`38 of 72 answers, 2 failed, about 3 min left. openai:gpt-x: Is overloaded: tried again in 8 s.`"""
    rows = progress.targets if any(row.done + row.failed < row.planned for row in progress.targets) else progress.judges
    done, failed, planned = (sum(getattr(row, name) for row in rows) for name in ("done", "failed", "planned"))
    said = [f"{done:,} of {text_of.number_of(planned, 'answer' if rows is progress.targets else 'judgement')}"]
    if failed:
        said.append(f"{failed:,} failed")
    if left := text_of.time_left(progress.left_s, at_least=progress.left_at_least):
        said.append(left)
    names = plan.targets if rows is progress.targets else judges_of(plan)
    waits = [f"{names[row.target]}: {row.says}" for row in rows if row.says]
    return " ".join([f"{', '.join(said)}.", *waits])


def _progress(row: TargetProgress) -> tuple[str, ...]:
    rate = text_of.UNKNOWN if row.per_minute is None else f"{row.per_minute:,.0f}"
    left = text_of.time_left(row.left_s).removesuffix(" left") or text_of.UNKNOWN
    spent = text_of.UNKNOWN if row.spent is None else f"{'≥ ' if row.at_least else ''}{text_of.money(row.spent)}"
    return f"{row.done:,} of {row.planned:,}", f"{row.failed:,}" if row.failed else "", rate, left, spent, row.says


def results_table(results: Results) -> Table:
    """One row per side: pass rate, time and cost."""
    table = _table("", "passed", "time", "cost", "without an answer")
    for side in results.sides:
        table.add_row(Text(printable(side.name)), *map(Text, _side(side)))
    return table


def _side(side: Side) -> tuple[str, ...]:
    failed = ", ".join(f"{count:,} {kind}" for kind, count in side.unanswered.items())
    return rate_text(side), text_of.seconds(side.time), spent_text(side), failed


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(first, overflow="fold")
    for header in others:
        table.add_column(header, justify="left" if header == others[-1] else "right")
    return table
