"""Drafts of experiments: what is being written, found again by an id in the address. Pure.

Held in memory, and saved on record a moment later, so that neither a reload of the page nor a restart of the server
loses what was typed. Where nothing may be kept on record they end with the server.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from secrets import token_urlsafe
from typing import Any, NamedTuple, Protocol

from prompts.experiments.bill import Bill
from prompts.experiments.plan import Plan
from prompts.experiments.stored_plan import plan_from, plan_json

MOST = 200
"""In memory."""
PREFIX = "draft-"
"""What the ids of drafts begin with, so that no experiment on record is taken for one."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being written. Its plan need not be one that can be run."""

    plan: Plan
    chosen: tuple[str, ...] = ()
    """The models as they were typed, also those that are none."""
    local_only: bool = False
    from_record: bool = False
    """Answers that are on record to the identical request are taken over."""
    extends: str | None = None
    """The experiment that it goes on with; `None`: it becomes one of its own."""
    tried: str | None = None
    """The run in which one case was tried."""
    notes: tuple[str, ...] = ()
    """What of the file it was opened from could not be followed, a sentence each."""


def draft_json(draft: Draft) -> dict[str, Any]:
    """`draft` as JSON that any database takes."""
    return {
        "plan": plan_json(draft.plan), "chosen": list(draft.chosen), "local_only": draft.local_only,
        "from_record": draft.from_record, "extends": draft.extends, "tried": draft.tried, "notes": list(draft.notes),
    }  # fmt: skip


def draft_from(stored: Mapping[str, Any]) -> Draft:
    """What `draft_json` made."""
    return Draft(
        plan_from(stored["plan"]), tuple(stored["chosen"]), stored["local_only"], stored["from_record"],
        stored["extends"], stored["tried"], tuple(stored["notes"]),
    )  # fmt: skip


class Held(NamedTuple):
    """A draft, and whose it is; empty where nobody logs in."""

    draft: Draft
    person: str


class Keeper(Protocol):
    """Where drafts outlive the server. Never changes or forgets what is somebody else's."""

    def save(self, draft_id: str, held: Held) -> None:
        """Soon; never raises."""
        ...

    def find(self, draft_id: str) -> Held | None: ...

    def drop(self, draft_id: str, person: str) -> None:
        """Soon; never raises."""
        ...


class Drafts:
    """The drafts of all sessions. Whoever has the id may read it; only its person changes it. Any thread may call."""

    def __init__(self, keeper: Keeper | None = None) -> None:
        self.keeper = keeper
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._expected: OrderedDict[str, Bill] = OrderedDict()
        self._lock = threading.Lock()

    def new(self, draft: Draft, person: str) -> str:
        """Hold it under an id that nobody can guess."""
        draft_id = PREFIX + token_urlsafe(12)
        self.put(draft_id, draft, person)
        return draft_id

    def put(self, draft_id: str, draft: Draft, person: str) -> None:
        """Hold what it has become; somebody else's stays as it is."""
        with self._lock:
            before, held = self._held.get(draft_id), Held(draft, person)
            if before is not None and before.person != person:
                return
            self._held[draft_id] = held
            self._held.move_to_end(draft_id)
            while len(self._held) > MOST:
                self._held.popitem(last=False)
        if before != held and self.keeper is not None:
            self.keeper.save(draft_id, held)

    def find(self, draft_id: str) -> Held | None:
        """`None`: there is none of that id any more. Raises `RecordError`."""
        with self._lock:
            held = self._held.get(draft_id)
        return held if held is not None or self.keeper is None else self.keeper.find(draft_id)

    def expect(self, experiment: str, bill: Bill) -> None:
        """Hold what an experiment that was started was forecast to take."""
        with self._lock:
            self._expected[experiment] = bill
            while len(self._expected) > MOST:
                self._expected.popitem(last=False)

    def expected(self, experiment: str) -> Bill | None:
        """`None`: it was started elsewhere, or before this server was."""
        with self._lock:
            return self._expected.get(experiment)

    def started(self, draft_id: str, person: str) -> None:
        """It has become an experiment: a way back leads to it while the server runs, and no list shows it."""
        if self.keeper is not None:
            self.keeper.drop(draft_id, person)

    def keep_in(self, keeper: Keeper | None) -> None:
        """Save drafts there from now on, those that are held too."""
        self.keeper = keeper
        if keeper is not None:
            for draft_id, held in list(self._held.items()):
                keeper.save(draft_id, held)

    def drop(self, draft_id: str, person: str) -> None:
        """Forget it, if it is theirs."""
        with self._lock:
            held = self._held.get(draft_id)
            if held is not None and held.person == person:
                del self._held[draft_id]
        if self.keeper is not None:
            self.keeper.drop(draft_id, person)


@cache
def drafts() -> Drafts:
    """Those of this server."""
    return Drafts()
