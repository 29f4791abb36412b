"""The record as people come back to it. Every method blocks for the disk and may be called from any thread.

Owns the transactions; what is said in them is in the modules beside this one. Each raises `RecordError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from prompts.analysis.ratings import Ratings
from prompts.core.feedback import Mark
from prompts.core.forecast import History
from prompts.core.model_stats import NEWEST_ANSWERS, NEWEST_RUNS, Measured, summarise
from prompts.core.presets import Choice
from prompts.core.run_summaries import Facets, Filter, Page, Summary
from prompts.history import collections, facets, interrupted, lineage, pages, ratings, summaries
from prompts.history import record_size as extent
from prompts.history.interrupted import Interrupted
from prompts.history.lineage import Asking
from prompts.history.record_size import Extent
from prompts.record import deletion, picture_store, preset_store, reads, rights, trail
from prompts.record import feedback_store as marks
from prompts.record import run_rows as reading
from prompts.record.database import RecordError, patiently, sentence, writing
from prompts.record.rights import OPERATOR, Actor
from prompts.record.rows import StoredRun
from providers.measuring.measure import utc_now

T = TypeVar("T")


class Archive:
    """What has been asked and answered, on one engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def mark(self, completion_id: str, mark: Mark) -> None:
        """The whole say of one person of a finished completion, now, or at the mark's own time if it has one.

        A best answer takes that from the person's other one of the run. Raises `MarkError` too.
        """
        at = mark.changed_at or utc_now()
        self.write(lambda c: marks.mark(c, completion_id, mark, at))

    def remove_note(self, completion_id: str, person: str, *, by: Actor = OPERATOR) -> None:
        """Take away the note of `person`, whose stars and thumb stay. Raises `NotAllowedError`."""
        self.write(lambda c: marks.remove_note(c, completion_id, person, by))

    def describe(self, completion_id: str, sha256: str, text: str, person: str) -> tuple[str, str]:
        """Keep what is to be seen in a picture, by `person`; as it is on record. Raises `MarkError` too."""
        return self.write(lambda c: marks.describe(c, completion_id, sha256, text, person))

    def tag(self, completion_ids: Sequence[str], names: Sequence[str], person: str) -> None:
        """Add tags to completions; `person` sets them, everybody has them. Raises `MarkError` too."""
        now = utc_now()
        self.write(lambda c: marks.tag(c, completion_ids, names, person, now))

    def untag(self, completion_ids: Sequence[str], names: Sequence[str]) -> None:
        """Take tags away, whoever set them."""
        self.write(lambda c: marks.untag(c, completion_ids, names))

    def marks(self, completion_ids: Sequence[str]) -> Mapping[str, marks.Said]:
        """The marks and tags of each completion."""
        return self.read(lambda c: marks.marks(c, completion_ids))

    def known_tags(self) -> tuple[str, ...]:
        """Every tag in use, sorted."""
        return self.read(marks.known_tags)

    def experiment(self, name: str, person: str = "") -> str:
        """The id of the experiment of that name, made if there is none. Raises `ValueError` in words for people."""
        return self.write(lambda connection: collections.experiment(connection, name, person, utc_now()))

    def put_under(self, run_ids: Sequence[str], experiment_id: str | None) -> Mapping[str, str | None]:
        """Put runs under an experiment, or under none, and say where each was before. Raises `ValueError`."""
        return self.write(lambda connection: collections.put_under(connection, run_ids, experiment_id))

    def answers_of(self, run_ids: Sequence[str]) -> tuple[str, ...]:
        """The ids of these runs' completions."""
        return self.read(lambda connection: collections.answers_of(connection, run_ids))

    def page(self, wanted: Filter, after: str | None = None, limit: int = 50) -> Page:
        """The next `limit` runs that have what is wanted; `after` comes from the page before."""
        return self.read(lambda connection: pages.page(connection, wanted, after, limit))

    def count(self, wanted: Filter) -> int:
        """How many runs have what is wanted."""
        return self.read(lambda connection: reading.count(connection, wanted))

    def ids_from(self, beginning: str, most: int = 2) -> tuple[str, ...]:
        """Ids of runs that begin so, in hexadecimal."""
        return self.read(lambda connection: reads.ids_from(connection, beginning, most))

    def runs(self, ids: Iterable[str]) -> Iterator[StoredRun]:
        """The runs of these ids, read one at a time; those that are gone are left out."""
        for each in ids:
            run = self.read(lambda connection, each=each: reads.load_run(connection, each))
            if run is not None:
                yield run

    def run(self, run_id: str) -> StoredRun | None:
        """A run as it is on record; `None` if there is none."""
        return self.read(lambda connection: reads.load_run(connection, run_id))

    def measured(self) -> tuple[Measured, ...]:
        """What the newest runs measured of each model."""
        return summarise(self.read(lambda connection: reads.readings(connection, NEWEST_RUNS, NEWEST_ANSWERS)))

    def output_history(self, newest: int = 1000) -> History:
        """What the newest answers of each model took, to forecast by."""
        return self.read(lambda connection: reads.output_history(connection, newest))

    def choices(self, person: str = "") -> Mapping[str, Choice]:
        """The saved sets of models by name."""
        return self.read(lambda connection: preset_store.load_choices(connection, person))

    def save_choice(self, name: str, choice: Choice, person: str = "") -> None:
        """Keep a set of models under a name."""
        now = utc_now()
        self.write(lambda connection: preset_store.save_choice(connection, person, name, choice, now))

    def drop_choice(self, name: str, person: str = "") -> None:
        """Forget it."""
        self.write(lambda connection: preset_store.drop_choice(connection, person, name))

    def run_rows(self, ids: Sequence[str]) -> tuple[reading.RunRows, ...]:
        """The runs of these ids with everything on record about them; all are in memory at once."""
        return self.read(lambda connection: reading.run_rows(connection, ids))

    def attachment(self, digest: str) -> bytes | None:
        """What was sent along, by its SHA-256."""
        return self.read(lambda connection: reading.attachment(connection, digest))

    def picture(self, digest: str) -> bytes | None:
        """A picture that a model made, by the SHA-256 of its content; `None`: it is not there, or no longer."""
        return self.read(lambda connection: picture_store.content(connection, digest))

    def facets(self) -> Facets:
        """What there is to filter by."""
        return self.read(facets.facets)

    def days(self, wanted: Filter) -> tuple[Summary, ...]:
        """What each day (UTC) came to that has completions, newest first."""
        return self.read(lambda connection: summaries.days(connection, wanted))

    def targets(self, wanted: Filter) -> tuple[Summary, ...]:
        """What each target came to, by name."""
        return self.read(lambda connection: summaries.targets(connection, wanted))

    def ratings(self, wanted: Filter) -> Mapping[str, Ratings]:
        """What people's ratings say of each target, in the runs of which an answer is wanted."""
        return self.read(lambda connection: ratings.targets(connection, wanted))

    def interrupted(self, person: str = "") -> tuple[Interrupted, ...]:
        """The newest runs of that person whose process died before they were done, newest first."""
        return self.read(lambda connection: interrupted.interrupted(connection, person))

    def leave_interrupted(self, run_id: str, by: Actor = OPERATOR) -> None:
        """Let that run be as it is: it is no longer among them. Raises `NotAllowedError`."""
        self.write(lambda connection: interrupted.leave(connection, run_id, by))

    def delete(
        self, run_ids: Sequence[str], watch: deletion.Watch = lambda _: None, *, by: Actor = OPERATOR
    ) -> deletion.Deleted:
        """Take these runs off the record for good; those being asked, and other people's, are left and named."""
        return self._guarded(lambda: deletion.delete(self._engine, run_ids, watch, by))

    def delete_older(
        self, before: datetime, watch: deletion.Watch = lambda _: None, *, by: Actor = OPERATOR
    ) -> deletion.Deleted:
        """The same for every run that was made before then. Raises `NotAllowedError`."""
        return self._guarded(lambda: deletion.delete_older(self._engine, before, watch, by))

    def trail(self, most: int, by: Actor = OPERATOR, before: int | None = None) -> list[trail.Entry]:
        """What was deleted, imported and set, the newest first; `before`: older than that entry.

        Raises `NotAllowedError`.
        """
        rights.check(by, "read the audit trail")
        return self.read(lambda connection: trail.newest(connection, most, before))

    def extent(self) -> Extent:
        """How much is on record."""
        return self.read(extent.extent)

    def older(self, before: datetime) -> int:
        """How many runs were made before then."""
        return self.read(lambda connection: extent.older(connection, before))

    def holds(self, run_id: str) -> bool:
        """Whether this run is on record."""
        return self.read(lambda connection: extent.holds(connection, run_id))

    def children(self, run_id: str) -> tuple[Asking, ...]:
        """The runs that came out of this one directly, oldest first."""
        return self.read(lambda connection: lineage.children(connection, run_id))

    def run_of(self, completion_id: str) -> str | None:
        """The run that a completion belongs to; `None` if it is not on record."""
        return self.read(lambda connection: lineage.run_of(connection, completion_id))

    def askings(self, run_id: str) -> tuple[Asking, ...]:
        """Every time that the request of this run was asked, oldest first."""
        return self.read(lambda connection: lineage.askings(connection, run_id))

    def read(self, query: Callable[[sa.Connection], T]) -> T:
        """One transaction that only reads, for a question that is asked elsewhere."""

        def once() -> T:
            with self._engine.begin() as connection:
                return query(connection)

        return self._guarded(once)

    def write(self, work: Callable[[sa.Connection], T]) -> T:
        """One transaction, begun again while another writer holds the database."""

        def once() -> T:
            with writing(self._engine).begin() as connection:
                return work(connection)

        return self._guarded(lambda: patiently(once))

    def _guarded(self, action: Callable[[], T]) -> T:
        """A mishap of the database, in words for people."""
        try:
            return action()
        except DBAPIError as exc:
            raise RecordError(sentence(exc, self._engine)) from exc
        except PoolTimeout as exc:
            raise RecordError("Too many are reading the record at once. Try again in a moment.") from exc
