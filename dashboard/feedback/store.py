"""What one person says of the answers of one run: written to the record, and then shown by everybody who has the run.

Owns the order of the two: what is in memory is what the record has said, never what was hoped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from prompts.core.feedback import Mark, own, spelled
from prompts.core.run import Lane, Run
from prompts.history.archive import Archive
from prompts.record.feedback_store import Said


@dataclass(frozen=True, slots=True)
class Saying:
    """Each method that writes raises `MarkError` or `RecordError`."""

    archive: Archive
    run: Run
    person: str

    def mark(self, lane: Lane) -> Mark:
        """What this person says of it."""
        return own(lane.marks, self.person)

    def now(self) -> Mapping[str, Said]:
        """Everything said of the run, by completion."""
        return {lane.id: (lane.marks, lane.tags) for lane in self.run.lanes}

    def say(self, lane: Lane, change: Callable[[Mark], Mark]) -> None:
        """Change this person's mark as the record has it, for another tab may have said more than this one knows."""
        marks, _ = self.archive.marks([lane.id])[lane.id]
        self.archive.mark(lane.id, replace(change(own(marks, self.person)), changed_at=None))
        self.read()

    def put_tags(self, lane: Lane, wanted: Sequence[str]) -> None:
        """The tags of an answer. Only what differs is written, so that nobody else's is lost."""
        names = spelled(wanted, lane.tags)
        self.archive.untag([lane.id], [name for name in lane.tags if name not in names])
        self.archive.tag([lane.id], [name for name in names if name not in lane.tags], self.person)
        self.read()

    def restore(self, before: Mapping[str, Said]) -> None:
        """What this person said at another time, and the tags there were."""
        # Last the one that was best: it takes that from whichever is best now.
        for lane in sorted(self.run.lanes, key=lambda lane: own(before[lane.id][0], self.person).best):
            marks, tags = before[lane.id]
            if own(marks, self.person) != self.mark(lane):
                self.archive.mark(lane.id, own(marks, self.person))
            if tags != lane.tags:
                self.put_tags(lane, tags)
        self.read()

    def read(self) -> None:
        """Take over what the record has. Other sessions read the same lanes, hence replaced as a whole."""
        found = self.archive.marks([lane.id for lane in self.run.lanes])
        for lane in self.run.lanes:
            lane.marks, lane.tags = found[lane.id]
