"""Drafts of experiments: what is being written, found again by an id in the address. Pure.

Held in the memory of this server, so that a reload of the page, another tab or a lost connection loses nothing;
they end with the server, and the oldest when there are very many. What is to last is saved as a file.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from secrets import token_urlsafe

from prompts.experiments.bill import Bill
from prompts.experiments.plan import Plan

MOST = 200
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


class Drafts:
    """The drafts of all sessions; whoever has the id has the draft. Any thread may call."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Draft] = OrderedDict()
        self._expected: OrderedDict[str, Bill] = OrderedDict()
        self._lock = threading.Lock()

    def new(self, draft: Draft) -> str:
        """Hold it under an id that nobody can guess."""
        draft_id = PREFIX + token_urlsafe(12)
        self.put(draft_id, draft)
        return draft_id

    def put(self, draft_id: str, draft: Draft) -> None:
        """Hold what it has become."""
        with self._lock:
            self._held[draft_id] = draft
            self._held.move_to_end(draft_id)
            while len(self._held) > MOST:
                self._held.popitem(last=False)

    def find(self, draft_id: str) -> Draft | None:
        """`None`: there is none of that id any more."""
        with self._lock:
            return self._held.get(draft_id)

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

    def drop(self, draft_id: str) -> None:
        """Forget it."""
        with self._lock:
            self._held.pop(draft_id, None)


@cache
def drafts() -> Drafts:
    """Those of this server."""
    return Drafts()
