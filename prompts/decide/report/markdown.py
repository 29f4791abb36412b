"""The report as Markdown. Foreign texts are escaped, so that they cannot become headings, links or pictures."""

from __future__ import annotations

from collections.abc import Iterator

from prompts.decide.report.contents import QUALITY, ChoiceReport
from prompts.experiments.report.markdown import fenced, safe, table


def as_markdown(report: ChoiceReport) -> bytes:
    """The whole file."""
    return "\n".join(_lines(report)).encode()


def _lines(report: ChoiceReport) -> Iterator[str]:
    yield f"# {safe(report.title)}\n\n{safe(report.about)}\n"
    yield from (f"- {safe(each)}" for each in report.answer)
    yield "\n## The question\n"
    yield from (f"- {safe(each)}" for each in report.wanted)
    yield "\n## The shortlist\n"
    quality = QUALITY[report.study.basis]
    yield from table(
        ("Model", quality, "Median time", "1,000 requests", "Where text goes", "Standing"), report.evidence
    )
    yield "\n## Where models differ\n"
    for each in report.examples:
        yield f"### {safe(each.case)}\n"
        yield from (f"{safe(name)}: {verdict}\n\n{fenced(text)}\n" for name, verdict, text in each.answers)
    if not report.examples:
        yield "There is no case that one model passes and another fails."
    yield "\n## Cost per month\n"
    yield from table(*report.money)
    yield "\n## What would change the choice\n"
    yield from (f"- {safe(each)}" for each in report.changes)
