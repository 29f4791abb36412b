"""One person's feedback on the answers of one run: first written to the record, then shown in the run in memory.

That order matters: memory shows what the record has confirmed, never what we hope was written.
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
    """The feedback of `person` on `run`. Each method that writes raises `MarkError` or `RecordError`."""

    archive: Archive
    run: Run
    person: str

    def mark(self, answer: Answer) -> Mark:
        """This person's mark of an answer."""
        return own(self.current(answer).marks, self.person)

    def current(self, answer: Answer) -> Answer:
        """The answer in its current state."""
        return self.run.answer(answer.id).now

    def now(self) -> Mapping[str, Said]:
        """Everybody's marks and tags on every completion of the run, by its id."""
        return {answer.id: (answer.marks, answer.tags) for answer in self.run.answers}

    def say(self, answer: Answer, change: Callable[[Mark], Mark]) -> None:
        """Change this person's mark; starts from the record, since another tab may have changed it meanwhile."""
        marks, _ = self.archive.marks([answer.id])[answer.id]
        self.archive.mark(answer.id, replace(change(own(marks, self.person)), changed_at=None))
        self.read()

    def put_tags(self, answer: Answer, wanted: Sequence[str]) -> None:
        """Set the tags of an answer. Only the difference is written, so that nobody else's tags are lost."""
        tags = self.current(answer).tags
        names = spelled(wanted, tags)
        self.archive.untag([answer.id], [name for name in tags if name not in names])
        self.archive.tag([answer.id], [name for name in names if name not in tags], self.person)
        self.read()

    def describe(self, answer: Answer, picture: Picture, text: str) -> None:
        """Set the description of one of the answer's pictures, for everybody; an empty text removes it."""
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
        """Remove somebody's note on an answer for good."""
        self.archive.remove_note(answer.id, person, by=by)
        self.read()

    def restore(self, before: Mapping[str, Said]) -> None:
        """Restore this person's marks, and everybody's tags, as they were `before`."""
        # The one that was best goes last: marking it takes "best" away from the one that has it now.
        for answer_id in sorted(before, key=lambda each: own(before[each][0], self.person).best):
            marks, tags = before[answer_id]
            now = self.run.answer(answer_id).now  # read each time: a change to one answer may change another
            if own(marks, self.person) != self.mark(now):
                self.archive.mark(answer_id, own(marks, self.person))
            if tags != now.tags:
                self.put_tags(now, tags)
        self.read()

    def read(self) -> None:
        """Refresh the run in memory from the record; other sessions show the same answers."""
        self.run.note_feedback(self.archive.marks([cell.id for cell in self.run.cells]))
