"""Runs as one HTML file that can be read anywhere: no script, no network, light and dark, fit for print.

Everything from models, people and vendors is escaped, answers pass the same safe renderer as on the page, and the
file's own content security policy forbids scripts and requests. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dashboard.answer_grid import blocks
from dashboard.answer_grid.problems import ColumnProblem
from dashboard.answer_grid.view import ColumnView
from dashboard.feedback.view import chips
from dashboard.results.columns import Column, Row, row_of, shown
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.embedded import Embedded
from prompts.core.printable import escape
from prompts.core.run import Run
from prompts.core.targets import changes
from providers.completion import Cost
from providers.config.connections import Connection
from providers.interface import Settings

Content = Callable[[str], bytes | None]
_ASSETS = Path(__file__).parents[1] / "answer_grid" / "assets"
_IMPORT = re.compile(r'@import url\("([^"]+)"\);')
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def _none(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in the table of contents of a file with several runs."""

    run_id: str
    created_at: datetime
    prompt: str


def report(run: Run, connections: Mapping[str, Connection], content: Content = _none) -> str:
    """The whole file for one run. `content` gives the bytes of a picture by its digest, `None` if there are none."""
    pictures = Embedded(content)
    return "".join((_head(run.prompt), *_run(run, connections, pictures), pictures.remainder(), _END))


def reports(
    entries: Sequence[Entry], runs: Iterable[Run], connections: Mapping[str, Connection], content: Content = _none
) -> Iterator[str]:
    """The file for several runs, in pieces: a table of contents, then the runs, each on a new page when printed."""
    pictures = Embedded(content)
    title = text_of.number_of(len(entries), "run")
    lines = "".join(
        f"<li><a href='#run-{_text(each.run_id)}'>{_text(_headline(each.prompt))}</a> "
        f"<span class='muted'>{each.created_at:%Y-%m-%d %H:%M} UTC</span></li>"
        for each in entries
    )
    yield f"{_head(title)}<h1>{title}</h1><nav aria-label='Contents'><ol class='contents'>{lines}</ol></nav>"
    for run in runs:
        yield "".join(
            (f"<section class='run' id='run-{_text(run.id)}'>", *_run(run, connections, pictures), "</section>")
        )
    yield pictures.remainder() + _END


def _head(title: str) -> str:
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>Collate: {_text(title[:60])}</title><style>{_style()}</style></head><body>"
    )


def _run(run: Run, connections: Mapping[str, Connection], pictures: Embedded) -> Iterator[str]:
    answers = [answer for answer in run.answers if answer.counts]
    yield f"<h1>{_text(_headline(run.prompt))}</h1>"
    yield f"<p class='muted'>{_text(_about(run))}</p>"
    yield f"<h2>Prompt</h2><pre class='plain'>{_text(run.prompt)}</pre>"
    yield from (f"<p class='muted'>Attached: {_text(file.name)}</p>" for file in run.attachments)
    yield f"<h2>Figures</h2>{_table(answers)}<h2>Answers</h2><div class='answers'>"
    yield from (_answer(run, answer, connections, pictures) for answer in answers)
    yield "</div>"


def _headline(prompt: str) -> str:
    return " ".join(prompt.split())[:120] or "A run whose text was not saved"


_FOOT = (
    "Made by Collate. Times were measured on the asking computer with a monotonic clock, from just before each "
    "request; tokens are as the providers count; costs as priced on the day of the run. “—” is unknown, never 0."
)
_END = f"<footer class='muted'>{escape(_FOOT)}</footer></body></html>"


def _about(run: Run) -> str:
    manner = [f"each asked {run.repeats} times"] if run.repeats > 1 else []
    manner += ["a fair race: one warm-up each, not shown"] if run.fair else []
    manner += [f"all with {', '.join(said)}"] if (said := changes(Settings(), run.settings)) else []
    manner += ["a later turn of a conversation"] if any(answer.history for answer in run.answers) else []
    if run.combined:
        return f"Put together from {len(run.combined)} runs; each answer says when it was asked."
    return f"{run.created_at:%Y-%m-%d %H:%M} UTC" + "".join(f" · {each}" for each in manner)


def _answer(run: Run, answer: Answer, connections: Mapping[str, Connection], pictures: Embedded) -> str:
    view, done = ColumnView(run, run.answer(answer.id), connections), answer.completion
    label, meaning = text_of.STATES[answer.state]
    text = "".join(answer.text_parts)
    figures = "".join(
        f"<div title='{_text(help_)}'><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>"
        for name, value, help_ in view.figures
    )
    parts = [
        f"<header><h3 class='title'>{_text(view.title)}</h3>",
        f"<span class='badge' title='{_text(meaning)}'>{_text(label)}</span>",
        f"<p class='subtitle'>{_text(view.subtitle)}</p></header>",
        f"<p class='note'>{_text(view.mark)}</p>" if view.mark else "",
        *_said(answer),
        _problem(view.problem) if view.problem else "",
        f"<p class='note'>{_text(view.note)}</p>" if view.note else "",
        *(_earlier(answer)),
        _folded("Thinking", f"<div class='plain'>{_text(done.thinking)}</div>") if done and done.thinking else "",
        *(pictures.figure(each, view.title, view.alt(each)) for each in answer.pictures),
        f"<div class='answer'><div class='closed'>{_mended(blocks.whole(text))}</div></div>" if text else "",
        f"<dl class='figures'>{figures}</dl>" if figures else "",
        _receipt(done.cost) if done else "",
    ]
    return f"<article class='column'>{''.join(parts)}</article>"


