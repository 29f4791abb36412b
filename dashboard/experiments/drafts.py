"""Drafts of experiments, found again by the id in the address. Imports no Streamlit.

They are held in memory and recorded a moment later, so that neither a reload of the page nor a restart of the server
loses what was typed. If text may not be recorded, they end with the server.
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
"""The most drafts held in memory; the one unchanged for longest goes first."""
PREFIX = "draft-"
"""Prefix of the ids of drafts, which tells them from experiments."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An experiment as far as it is written; its plan may be incomplete or wrong."""

    plan: Plan
    chosen: tuple[str, ...] = ()
    """The models as chosen or typed, including those that cannot be asked."""
    local_only: bool = False
    from_record: bool = False
    """Whether recorded answers to the identical request are taken over instead of asking."""
    extends: str | None = None
    """The id of the experiment that it extends; `None`: it becomes a new one."""
    tried: str | None = None
    """The id of the run in which one case was tried."""
    notes: tuple[str, ...] = ()
    """What in the file it was opened from could not be followed, one sentence each."""


def draft_json(draft: Draft) -> dict[str, Any]:
    """`draft` as plain JSON values."""
    return {
        "plan": plan_json(draft.plan), "chosen": list(draft.chosen), "local_only": draft.local_only,
        "from_record": draft.from_record, "extends": draft.extends, "tried": draft.tried, "notes": list(draft.notes),
    }  # fmt: skip


def draft_from(stored: Mapping[str, Any]) -> Draft:
    """The draft that `draft_json` was given."""
    return Draft(
        plan_from(stored["plan"]), tuple(stored["chosen"]), stored["local_only"], stored["from_record"],
        stored["extends"], stored["tried"], tuple(stored["notes"]),
    )  # fmt: skip


class Held(NamedTuple):
    """A draft and its owner (empty where no login is configured)."""

    draft: Draft
    person: str


class Keeper(Protocol):
    """Stores drafts beyond the life of the server. Never changes or deletes what belongs to somebody else."""

    def save(self, draft_id: str, held: Held) -> None:
        """Store the draft in the background; never raises."""
        ...

    def find(self, draft_id: str) -> Held | None: ...

    def drop(self, draft_id: str, person: str) -> None:
        """Delete it in the background, if it is this person's; never raises."""
        ...


class Drafts:
    """The drafts of all sessions. Anybody who has its id may read one; only its owner changes it. Thread-safe."""

    def __init__(self, keeper: Keeper | None = None) -> None:
        self.keeper = keeper
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._expected: OrderedDict[str, Bill] = OrderedDict()
        self._lock = threading.Lock()

    def new(self, draft: Draft, person: str) -> str:
        """Hold a new draft; returns its id, which nobody can guess."""
        draft_id = PREFIX + token_urlsafe(12)
        self.put(draft_id, draft, person)
        return draft_id

    def put(self, draft_id: str, draft: Draft, person: str) -> None:
        """Replace a draft by its new version; one that belongs to somebody else is left alone."""
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
        """The draft with that id; `None` if there is none (any more). Raises `RecordError`."""
        with self._lock:
            held = self._held.get(draft_id)
        return held if held is not None or self.keeper is None else self.keeper.find(draft_id)

    def expect(self, experiment: str, bill: Bill) -> None:
        """Remember the forecast of an experiment that was started."""
        with self._lock:
            self._expected[experiment] = bill
            while len(self._expected) > MOST:
                self._expected.popitem(last=False)

    def expected(self, experiment: str) -> Bill | None:
        """The forecast of an experiment; `None` if it was started elsewhere, or before this server was."""
        with self._lock:
            return self._expected.get(experiment)

    def started(self, draft_id: str, person: str) -> None:
        """Call when a draft was started: no longer listed, it can still be found by its id while the server runs."""
        if self.keeper is not None:
            self.keeper.drop(draft_id, person)

    def keep_in(self, keeper: Keeper | None) -> None:
        """Save drafts in `keeper` from now on, including those held already; `None`: in memory only."""
        self.keeper = keeper
        if keeper is not None:
            with self._lock:
                drafts = list(self._held.items())
            for draft_id, held in drafts:
                keeper.save(draft_id, held)

    def drop(self, draft_id: str, person: str) -> None:
        """Delete a draft, if it is this person's."""
        with self._lock:
            held = self._held.get(draft_id)
            if held is not None and held.person == person:
                del self._held[draft_id]
        if self.keeper is not None:
            self.keeper.drop(draft_id, person)


@cache
def drafts() -> Drafts:
    """The drafts of this server."""
    return Drafts()
