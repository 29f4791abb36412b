"""Conversations: a run is one turn, and a follow-up is a run of its own that knows where it came from.

Owns how the next turn is planned and how the turns before are found. Each column keeps its own
history, unless everyone is told to go on from one answer.
"""

from __future__ import annotations

from collections.abc import Callable

from prompts.core.run import Lane, Link, Run
from providers.interface import Message

MOST_TURNS = 200
"""How far back a conversation is followed."""


def follow_up(run: Run, prompt: str, *, answer_of: Lane | None = None) -> Run:
    """The next turn: `prompt` to every target that has an answer, after its own history.

    With `answer_of` every target goes on from that lane's history and answer, also those without one
    of their own. Of several repeats the first is gone on from. Raises `ValueError` in words for people.
    """
    if not prompt.strip():
        raise ValueError("The follow-up is empty. Write what you want to ask next.")
    if not run.finished:
        raise ValueError("Some answers are still arriving. Wait for them, or stop them.")
    firsts = [lane for lane in run.lanes if lane.repeat == 0]
    sources = [(lane, answer_of or lane) for lane in firsts]
    pairs = [(lane, source) for lane, source in sources if text_of(source)]
    if not pairs:
        raise ValueError("There is no answer to go on from.")
    lanes = [
        Lane(lane.target, position, position, history=_after(run, source), follows=source.id)
        for position, (lane, source) in enumerate(pairs)
    ]
    return Run(
        prompt, lanes, settings=run.settings, link=Link("continues", run.id), fair=False, local_only=run.local_only,
        keeps=run.keeps,
    )  # fmt: skip


def edited(run: Run, prompt: str) -> Run:
    """The same turn asked otherwise: same targets, histories and manner, a new prompt. Raises `ValueError`."""
    if not prompt.strip():
        raise ValueError("The prompt is empty. Write what you want to ask.")
    if run.textless:
        raise ValueError("Only figures of this run are on record: its settings and files are not known any more.")
    lanes = [
        Lane(lane.target, lane.position, lane.column, lane.repeat, history=lane.history, follows=lane.follows)
        for lane in run.lanes
    ]
    return Run(
        prompt, lanes, settings=run.settings, attachments=run.attachments, link=Link("edits", run.id), fair=run.fair,
        local_only=run.local_only, keeps=run.keeps,
    )  # fmt: skip


def asked_again(run: Run) -> Run:
    """A run with the same prompt, files, targets, settings, histories and manner. Raises `ValueError` in words."""
    if run.textless:
        raise ValueError("Only figures of this run are on record, so what was asked is not known any more.")
    if not run.finished:
        raise ValueError("Some answers are still arriving. Wait for them, or stop them.")
    again = edited(run, run.prompt)
    again.link = Link("again", run.id)
    return again


def is_again(run: Run) -> bool:
    """Whether there is an earlier asking to compare it with."""
    return run.link is not None and run.link.relation == "again"


def turns(run: Run, find: Callable[[str], Run | None]) -> tuple[list[Run], bool]:
    """The turns of a conversation up to `run`, first one first, and whether that is all of them.

    `False` where an earlier turn is no longer on record. Raises what `find` raises.
    """
    found, current = [run], run
    for _ in range(MOST_TURNS):
        if current.link is None:
            return found[::-1], True
        earlier = find(current.link.run_id)
        if earlier is None:
            # Without its original, an edited first turn still is a first turn.
            return found[::-1], not any(lane.history for lane in found[-1].lanes)
        if current.link.relation == "continues":
            found.append(earlier)
        current = earlier
    return found[::-1], False


def text_of(lane: Lane) -> str:
    """The answer as far as it arrived."""
    return "".join(lane.text_parts)


def _after(run: Run, lane: Lane) -> tuple[Message, ...]:
    asked = Message("user", run.prompt, run.attachments)
    return (*lane.history, asked, Message("assistant", text_of(lane)))
