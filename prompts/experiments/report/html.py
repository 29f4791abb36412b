"""An experiment as one HTML file that can be read anywhere: no script, no network, light and dark, printable.

Everything that models, people and vendors wrote is escaped; the file's own content policy forbids the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from prompts.core import format as text_of
from prompts.core.alt_text import alt_text
from prompts.core.embedded import Embedded
from prompts.core.printable import escape
from prompts.core.sanitize import mended
from prompts.experiments.asked import AskedCell
from prompts.experiments.checks.check import Check
from prompts.experiments.confusion import NONE, Confusion, confusions
from prompts.experiments.matrix import Box, check_name
from prompts.experiments.plan import Plan
from prompts.experiments.report.contents import SAID, Report, about, prompt_of
from prompts.experiments.results import Side, what_failed
from prompts.experiments.results_text import notes, per_1000_text, rate_text, spent_text, time_text
from providers.pictures import Picture

_STYLE = Path(__file__).parent / "assets" / "report.css"
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SIGNS = {True: "✓", False: "✗", None: "–"}
_FOOT = (
    "Made by Collate. Intervals are 95 %; repeats of a case count as one cluster; calls without an answer do not count "
    "as failures and are left out. Times were measured on the asking computer; costs as priced on the day of the run. "
    "“—” is unknown."
)


def as_html(report: Report) -> bytes:
    """The whole file."""
    return "".join(pieces(report, Embedded(report.picture, elsewhere="This report as JSON Lines"))).encode()


def pieces(report: Report, pictures: Embedded) -> Iterator[str]:
    """The file piece by piece; pictures are loaded as they are reached."""
    plan, results = report.experiment.plan, report.results
    yield opening(plan.name, about(report))
    if report.experiment.reason:
        yield f"<p>{safe(report.experiment.reason)}</p>"
    yield "<ul class='sentences'>" + "".join(f"<li>{safe(each)}</li>" for each in results.sentences) + "</ul>"
    yield f"<h2>Sides</h2>{_sides(results.sides)}"
    yield from (f"<p class='muted'>⚠ {safe(said)}</p>" for said in notes(report.experiment, results.sides))
    yield from (_confusion(each, results.sides) for each in confusions(report.experiment, report.cells))
    yield from _asked(report)
    yield "<h2>Cases</h2><div class='wide'><table class='cases'><thead><tr><th>Case</th>"
    yield "".join(f"<th>{safe(side.name)}</th>" for side in results.sides) + "</tr></thead><tbody>"
    for row in report.rows:
        values = "<br>".join(safe(cell) for cell in plan.cases.rows[row.case] if cell.strip())
        yield f"<tr><th><span class='muted'>{row.case + 1}</span><div class='case'>{values}</div></th>"
        yield from (_box(plan, box, pictures) for box in row.boxes)
        yield "</tr>"
    yield f"</tbody></table></div>{pictures.remainder()}<footer class='muted'>{_FOOT}</footer></body></html>"


def opening(title: str, about: str) -> str:
    """The beginning of a file: its policy, its style, its title and a line about it."""
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>Collate: {safe(title[:60])}</title><style>{_STYLE.read_text('utf-8')}</style></head><body>"
        f"<h1>{safe(title)}</h1><p class='muted'>{safe(about)}</p>"
    )


def _sides(sides: Sequence[Side]) -> str:
    heads = ("Side", "Passed", "", "Duration", "Spent", "1,000 answers")
    rows = "".join(
        f"<tr><th>{safe(side.name)}</th><td>{rate_text(side)}</td><td>{_bar(side)}</td><td>{time_text(side)}</td>"
        f"<td>{spent_text(side)}</td><td>{per_1000_text(side)}</td></tr>"
        for side in sides
    )
    head = "".join(f"<th>{each}</th>" for each in heads)
    return f"<div class='wide'><table class='sides'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"


def _bar(side: Side) -> str:
    """A bar for the interval with a mark at the rate, drawn with CSS widths."""
    found = side.rate.interval
    if found is None:
        return ""
    left, width, at = (f"{100 * each:.1f}%" for each in (found.low, found.high - found.low, found.estimate))
    return (
        f"<div class='bar'><i style='left:{left};width:{width}'></i><b style='left:{at}'></b></div>"
    )  # fmt: skip


def _confusion(found: Confusion, sides: Sequence[Side]) -> str:
    expected = list(dict.fromkeys([*found.labels, *(row for row, _ in found.counts)]))
    given = [*dict.fromkeys([*found.labels, *(column for _, column in found.counts if column != NONE)]), NONE]
    head = "".join(f"<th>{safe(label)}</th>" for label in given)
    rows = "".join(
        f"<tr><th>{safe(row)}</th>" + "".join(f"<td>{found.of(row, column) or '·'}</td>" for column in given) + "</tr>"
        for row in expected
    )
    return (
        f"<h3>Labels of {safe(sides[found.side].name)}: {found.right:,} of {found.answers:,} right</h3>"
        f"<div class='wide'><table class='sides'><thead><tr><th>expected \\ given</th>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _asked(report: Report) -> Iterator[str]:
    plan = report.experiment.plan
    yield "<h2>What was asked</h2>"
    for wording in plan.wordings:
        system = f"<p class='muted'>System prompt</p><pre>{safe(wording.system)}</pre>" if wording.system else ""
        yield f"<details><summary>{safe(wording.name)}</summary>{system}<pre>{safe(wording.prompt)}</pre></details>"
    if plan.checks:
        said = "".join(
            f"<li>{safe(check_name(check))}: {safe(check.value or ', '.join(check.values) or check.kind)}"
            f"{'' if check.counts else ' <span class=muted>(shown, but no part of pass or fail)</span>'}</li>"
            for check in plan.checks
        )
        yield f"<details><summary>{text_of.number_of(len(plan.checks), 'check')}</summary><ul>{said}</ul></details>"


def _box(plan: Plan, box: Box, pictures: Embedded) -> str:
    figures = " · ".join(
        filter(None, (text_of.seconds(box.duration_s) if box.duration_s is not None else "", box.cost))
    )
    what = "pictures" if box.pictures else "answers"
    badge = f" <span class='badge'>{box.different} different {what}</span>" if box.different > 1 else ""
    old = f" <span class='badge'>from record {box.taken_from:%Y-%m-%d}</span>" if box.taken_from else ""
    repeats = "".join(_repeat(plan.checks, cell, len(box.cells)) for cell in box.cells)
    lines = f"<span class='lines'>{safe(box.lines)}</span>" if box.lines else ""
    drawn = "".join(_figure(plan, cell, each, pictures) for cell in box.cells for each in cell.pictures)
    drawn = f"<div class='pictures'>{drawn}</div>" if drawn else ""
    return (
        f"<td data-outcome='{box.outcome}'>{drawn}<details><summary>{lines}"
        f"<span class='mark'>{safe(box.mark)}</span>{badge}{old}<span class='muted'>{safe(figures)}</span></summary>"
        f"{repeats}</details></td>"
    )


def _figure(plan: Plan, cell: AskedCell, drawn: Picture, pictures: Embedded) -> str:
    model, place = str(plan.targets[cell.cell.target]), cell.cell
    title = f"Case {place.case + 1}, {plan.side_name(place.target, place.wording)}, repeat {place.repeat + 1}"
    return pictures.figure(drawn, title, alt_text(model, prompt_of(plan, cell), drawn.described))


def _repeat(checks: Sequence[Check], cell: AskedCell, repeats: int) -> str:
    done, failed = cell.completion, what_failed(cell)
    title = f"<p class='muted'>Repeat {cell.cell.repeat + 1}</p>" if repeats > 1 else ""
    problem = f"<p>⚠ {safe(failed)}: {safe(done.error.message if done and done.error else '')}</p>" if failed else ""
    text = f"<pre>{safe(done.text)}</pre>" if done and done.text else ""
    findings = cell.verdict.findings if cell.verdict else ()
    said = "".join(
        f"<li title='{SAID[found.passed]}'>{_SIGNS[found.passed]} {safe(check_name(check))}: {safe(found.reason)}</li>"
        for check, found in zip(checks, findings, strict=False)
    )
    return f"{title}{problem}{text}" + (f"<ul class='findings'>{said}</ul>" if said else "")


def safe(text: str) -> str:
    """`text` escaped for HTML."""
    return escape(mended(text), quote=True)
