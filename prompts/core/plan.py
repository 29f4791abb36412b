"""What is to be asked: a plan of cells, one for each answer wanted.

Frozen plain data: a plan can be forecast, scanned, compared and passed to another process as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import uuid4

from prompts.core.targets import Target
from providers.config.keep_rules import Keeps
from providers.interface import Attachment, Message, Request, Settings

WARM_UP = -1
"""The `repeat` of a cell that is asked first but not counted in any statistic; its cost is real."""
Relation = Literal["continues", "edits", "again"]
Source = Literal["page", "cli"]


@dataclass(frozen=True, slots=True)
class Link:
    """How a run derives from an earlier one."""

    relation: Relation
    """`continues`: the next turn of its conversation. `edits`:
    the same turn with another prompt. `again`: the same repeated."""
    run_id: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer wanted: from one target, in one repeat."""

    target: Target
    position: int
    """Its order within the plan."""
    column: int
    """The place of its target among the chosen ones."""
    repeat: int = 0
    """Counted from 0; `WARM_UP` for one that does not count."""
    id: str = field(default_factory=lambda: str(uuid4()))
    """Also the id of the answer in a run and of the completion in the record."""
    history: tuple[Message, ...] = ()
    """The turns before the prompt; each cell has its own."""
    follows: str | None = None
    """The id of the completion whose answer ends `history`; `None` if that is empty."""

    @property
    def counts(self) -> bool:
        """Whether its answer is one to compare, rather than a warm-up."""
        return self.repeat != WARM_UP


@dataclass(frozen=True, slots=True)
class Plan:
    """One prompt and the targets it is sent to."""

    prompt: str
    cells: tuple[Cell, ...]
    source: Source = "page"
    settings: Settings = Settings()
    """The settings shared by all targets."""
    attachments: tuple[Attachment, ...] = ()
    """Sent with the prompt to every target."""
    link: Link | None = None
    """The run that this one derives from, if any."""
    fair: bool = False
    """A fair race: a mark before each prompt defeats prompt caches, and local models are asked alone."""
    local_only: bool = False
    """Only targets on this machine or network may be asked; the runner refuses others."""
    person: str = ""
    """The person who asks; empty if nobody logs in."""
    keeps: Keeps = "everything"
    """How much of it is recorded."""

    @property
    def draws(self) -> bool:
        """Whether pictures are asked for, rather than text."""
        return any(cell.target.settings.picture is not None for cell in self.cells)

    @property
    def repeats(self) -> int:
        """How often each target is asked, not counting warm-ups."""
        return max((cell.repeat for cell in self.cells), default=0) + 1

    def request(self, cell: Cell, attempt: int = 0) -> Request:
        """The request for a cell; in a fair race each attempt has its own mark."""
        messages = (*cell.history, Message("user", self.prompt, self.attachments))
        asked = Request(cell.target.model, messages, cell.target.settings)
        return _uncached(asked, f"[{cell.id[:8]}.{attempt}]") if self.fair else asked


def _uncached(request: Request, mark: str) -> Request:
    """`request` with `mark` at the very start of its text,
    as a prompt cache only serves texts with the same beginning."""
    system = request.settings.system
    if system is not None:
        return replace(request, settings=replace(request.settings, system=f"{mark}\n\n{system}"))
    first, *rest = request.messages
    return replace(request, messages=(replace(first, text=f"{mark}\n\n{first.text}"), *rest))


def plan(
    prompt: str, targets: list[Target], *, repeats: int = 1, source: Source = "page",
    settings: Settings = Settings(), attachments: tuple[Attachment, ...] = (), fair: bool = False,
    local_only: bool = False, keeps: Keeps = "everything",
) -> Plan:  # fmt: skip
    """A plan of `prompt` for `targets`, each asked `repeats` times; in a `fair` race preceded by a warm-up.

    Raises `ValueError` with a message for people.
    """
    if not prompt.strip():
        raise ValueError("The prompt is empty. Write what you want to ask.")
    if not targets:
        raise ValueError("No model is chosen. Pick at least one.")
    numbers = range(WARM_UP if fair else 0, repeats)
    places = [(repeat, column) for repeat in numbers for column in range(len(targets))]
    cells = tuple(Cell(targets[column], n, column, repeat) for n, (repeat, column) in enumerate(places))
    return Plan(
        prompt, cells, source, settings, attachments=attachments, fair=fair, local_only=local_only, keeps=keeps
    )  # fmt: skip
