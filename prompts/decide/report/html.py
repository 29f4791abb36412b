"""The report as one HTML file that can be read anywhere: no script, no network, light and dark, printable.

Everything that models, people and vendors wrote is escaped; the file's own content policy forbids the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prompts.decide.candidate import Candidate
from prompts.decide.evidence import evidence
from prompts.decide.report.contents import QUALITY, ChoiceReport, Example
from prompts.experiments.report.html import opening, safe

_FOOT = (
    "Made by Collate. Ranges are 95 %; repeats of a case count as one cluster; calls without an answer do not count as "
    "failures and are left out. Every line of evidence says who says so, from how much, and as of when. “—” is "
    "unknown, and never wins."
)


def as_html(report: ChoiceReport) -> bytes:
    """The whole file."""
    return "".join(_pieces(report)).encode()


def _pieces(report: ChoiceReport) -> Iterator[str]:
    study = report.study
    yield opening(report.title, report.about)
    yield _list(report.answer)
    yield f"<h2>The question</h2>{_list(report.wanted)}"
    yield "<h2>The shortlist</h2>" + _table(
        ("Model", QUALITY[study.basis], "Range", "Median time", "1,000 requests", "Where text goes", "Standing"),
        [(row[0], row[1], None, *row[2:]) for row in report.evidence],
        {each.name: each for each in study.candidates},
    )
    yield "<h2>Where models differ</h2>"
    yield "".join(map(_example, report.examples)) or "<p>There is no case that one model passes and another fails.</p>"
    heads, rows = report.money
    yield f"<h2>Cost per month</h2>{_table(heads, rows, {})}"
    yield f"<h2>What would change the choice</h2>{_list(report.changes)}"
    yield "<h2>Every line of evidence</h2>"
    yield from (_lines(each, report) for each in study.shortlist.kept if each.measured)
    yield f"<footer class='muted'>{_FOOT}</footer></body></html>"


def _list(sentences: Sequence[str]) -> str:
    return "<ul class='sentences'>" + "".join(f"<li>{safe(each)}</li>" for each in sentences) + "</ul>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str | None]], known: dict[str, Candidate]) -> str:
    """A table; `None` in a row stands for the quality bar of the model named in its first cell."""
    top = "".join(f"<th>{safe(head)}</th>" for head in heads)
    body = "".join(
        f"<tr><th>{safe(row[0] or '')}</th>"
        + "".join(f"<td>{_bar(known.get(row[0] or '')) if cell is None else safe(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return f"<div class='wide'><table class='sides'><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"


def _bar(each: Candidate | None) -> str:
    """A bar for the interval of quality with a mark at its value, drawn with CSS widths."""
    if each is None or (found := each.quality) is None or found.low is None or found.high is None:
        return ""
    left, width, at = (f"{100 * share:.1f}%" for share in (found.low, found.high - found.low, found.value))
    return f"<div class='bar'><i style='left:{left};width:{width}'></i><b style='left:{at}'></b></div>"


def _example(each: Example) -> str:
    answers = "".join(
        f"<tr><th>{safe(name)}</th><td data-outcome='{verdict}'><span class='mark'>{verdict}</span></td>"
        f"<td><pre>{safe(text)}</pre></td></tr>"
        for name, verdict, text in each.answers
    )
    return f"<h3>{safe(each.case)}</h3><div class='wide'><table class='sides'><tbody>{answers}</tbody></table></div>"


def _lines(each: Candidate, report: ChoiceReport) -> str:
    on = report.study.at.date()
    rows = [
        (line.what, line.value, line.tag, f"{line.age(on)}{', old' if line.old(on) else ''}")
        for line in evidence(each, report.study.at)
    ]
    head = f"<summary>{safe(each.name)}</summary>"
    return f"<details>{head}{_table(('Line', 'Value', 'Who says so', 'Age'), rows, {})}</details>"
