"""Plans of experiments made from runs: their prompts as cases, asked of the models that answered them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from prompts.core.answer import Answer
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.experiments.cases import Cases, CasesError, made
from prompts.experiments.plan import Plan, Wording

COLUMNS = ("prompt", "expected", "answered by")
REPEATS = 5
"""The least number of repeats for a single prompt: one answer of each model shows nothing."""


def plan_of(runs: Sequence[Run]) -> Plan:
    """A plan with the prompts of `runs` as cases and the models that answered all of them. Raises `CasesError`.

    From a single run it also takes settings and repeats, so that it asks the same again and can be watched for drift.
    """
    cases = cases_of(runs)
    asked = [run for run in runs if run.prompt.strip()]
    shared = [target for target in _targets(asked[0]) if all(target in _targets(run) for run in asked[1:])]
    plan = Plan("", (Wording("", "{{prompt}}"),), cases, tuple(shared))
    if len(runs) > 1:
        return plan
    return replace(plan, repeats=max(asked[0].repeats, REPEATS), settings=asked[0].settings)


def _targets(run: Run) -> tuple[Target, ...]:
    return tuple(dict.fromkeys(cell.target for cell in run.cells))


def cases_of(runs: Iterable[Run]) -> Cases:
    """One case per run: its prompt, and the answer that people rated best, if any. Raises `CasesError`.

    Runs whose text was not saved, attached files and earlier turns are left out; the notes of the cases say so.
    """
    runs = tuple(runs)
    if any(run.draws for run in runs):
        raise CasesError("An experiment compares texts: runs of pictures cannot be made into one.")
    rows: list[tuple[str, str, str]] = []
    textless = with_files = follow_ups = 0
    for run in runs:
        if not run.prompt.strip():
            textless += 1
            continue
        with_files += bool(run.attachments)
        follow_ups += any(cell.history for cell in run.cells)
        best = _best(run)
        rows.append((run.prompt, _text(best) if best else "", str(best.target) if best else ""))
    if not rows:
        raise CasesError("The text of these runs was not saved, so there is no prompt to make a case of.")
    width = len(COLUMNS) if any(expected for _, expected, _ in rows) else 1
    found = made(COLUMNS[:width], [row[:width] for row in rows])
    notes = [f"Left out, because the text was not saved: {textless}."] if textless else []
    notes += [f"Files are left out: {with_files} of these prompts had some."] if with_files else []
    notes += [f"Turns before the prompt are left out: {follow_ups} had some."] if follow_ups else []
    return Cases(found.columns, found.rows, (*found.notes, *notes))


def _best(run: Run) -> Answer | None:
    """The answer with the best feedback; `None` if none was praised."""
    praised = [(praise, answer) for answer in run.answers if (praise := _praise(answer)) > (0, 0, 0) and _text(answer)]
    return max(praised, key=lambda pair: pair[0])[1] if praised else None


def _praise(answer: Answer) -> tuple[int, float, int]:
    """How to rank: people who called it best, then mean stars above the middle (3), then thumbs up minus down."""
    stars = [mark.stars for mark in answer.marks if mark.stars is not None]
    return (
        sum(mark.best for mark in answer.marks),
        sum(stars) / len(stars) - 3 if stars else 0.0,
        sum(mark.thumb for mark in answer.marks if mark.thumb is not None),
    )


def _text(answer: Answer) -> str:
    return "".join(answer.text_parts)
