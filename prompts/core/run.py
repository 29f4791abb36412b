"""A run and its lanes while they happen: what the runner writes and the screen reads.

Written by the engine's loop, read from other threads: texts only grow, and every other field is
replaced as a whole, so a reader never sees half a change.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

from prompts.core.feedback import Mark
from prompts.core.targets import Target
from providers.completion import Completion, Cost, State
from providers.config.keep_rules import Keeps
from providers.interface import Adjustment, Attachment, Delta, Message, Moved, Request, Settings

LaneState = Literal["waiting", "preparing", "sent", "streaming"] | State
LIVE: frozenset[LaneState] = frozenset({"waiting", "preparing", "sent", "streaming"})
WARM_UP = -1
"""The `repeat` of a lane that is asked first and counted in no statistic; its cost is real."""
NOT_KEPT = "— The answer was never kept: only figures of this run are on record."
"""What stands in the place of an answer of such a run."""
Relation = Literal["continues", "edits", "again"]


@dataclass(frozen=True, slots=True)
class Link:
    """How a run came out of an earlier one."""

    relation: Relation
    """`continues`: the next turn of its conversation. `edits`: the same turn, asked otherwise. `again`: asked anew."""
    run_id: str


@dataclass(eq=False, slots=True)
class Lane:
    """One target of a run: one column on screen, one completion in the record."""

    target: Target
    position: int
    """Order within the run."""
    column: int
    """Which of the chosen targets."""
    repeat: int = 0
    """Which asking of it, from 0; `WARM_UP` for one that does not count."""
    id: str = field(default_factory=lambda: str(uuid4()))
    """The completion's id in the record."""
    history: tuple[Message, ...] = ()
    """The turns before the prompt; each lane has its own."""
    follows: str | None = None
    """The completion whose answer ends `history`."""
    state: LaneState = "waiting"
    note: str | None = None
    """Why it waits, or why it was not sent."""
    attempt: int = 0
    moves: int = 0
    """How often its text so far turned out to be thinking."""
    text_parts: list[str] = field(default_factory=list[str])
    thinking_parts: list[str] = field(default_factory=list[str])
    adjustments: tuple[Adjustment, ...] = ()
    completion: Completion | None = None
    spent: tuple[Cost, ...] = ()
    """What earlier attempts at it cost."""
    sent_at: float | None = None
    """A reading of `measure.monotonic`, for the clock that ticks on screen; the measurement has its own."""
    task: asyncio.Task[None] | None = None
    marks: tuple[Mark, ...] = ()
    """What people say of it; replaced as a whole."""
    tags: tuple[str, ...] = ()
    interrupted_at: datetime | None = None
    """When it was found unfinished, its process gone; `None` once it is asked again."""
    label: str = ""
    """When its run was asked, where it stands beside lanes of other runs."""
    asked: str = ""
    """Its run's prompt, where those beside it were asked something else."""

    @property
    def live(self) -> bool:
        """Still being asked."""
        return self.state in LIVE

    @property
    def costs(self) -> tuple[Cost, ...]:
        """What all its attempts cost, as far as they have ended."""
        return (*self.spent, self.completion.cost) if self.completion else self.spent

    @property
    def counts(self) -> bool:
        """Whether it is an answer to compare, and not a warm-up."""
        return self.repeat != WARM_UP

    def take(self, delta: Delta | Moved) -> None:
        """One delta, as it arrives. New lists where text turns out to be thinking, so that a reader's stay whole."""
        if isinstance(delta, Moved):
            self.thinking_parts, self.text_parts = [*self.thinking_parts, *self.text_parts], []
            self.moves += 1  # last: a reader that sees it must find the new lists
            return
        (self.text_parts if delta.kind == "text" else self.thinking_parts).append(delta.text)
        if self.state != "streaming":
            self.state = "streaming"

    def finish(self, completion: Completion, note: str | None = None) -> None:
        """The outcome; the state last, because a reader that sees it expects the rest."""
        self.completion, self.note = completion, note
        self.state = completion.state

    def begin(self) -> None:
        """Start over as the next attempt; new lists, so that a reader's old ones stay whole."""
        self.text_parts, self.thinking_parts = [], []
        self.spent = self.costs
        self.note, self.completion, self.sent_at, self.interrupted_at = None, None, None, None
        self.state = "waiting"
        self.attempt += 1  # last: a reader that sees the new number must find the new lists


@dataclass(eq=False, slots=True, weakref_slot=True)
class Run:
    """One execution of one prompt over its targets."""

    prompt: str
    lanes: list[Lane]
    source: Literal["page", "cli"] = "page"
    settings: Settings = Settings()
    """What was set for all targets alike."""
    id: str = field(default_factory=lambda: str(uuid4()))
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    attachments: tuple[Attachment, ...] = ()
    """Sent with the prompt to every target."""
    link: Link | None = None
    """The run that this one came out of."""
    fair: bool = False
    """A fair race: a mark before each prompt defeats prompt caches, and local models are asked alone."""
    local_only: bool = False
    """Only targets on this machine or network may be asked; the runner refuses others."""
    person: str = ""
    """Who asked; empty where nobody logs in."""
    keeps: Keeps = "everything"
    """What of it goes on record."""
    gathered: tuple[str, ...] = ()
    """The runs whose lanes it shows, where it is only put together to be looked at; empty for one that is asked."""

    @property
    def textless(self) -> bool:
        """It came back from a record that holds its figures only, so it can be looked at, but not asked again."""
        return self.keeps == "figures" and not self.prompt

    @property
    def finished(self) -> bool:
        """Every lane has its completion."""
        return not any(lane.live for lane in self.lanes)

    @property
    def repeats(self) -> int:
        """How often each target is asked, warm-ups not counted."""
        return max((lane.repeat for lane in self.lanes), default=0) + 1

    def request(self, lane: Lane) -> Request:
        """What this lane is asked."""
        messages = (*lane.history, Message("user", self.prompt, self.attachments))
        asked = Request(lane.target.model, messages, lane.target.settings)
        return _uncached(asked, f"[{lane.id[:8]}.{lane.attempt}]") if self.fair else asked


def _uncached(request: Request, mark: str) -> Request:
    """`request` with `mark` at the very beginning of its text: a prompt cache serves only what begins alike."""
    system = request.settings.system
    if system is not None:
        return replace(request, settings=replace(request.settings, system=f"{mark}\n\n{system}"))
    first, *rest = request.messages
    return replace(request, messages=(replace(first, text=f"{mark}\n\n{first.text}"), *rest))


def plan(
    prompt: str, targets: list[Target], *, repeats: int = 1, source: Literal["page", "cli"] = "page",
    settings: Settings = Settings(), attachments: tuple[Attachment, ...] = (), fair: bool = False,
    local_only: bool = False, keeps: Keeps = "everything",
) -> Run:  # fmt: skip
    """A run of `prompt` over `targets`, each asked `repeats` times; in a `fair` race once more before, to warm up.

    Raises `ValueError` in words for people.
    """
    if not prompt.strip():
        raise ValueError("The prompt is empty. Write what you want to ask.")
    if not targets:
        raise ValueError("No model is chosen. Pick at least one.")
    numbers = range(WARM_UP if fair else 0, repeats)
    cells = [(repeat, column) for repeat in numbers for column in range(len(targets))]
    lanes = [Lane(targets[column], n, column, repeat) for n, (repeat, column) in enumerate(cells)]
    return Run(
        prompt, lanes, source, settings, attachments=attachments, fair=fair, local_only=local_only, keeps=keeps
    )  # fmt: skip
