"""Runs side by side as a matrix: a row per prompt, a column per model, answers in the cells. Pure; escapes all text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.printable import escape
from prompts.core.run import Run

_LINES, _WIDEST = 3, 200
"""Lines of an answer that are shown, and characters of each; the whole answer can be read in its own run."""
_LONGEST = 240
"""Characters of a prompt that are shown."""


def prompts_of(run: Run) -> tuple[str, ...]:
    """The prompts that were asked, each once, in their order; an empty text stands for those that were not recorded."""
    return tuple(dict.fromkeys(answer.asked or run.prompt for answer in run.answers))


def matrix_html(run: Run, owners: Mapping[str, str]) -> str:
    """The matrix. `owners`: run id by answer id. Repeats, and the same prompt asked again, share a cell."""
    models = list(dict.fromkeys(str(answer.target) for answer in run.answers))
    cells: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in run.answers:
        cells[answer.asked or run.prompt, str(answer.target)].append(answer)
    head = "".join(f'<th scope="col">{escape(model)}</th>' for model in models)
    rows = "".join(
        f'<tr><th scope="row">{_prompt(prompt)}</th>'
        f"{''.join(_cell(cells[prompt, model], owners) for model in models)}</tr>"
        for prompt in prompts_of(run)
    )
    return (
        '<div class="gathered" tabindex="0" role="region" aria-label="Prompts and models"><table>'
        f'<thead><tr><th scope="col">{text_of.number_of(len(prompts_of(run)), "prompt")}</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _prompt(prompt: str) -> str:
    line = " ".join(prompt.split())
    if not line:
        return "— not saved"
    return escape(line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…")


def _cell(answers: Sequence[Answer], owners: Mapping[str, str]) -> str:
    if not answers:
        return '<td class="gathered-none" title="Not asked">—</td>'
    return f"<td>{''.join(_answer(each, owners.get(each.id)) for each in answers)}</td>"


def _answer(answer: Answer, run_id: str | None) -> str:
    when = escape(answer.label)
    where = f'<a href="./?run={escape(run_id)}" data-follow>{when}</a>' if run_id else when
    told = f'<p dir="auto">{_said(answer)}</p><small>{where} · {_figures(answer)}</small>'
    return f'<div class="gathered-answer">{told}</div>'


def _said(answer: Answer) -> str:
    lines = [" ".join(line.split()) for line in answer.text[:2000].splitlines() if line.strip()]
    if lines:
        shown = [line if len(line) <= _WIDEST else f"{line[:_WIDEST].rstrip()}…" for line in lines[:_LINES]]
        return "<br>".join(map(escape, shown)) + (" …" if len(lines) > _LINES else "")
    return escape(answer.note or "— no text")


def _figures(answer: Answer) -> str:
    done = answer.completion
    if done is None:
        return escape(answer.state)
    stars = [mark.stars for mark in answer.marks if mark.stars is not None]
    parts = [
        "" if done.state == "complete" else text_of.STATES[done.state][0],
        text_of.seconds(done.timings.duration_s),
        text_of.cost(done.cost),
        "best" if any(mark.best for mark in answer.marks) else "",
        f"{text_of.stars(sum(stars) / len(stars))} of 5 stars" if stars else "",
    ]
    return escape(" · ".join(filter(None, parts)))
