"""An experiment as Markdown: the verdicts, the sides, and the cases that did not pass everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from prompts.core.printable import visible
from prompts.core.sanitize import mended
from prompts.experiments.matrix import Box
from prompts.experiments.report.contents import Report, about
from prompts.experiments.results_text import notes, per_1000_text, rate_text, spent_text, time_text

MOST_CASES = 200
"""The most cases listed; the tables of other formats have all of them."""
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&$!])")
_SIDES = ("Side", "Passed", "Duration", "Spent", "1,000 answers")


def as_markdown(report: Report) -> bytes:
    """Foreign texts are escaped, so that they cannot become headings, links or pictures."""
    return "\n".join(_lines(report)).encode()


def _lines(report: Report) -> Iterator[str]:
    results, plan = report.results, report.experiment.plan
    yield f"# {safe(plan.name)}\n\n{about(report)}\n"
    if report.experiment.reason:
        yield f"{safe(report.experiment.reason)}\n"
    yield from (f"- {safe(sentence)}" for sentence in results.sentences)
    yield "\n## Sides\n"
    yield from table(_SIDES, [
        (side.name, rate_text(side), time_text(side), spent_text(side), per_1000_text(side)) for side in results.sides
    ])  # fmt: skip
    yield ""
    yield from (f"- {safe(said)}" for said in notes(report.experiment, results.sides))
    yield "\n## Prompts\n"
    for wording in plan.wordings:
        yield f"{safe(wording.name)}:\n\n{fenced(wording.prompt)}\n"
    yield from _cases(report)


def _cases(report: Report) -> Iterator[str]:
    found = [row for row in report.rows if any(box.outcome in ("failed", "error") for box in row.boxes)]
    if not found:
        return
    yield "## Cases that did not pass everywhere\n"
    names = [side.name for side in report.results.sides]
    rows = [
        (f"{row.case + 1}. {' · '.join(report.experiment.plan.cases.rows[row.case])[:120]}", *map(_said, row.boxes))
        for row in found[:MOST_CASES]
    ]
    yield from table(("Case", *names), rows)
    if len(found) > MOST_CASES:
        yield f"\n{len(found) - MOST_CASES:,} more are in the tables of the other formats."


def _said(box: Box) -> str:
    return " ".join(filter(None, (box.mark, box.lines.partition("\n")[0][:80])))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, with escaped cells."""
    yield f"| {' | '.join(map(safe, head))} |"
    yield f"|{' --- |' * len(head)}"
    yield from (f"| {' | '.join(map(safe, row))} |" for row in rows)


def fenced(text: str) -> str:
    """A code block that no line of the text can close."""
    fence = "`" * max(3, 1 + max((len(ticks) for ticks in re.findall("`+", text)), default=0))
    return f"{fence}\n{mended(text)}\n{fence}"


def safe(text: str) -> str:
    """`text` on one line, with Markdown characters escaped, and what would turn the text beside it named."""
    return _SPECIAL.sub(r"\\\1", visible(" ".join(mended(text).split())))