def _said(answer: Answer) -> Iterator[str]:
    """The feedback on an answer: chips first, then each note in full."""
    words = [chip for chip in chips(answer) if chip.kind != "note"]
    spans = "".join(
        f"<span class='say' data-kind='{c.kind}' title='{_text(c.help)}'>{_text(c.text)}</span>" for c in words
    )
    if spans:
        yield f"<p class='said'>{spans}</p>"
    for mark in answer.marks:
        if mark.note:
            who = f" by {_text(mark.person)}" if mark.person else ""
            yield f"<p class='note'>Note{who}:</p><p class='plain remark'>{_text(mark.note)}</p>"


def _problem(problem: ColumnProblem) -> str:
    step = f"<p>{_text(problem.next_step)}</p>" if problem.next_step else ""
    return f"<div class='problem'><p class='message'>{_text(problem.message)}</p>{step}</div>"


def _earlier(answer: Answer) -> Iterator[str]:
    for message in answer.history:
        own = message.role == "user"
        body = f"<p class='plain'>{_text(message.text)}</p>" if own else _mended(blocks.whole(message.text))
        yield _folded(f"Earlier: {message.role}", f"<div class='closed'>{body}</div>")


def _receipt(cost: Cost) -> str:
    lines = "".join(
        f"<tr><td>{line.what}</td><td class='right'>{text_of.count(line.tokens)}</td>"
        f"<td class='right'>{text_of.unit_price(line.price)}</td>"
        f"<td class='right'>{text_of.money(line.amount)}</td></tr>"
        for line in cost.lines
    )
    source = " ".join(filter(None, (cost.source, cost.priced_model and f"for {cost.priced_model}")))
    dated = f", as of {cost.price_date}" if cost.price_date else ""
    said = ". ".join(filter(None, (source + dated, cost.reason)))
    table = f"<table><tr><th>what<th>tokens<th>$ per million<th>amount</tr>{lines}</table>" if lines else ""
    return _folded(f"Cost: {text_of.cost(cost)}", f"{table}<p class='muted'>{_text(said)}</p>")


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{_text(title)}</summary>{body}</details>"


def _table(answers: list[Answer]) -> str:
    columns, rows = shown(answers), [row_of(answer) for answer in answers]
    head = "".join(f"<th{_side(column)} title='{_text(column.help)}'>{_text(column.header)}</th>" for column in columns)
    body = "".join("<tr>" + "".join(_cell(column, row) for column in columns) + "</tr>" for row in rows)
    return f"<div class='wide' tabindex='0'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _cell(column: Column, row: Row) -> str:
    value = column.value(row)
    if column.header == "Cost":
        text = text_of.cost(row.completion.cost) if row.completion else text_of.UNKNOWN
    elif column.show is not None:
        text = column.show(value if isinstance(value, float | int) else None)
    else:
        text = text_of.UNKNOWN if value is None else str(value)
    return f"<td{_side(column)}>{_text(text)}</td>"


def _side(column: Column) -> str:
    """The class that aligns numbers and their headers to the right."""
    return " class='right'" if column.show is not None or column.header == "Cost" else ""


def _text(text: str) -> str:
    return escape(_mended(text), quote=True)


def _mended(text: str) -> str:
    """`text` with lone surrogates replaced, which cannot be written as UTF-8."""
    return text.encode(errors="replace").decode()


def _style() -> str:
    """The style sheet of the answer grid with its imports inlined, since a report has no files beside it."""
    return _THEME + _whole("style.css") + _whole("report.css")


def _whole(file: str) -> str:
    return _IMPORT.sub(lambda found: _whole(found[1]), (_ASSETS / file).read_text("utf-8"))


_LIGHT = {
    "text": "#1d2321", "background": "#fbfbf9", "border": "#dcdcd4", "primary": "#2f6f5e", "link": "#2f6f5e",
    "code-background": "#f1f1ec", "red": "#a3312a", "red-background": "#f9e9e7", "orange": "#8a5a00",
    "orange-background": "#fbf0da", "green": "#2f6f5e", "blue": "#2458a6", "violet": "#6b3fa0", "gray": "#7a817e",
}  # fmt: skip
_DARK = {
    "text": "#e6e8e6", "background": "#14181a", "border": "#343b3e", "primary": "#3b8a74", "link": "#8bd0ba",
    "code-background": "#1e2427", "red": "#f09a92", "red-background": "#3a2220", "orange": "#e6b566",
    "orange-background": "#3a2f1c", "green": "#8bd0ba", "blue": "#8fb6f0", "violet": "#c3a2ee", "gray": "#9aa19e",
}  # fmt: skip


def _variables(colours: Mapping[str, str]) -> str:
    """CSS variables with the names of Streamlit's theme, which the answer grid's style sheet uses."""
    text = "".join(
        f"--st-{name}-color:{value};" + (f"--st-{name}-text-color:{value};" if len(name) < 7 else "")
        for name, value in colours.items()
    )
    return f":root{{{text}}}"


_THEME = (
    ":root{color-scheme:light dark;--st-font:system-ui,sans-serif;--st-heading-font:var(--st-font);"
    "--st-code-font:ui-monospace,monospace;--st-base-radius:0.6rem;--st-button-radius:0.6rem}"
    + _variables(_LIGHT) + f"@media screen and (prefers-color-scheme:dark){{{_variables(_DARK)}}}"
)  # fmt: skip
