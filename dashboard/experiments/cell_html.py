"""One cell as HTML: every repeat with its answer, what each check found and where, time and cost. Pure.

Answers, reasons and errors are untrusted text: all of it is escaped, or rendered by the answer grid's safe renderer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress

from dashboard.answer_grid import blocks
from dashboard.answer_grid.differences import difference_html
from prompts.core import format as text_of
from prompts.core.alt_text import alt_text
from prompts.core.printable import escape
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.checks.check import Check, Finding, short
from prompts.experiments.checks.kinds import KINDS
from prompts.experiments.holes import HoleError
from prompts.experiments.matrix import Box
from prompts.experiments.report.contents import prompt_of
from prompts.experiments.results import what_failed
from providers.pictures import Picture

Address = Callable[[str], str]
_Said = tuple[Check, str]
"""A check and its sentence."""
_MOST = 200
"""The most characters of a value that a check's sentence quotes."""
_SIGNS = {True: ("✓", "passed"), False: ("✗", "failed"), None: ("–", "no verdict")}


def cell_html(experiment: Experiment, box: Box, ratings: Mapping[str, bool], picture: Address = str) -> str:
    """All repeats of a cell. `picture` gives the address of a picture by its digest."""
    plan = experiment.plan

    def shown(cell: AskedCell) -> Iterator[str]:
        model, prompt = str(plan.targets[cell.cell.target]), prompt_of(plan, cell)
        return (_figure(each, picture, alt_text(model, prompt, each.described)) for each in cell.pictures)

    case = plan.values(box.case)
    checks = [(check, check_sentence(check, case)) for check in plan.checks]
    return "".join(_repeat(checks, cell, ratings, len(box.cells), "".join(shown(cell))) for cell in box.cells)


def difference_of(experiment: Experiment, first: Box, second: Box, picture: Address = str) -> str:
    """How the first answer of one cell differs from the first answer of the other; empty if either has none.

    For pictures: both pictures, and how their prompts differ.
    """
    drawn = [cell for box in (first, second) if (cell := _first_drawn(box)) is not None]
    if len(drawn) == 2:
        prompts = [prompt_of(experiment.plan, cell) for cell in drawn]
        said = difference_html(*prompts) if prompts[0] != prompts[1] else '<p class="muted">The prompt is the same.</p>'
        shown = "".join(
            _figure(
                each := cell.pictures[0],
                picture,
                alt_text(str(experiment.plan.targets[cell.cell.target]), prompt, each.described),
            )
            for cell, prompt in zip(drawn, prompts, strict=True)
        )
        return f'<div class="again-diff">{said}</div><div class="cell-pair">{shown}</div>'
    texts = [_first_text(box) for box in (first, second)]
    if texts[0] is None or texts[1] is None:
        return ""
    return f'<div class="again-diff">{difference_html(texts[0], texts[1])}</div>'


def check_sentence(check: Check, case: Mapping[str, str]) -> str:
    """What a check demands of a case, in the words of the builder, or its own name if it has one."""
    if check.name:
        return check.name
    with suppress(HoleError):  # a hole without a column stays as it is; the finding says so
        check = check.filled(case)
    kind = KINDS.get(check.kind)
    sentence = kind.sentence if kind else check.kind
    for name, value in (("value", check.value), ("values", ", ".join(check.values)), ("field", check.field)):
        sentence = sentence.replace(f"{{{name}}}", short(value, _MOST) if value else "")
    return f"not: {sentence}" if check.negated else sentence


def _first_drawn(box: Box) -> AskedCell | None:
    return next((cell for cell in box.cells if cell.answered and cell.pictures), None)


def _figure(drawn: Picture, picture: Address, alt: str) -> str:
    told = [
        f"{drawn.width} × {drawn.height}",
        text_of.frame_shown(drawn.frames),
        f"seed {drawn.seed}" if drawn.seed is not None else "",
    ]
    told += [f"drawn as “{drawn.revised_prompt}”" if drawn.revised_prompt else ""]
    said = _text(" · ".join(filter(None, told)))
    if not drawn.sha256:
        return f'<p class="muted">{said}. The picture itself was not kept.</p>'
    return (
        f'<figure class="cell-picture"><img src="{escape(picture(drawn.sha256))}" width="{drawn.width}" '
        f'height="{drawn.height}" alt="{_text(alt)}" decoding="async"><figcaption class="muted">{said}</figcaption>'
        "</figure>"
    )


