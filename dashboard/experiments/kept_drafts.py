"""Recorded drafts. A thread writes the latest version of each, so that typing never waits for the disk."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from dashboard.experiments.drafts import Draft, Drafts, Held, draft_from, draft_json, drafts
from dashboard.user import person
from prompts.experiments import draft_store
from prompts.experiments.draft_store import DraftLine
from prompts.history.archive import Archive
from prompts.record.database import RecordError
from providers.measuring.measure import utc_now

log = logging.getLogger("collate")


class KeptDrafts:
    """The drafts in one record, of everybody. `again_s`: seconds before a failed write is tried again."""

    def __init__(self, archive: Archive, again_s: float = 5.0) -> None:
        self.archive, self._again_s = archive, again_s
        self._waiting: dict[str, tuple[Draft | None, str]] = {}
        """What is still to be written: by id, the draft (`None`: delete it) and its owner."""
        self._changed = threading.Condition()
        threading.Thread(target=self._work, name="drafts", daemon=True).start()

    def save(self, draft_id: str, held: Held) -> None:
        """Write a draft soon; while the record cannot be written, it stays in memory, and the log says so."""
        self._note(draft_id, (held.draft, held.person))

    def drop(self, draft_id: str, person: str) -> None:
        """Delete a draft soon, if it is this person's."""
        self._note(draft_id, (None, person))

    def find(self, draft_id: str) -> Held | None:
        """The recorded draft with that id; `None` if there is none. Raises `RecordError`."""
        stored = self.archive.read(lambda c: draft_store.find(c, draft_id))
        return None if stored is None else Held(draft_from(stored[1]), stored[0])

    def newest(self, most: int) -> Sequence[DraftLine]:
        """The current person's drafts, last changed first. Raises `RecordError`."""
        return self.archive.read(lambda c: draft_store.newest(c, person(), most))

    def written(self) -> bool:
        """Whether everything has been written."""
        with self._changed:
            return not self._waiting

    def _note(self, draft_id: str, said: tuple[Draft | None, str]) -> None:
        with self._changed:
            self._waiting[draft_id] = said
            self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._waiting))
                draft_id, said = next(iter(self._waiting.items()))
            try:
                self._write(draft_id, said)
            except RecordError as exc:
                log.warning("drafts are kept in memory until they can be saved: %s", exc)
                self._put_off(draft_id)
                continue
            except Exception:
                log.exception("a draft could not be saved: a defect of Collate itself")
            with self._changed:
                if self._waiting.get(draft_id) is said:
                    del self._waiting[draft_id]

    def _put_off(self, draft_id: str) -> None:
        """Put a failed write behind the others and wait a little; a new change ends the wait."""
        with self._changed:
            self._waiting[draft_id] = self._waiting.pop(draft_id)
            self._changed.wait(self._again_s)

    def _write(self, draft_id: str, said: tuple[Draft | None, str]) -> None:
        draft, whose = said
        if draft is None:
            self.archive.write(lambda c: draft_store.drop(c, draft_id, whose))
            return
        name, body = draft.plan.name, draft_json(draft)
        self.archive.write(lambda c: draft_store.save(c, draft_id, whose, name, body, utc_now()))


def keep_drafts(archive: Archive | None) -> Drafts:
    """The drafts of this server, recorded in `archive` from now on; `None`: in memory only."""
    held = drafts()
    if archive is None:
        held.keep_in(None)
    elif not isinstance(held.keeper, KeptDrafts) or held.keeper.archive is not archive:
        held.keep_in(KeptDrafts(archive))
    return held
