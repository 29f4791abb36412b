"""What one person says of the answers of one run: written to the record, and then shown by everybody who has the run.

Owns the order of the two: what is in memory is what the record has said, never what was hoped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from prompts.core.answer import Answer
from prompts.core.feedback import Mark, own, spelled
from prompts.core.run import Run
from prompts.history.archive import Archive
from prompts.record.feedback_store import Said
from prompts.record.rights import Actor
from providers.pictures import Picture


@dataclass(frozen=True, slots=True)
class Saying:
    """Each method that writes raises `MarkError` or `RecordError`."""

    archive: Archive
    run: Run
    person: str

    def mark(self, answer: Answer) -> Mark:
        """What this person says of it."""
        return own(self.current(answer).marks, self.person)

    def current(self, answer: Answer) -> Answer:
        """It as it stands now."""
        return self.run.answer(answer.id).now

    def now(self) -> Mapping[str, Said]:
        """Everything said of the run, by completion."""
        return {answer.id: (answer.marks, answer.tags) for answer in self.run.answers}

    def say(self, answer: Answer, change: Callable[[Mark], Mark]) -> None:
        """Change this person's mark as the record has it, for another tab may have said more than this one knows."""
        marks, _ = self.archive.marks([answer.id])[answer.id]
        self.archive.mark(answer.id, replace(change(own(marks, self.person)), changed_at=None))
        self.read()

    def put_tags(self, answer: Answer, wanted: Sequence[str]) -> None:
        """The tags of an answer. Only what differs is written, so that nobody else's is lost."""
        tags = self.current(answer).tags
        names = spelled(wanted, tags)
        self.archive.untag([answer.id], [name for name in tags if name not in names])
        self.archive.tag([answer.id], [name for name in names if name not in tags], self.person)
        self.read()

    def describe(self, answer: Answer, picture: Picture, text: str) -> None:
        """What is to be seen in a picture of it, for everybody; empty takes it away."""
        said, who = self.archive.describe(answer.id, picture.sha256, text, self.person)
        live = self.run.answer(answer.id)

        def told(pictures: Sequence[Picture]) -> tuple[Picture, ...]:
            return tuple(
                replace(each, described=said, described_by=who) if each.sha256 == picture.sha256 else each
                for each in pictures
            )

        done = live.now.completion
        live.change(
            pictures=told(live.now.pictures),
            completion=None if done is None else replace(done, pictures=told(done.pictures)),
        )

    def remove_note(self, answer: Answer, person: str, by: Actor) -> None:
        """Take away what somebody noted of it, for good."""
        self.archive.remove_note(answer.id, person, by=by)
        self.read()

    def restore(self, before: Mapping[str, Said]) -> None:
        """What this person said at another time, and the tags there were."""
        # Last the one that was best: it takes that from whichever is best now.
        for answer_id in sorted(before, key=lambda each: own(before[each][0], self.person).best):
            marks, tags = before[answer_id]
            now = self.run.answer(answer_id).now  # each change may take something from the others
            if own(marks, self.person) != self.mark(now):
                self.archive.mark(answer_id, own(marks, self.person))
            if tags != now.tags:
                self.put_tags(now, tags)
        self.read()

    def read(self) -> None:
        """Take over what the record has; other sessions read the same answers."""
        self.run.note_feedback(self.archive.marks([cell.id for cell in self.run.cells]))