def _first_text(box: Box) -> str | None:
    return next((cell.completion.text for cell in box.cells if cell.answered and cell.completion), None)


def _repeat(checks: Sequence[_Said], cell: AskedCell, ratings: Mapping[str, bool], repeats: int, drawn: str) -> str:
    title = f"Repeat {cell.cell.repeat + 1}" if repeats > 1 else "Picture" if drawn else "Answer"
    label, meaning = text_of.STATES[cell.state]
    rated = ratings.get(cell.completion_id)
    said = "" if rated is None else f'<span class="cell-badge">rated {"good" if rated else "bad"}</span>'
    old = f'<span class="cell-badge">from record {cell.taken_from:%Y-%m-%d}</span>' if cell.taken_from else ""
    parts = [
        f'<header><h4>{title}</h4><span class="cell-badge" title="{escape(meaning)}">{escape(label)}</span>{said}{old}'
        f'<span class="muted">{escape(_figures(cell))}</span></header>',
        *_problem(cell),
        drawn or "".join(_answer(cell)),
        *_findings(checks, cell),
    ]
    return f'<article class="cell-repeat">{"".join(parts)}</article>'


def _figures(cell: AskedCell) -> str:
    done = cell.completion
    if done is None:
        return ""
    tokens = done.usage.output_tokens if done.usage else None
    if done.pictures:
        return " · ".join([f"final picture {text_of.seconds(done.timings.duration_s)}", text_of.cost(done.cost)])
    said = [
        f"first token {text_of.seconds(done.timings.time_to_first_token_s)}",
        f"whole answer {text_of.seconds(done.timings.duration_s)}",
        f"{text_of.count(tokens)} output tokens", text_of.cost(done.cost),
    ]  # fmt: skip
    return " · ".join([*said, *(text_of.CONDITIONS[condition] for condition in done.conditions)])


def _problem(cell: AskedCell) -> Iterator[str]:
    if cell.answered:
        return
    error = cell.completion.error if cell.completion else None
    said = what_failed(cell)
    if error is not None:
        yield f'<p class="cell-problem">⚠ {escape(said or "")}: {escape(error.message)}</p>'
    elif said:
        yield f'<p class="cell-problem">⚠ {escape(said)}: {escape(text_of.STATES[cell.state][1])}</p>'
    if cell.note:
        yield f'<p class="muted">{escape(cell.note)}</p>'


def _answer(cell: AskedCell) -> Iterator[str]:
    text = cell.completion.text if cell.completion else ""
    if not text:
        if cell.answered:
            yield '<p class="muted">The answer has no text.</p>'
        return
    yield f'<pre class="cell-text">{_marked(text, _spans(cell))}</pre>'
    if any(mark in text for mark in ("**", "```", "\n#", "\n- ", "|", "$")):
        yield f'<details><summary>As Markdown</summary><div class="answer closed">{blocks.whole(text)}</div></details>'


def _spans(cell: AskedCell) -> list[tuple[int, int]]:
    """The passages that checks point at (start and end, in characters), in order and without overlap."""
    found: list[tuple[int, int]] = []
    given = [finding.span for finding in (cell.verdict.findings if cell.verdict else ()) if finding.span]
    for start, end in sorted(given):
        if start < end and (not found or start >= found[-1][1]):
            found.append((start, end))
    return found


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in spans:
        parts += [_text(text[at:start]), f"<mark>{_text(text[start:end])}</mark>"]
        at = end
    return "".join([*parts, _text(text[at:])])


def _findings(checks: Sequence[_Said], cell: AskedCell) -> Iterator[str]:
    if cell.verdict is None:
        return
    rows = zip(checks, cell.verdict.findings, strict=False)
    yield f'<ul class="cell-findings">{"".join(_finding(*check, found) for check, found in rows)}</ul>'


def _finding(check: Check, sentence: str, found: Finding) -> str:
    sign, word = _SIGNS[found.passed]
    aside = (
        ""
        if check.counts
        else ' <span class="cell-badge" title="Shown, but no part of pass or fail.">not counted</span>'
    )
    score = f" · score {found.score:.2f}" if found.score not in (None, 0, 1) else ""
    return (
        f'<li data-passed="{word}"><span title="{word}">{sign}</span> {_text(sentence)}{aside}'
        f'<br><span class="muted">{_text(found.reason)}{score}</span></li>'
    )


def _text(text: str) -> str:
    """Escaped text, with lone surrogates replaced, since they cannot be sent to a page."""
    return escape(text.encode(errors="replace").decode(), quote=True)
