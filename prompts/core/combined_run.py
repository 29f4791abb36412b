"""Recorded runs, or single answers of them, side by side as one run that is only looked at, never asked.

Owns the id of such a run, which is made of theirs, so that it needs no record of its own. Its answers are the original
completions: ratings given to them are given to the originals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from prompts.core.answer import Answer
from prompts.core.plan import Plan
from prompts.core.run import NOT_KEPT, Run
from providers.interface import Settings

MOST_COLUMNS = 24
"""The most answers shown beside one another; more could not be read."""
MOST_RUNS = 100
"""The most runs in one matrix of prompts and models."""
_JOIN = "~"  # needs no escaping in a web address


class GatheringError(ValueError):
    """These answers cannot be shown side by side; the message says why."""


def gathered_id(ids: Sequence[str]) -> str:
    """The id of the combined run of these runs or completions. Raises `GatheringError`."""
    different = list(dict.fromkeys(ids))
    if len(different) < 2:
        raise GatheringError("Choose two runs or more to compare.")
    if len(different) > MOST_RUNS:
        raise GatheringError(_too_many(len(different)))
    return _JOIN.join(different)


def ids_of(run_id: str) -> tuple[str, ...]:
    """The ids a combined run is made of; empty for a run that was asked."""
    return tuple(run_id.split(_JOIN)) if _JOIN in run_id else ()


def gather(run_id: str, find: Callable[[str], Run | None], run_of: Callable[[str], str | None]) -> Run:
    """The combined run with that id.

    `find` returns a run by its id, `run_of` the id of a completion's run. Raises `GatheringError`, and what they raise.
    """
    if len(ids_of(run_id)) > MOST_RUNS:
        raise GatheringError(_too_many(len(ids_of(run_id))))
    parts = [part for each in ids_of(run_id) if (part := _part(each, find, run_of)) is not None]
    runs = [run for run, _ in parts]
    if not parts:
        raise GatheringError("None of the runs in this address is on record here.")
    if any(not run.finished for run in runs):
        raise GatheringError("One of these runs is still being asked. Wait for its answers, or stop them.")
    prompts = list(dict.fromkeys(run.prompt for run in runs))
    answers = _answers(parts, own_prompts=len(prompts) > 1)
    shared = {run.settings for run in runs}
    text = prompts[0] if len(prompts) == 1 else "\n\n".join(f"{n}. {each}" for n, each in enumerate(prompts, 1))
    plan = Plan(
        text, tuple(answer.cell for answer in answers), settings=shared.pop() if len(shared) == 1 else Settings(),
        attachments=runs[0].attachments if len(prompts) == 1 else (),
    )  # fmt: skip
    return Run.of(
        plan, id=run_id, created_at=max(run.created_at for run in runs), answers=answers,
        combined=tuple(dict.fromkeys(run.id for run in runs)),
    )  # fmt: skip


def _part(
    wanted: str, find: Callable[[str], Run | None], run_of: Callable[[str], str | None]
) -> tuple[Run, list[Answer]] | None:
    """The run `wanted` and all its answers that count, or one answer and its run; `None` if it is not found."""
    if (run := find(wanted)) is not None:
        return run, [answer for answer in run.answers if answer.counts]
    owner = run_of(wanted)
    run = find(owner) if owner is not None else None
    return (run, [answer for answer in run.answers if answer.id == wanted]) if run is not None else None


def _answers(parts: Sequence[tuple[Run, list[Answer]]], *, own_prompts: bool) -> list[Answer]:
    labels = _labels([run for run, _ in parts])
    columns: dict[tuple[int, int], int] = {}
    seen: set[str] = set()
    found: list[Answer] = []
    for number, (run, answers) in enumerate(parts):
        for answer in answers:
            if answer.id in seen:  # both a run and one of its own answers were chosen
                continue
            seen.add(answer.id)
            column = columns.setdefault((number, answer.column), len(columns))
            cell = replace(
                answer.cell, position=len(found), column=column, repeat=answer.repeat if len(answers) > 1 else 0
            )
            note = NOT_KEPT if run.textless else answer.note
            asked = run.prompt if own_prompts else ""
            found.append(replace(answer, cell=cell, label=labels[number], asked=asked, note=note))
    return found


def _labels(runs: Sequence[Run]) -> list[str]:
    """The time each run was asked, as precisely as is needed to tell them apart."""
    for pattern in ("%Y-%m-%d", "%Y-%m-%d %H:%M UTC", "%Y-%m-%d %H:%M:%S UTC"):
        labels = {run.id: f"{run.created_at:{pattern}}" for run in runs}
        if len(set(labels.values())) == len(labels):
            break
    often = Counter(labels.values())
    return [
        f"{labels[run.id]} · run {n}" if often[labels[run.id]] > 1 else labels[run.id] for n, run in enumerate(runs, 1)
    ]


def readable(run: Run) -> bool:
    """Whether all its answers can be shown beside one another; else a matrix shows them."""
    return len({answer.column for answer in run.answers}) <= MOST_COLUMNS


def _too_many(runs: int) -> str:
    return f"{runs:,} runs are too many to compare at once: at most {MOST_RUNS} fit. Choose fewer."
