"""Conversations: a run is one turn; a follow-up is another run that is linked to it.

Owns how the next turn is planned and how earlier turns are found. Each column keeps its own history, unless all are to
continue from one answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from prompts.core.answer import Answer
from prompts.core.plan import WARM_UP, Cell, Link, Plan
from prompts.core.run import Run
from prompts.core.targets import UPLOADED
from providers.interface import Message

MOST_TURNS = 200
"""The most turns that are followed back."""


def follow_up(run: Run, prompt: str, *, answer_of: Answer | None = None) -> Plan:
    """The next turn: `prompt` to every target that has an answer, each with its own history.

    With `answer_of` every target continues from that answer's history and text, including targets without an answer of
    their own. Of several repeats the first is continued. Raises `ValueError` with a message for people.
    """
    if not prompt.strip():
        raise ValueError("The follow-up is empty. Write what you want to ask next.")
    if not run.finished:
        raise ValueError("Some answers are still arriving. Wait for them, or stop them.")
    firsts = [answer for answer in run.answers if answer.repeat == 0]
    sources = [(answer, answer_of or answer) for answer in firsts]
    pairs = [(answer, source) for answer, source in sources if source.text]
    if not pairs:
        raise ValueError("There is no answer to continue from.")
    cells = tuple(
        Cell(answer.target, position, position, history=_after(run, source), follows=source.id)
        for position, (answer, source) in enumerate(pairs)
    )
    return Plan(
        prompt, cells, settings=run.settings, link=Link("continues", run.id), local_only=run.local_only,
        keeps=run.keeps,
    )  # fmt: skip


def edited(run: Run, prompt: str) -> Plan:
    """The same turn with a new prompt: same targets, histories and options. Raises `ValueError`."""
    if not prompt.strip():
        raise ValueError("The prompt is empty. Write what you want to ask.")
    if run.textless:
        raise ValueError("The text of this run was not saved: its settings and files are not known any more.")
    cells = tuple(
        Cell(each.target, each.position, each.column, each.repeat, history=each.history, follows=each.follows)
        for each in run.answers
        if each.target.provider != UPLOADED
    )
    if not cells:
        raise ValueError("No model was asked in this run, so none can be asked again.")
    return Plan(
        prompt, cells, settings=run.settings, attachments=run.attachments, link=Link("edits", run.id), fair=run.fair,
        local_only=run.local_only, keeps=run.keeps,
    )  # fmt: skip


def asked_again(run: Run) -> Plan:
    """A plan with the same prompt, files, targets, settings, histories and options.

    Raises `ValueError` with a message for people.
    """
    if run.textless:
        raise ValueError("The text of this run was not saved, so what was asked is not known any more.")
    if not run.finished:
        raise ValueError("Some answers are still arriving. Wait for them, or stop them.")
    return replace(edited(run, run.prompt), link=Link("again", run.id))


def asked_more(run: Run, repeats: int) -> Plan:
    """The same plan with each target asked `repeats` times in step. Raises `ValueError` with a message for people."""
    again = asked_again(run)
    firsts = [cell for cell in again.cells if cell.repeat == 0]
    cells = tuple(
        replace(cell, position=(repeat + bool(run.fair)) * len(firsts) + n, repeat=repeat, id=str(uuid4()))
        for repeat in range(WARM_UP if run.fair else 0, repeats)
        for n, cell in enumerate(firsts)
    )
    return replace(again, cells=cells)


def is_again(run: Run) -> bool:
    """Whether it repeats an earlier run, with which it can be compared."""
    return run.link is not None and run.link.relation == "again"


def turns(run: Run, find: Callable[[str], Run | None]) -> tuple[list[Run], bool]:
    """The turns of a conversation up to `run`, oldest first, and whether these are all.

    That is `False` if an earlier turn is no longer on record. Raises what `find` raises.
    """
    found, current = [run], run
    for _ in range(MOST_TURNS):
        if current.link is None:
            return found[::-1], True
        earlier = find(current.link.run_id)
        if earlier is None:
            # An edited first turn is still a first turn if its original is gone.
            return found[::-1], not any(cell.history for cell in found[-1].cells)
        if current.link.relation == "continues":
            found.append(earlier)
        current = earlier
    return found[::-1], False


def _after(run: Run, answer: Answer) -> tuple[Message, ...]:
    asked = Message("user", run.prompt, run.attachments)
    return (*answer.history, asked, Message("assistant", answer.text))
