"""The record for reading and changing what was asked earlier. Every method blocks for the disk; any thread may call it.

Owns the transactions; the queries are in the modules next to this one. Every method may raise `RecordError`.
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
    """Everything asked and answered, through one database engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def mark(self, completion_id: str, mark: Mark) -> None:
        """Store a person's complete mark on a finished completion, dated now, or with the mark's own time if it has
        one.

        Choosing a best answer withdraws that from the person's earlier choice in the run. Raises `MarkError` too.
        """
        at = mark.changed_at or utc_now()
        self.write(lambda c: marks.mark(c, completion_id, mark, at))

    def remove_note(self, completion_id: str, person: str, *, by: Actor = OPERATOR) -> None:
        """Remove the note of `person`, keeping their stars and thumb. Raises `NotAllowedError`."""
        self.write(lambda c: marks.remove_note(c, completion_id, person, by))

    def describe(self, completion_id: str, sha256: str, text: str, person: str) -> tuple[str, str]:
        """Store a description of a picture by `person`; returns (text, person) as recorded. Raises `MarkError` too."""
        return self.write(lambda c: marks.describe(c, completion_id, sha256, text, person))

    def tag(self, completion_ids: Sequence[str], names: Sequence[str], person: str) -> None:
        """Add tags to completions.

        They are recorded as added by `person`, but shared by everybody. Raises `MarkError` too.
        """
        now = utc_now()
        self.write(lambda c: marks.tag(c, completion_ids, names, person, now))

    def untag(self, completion_ids: Sequence[str], names: Sequence[str]) -> None:
        """Remove tags, whoever added them."""
        self.write(lambda c: marks.untag(c, completion_ids, names))

    def marks(self, completion_ids: Sequence[str]) -> Mapping[str, marks.Said]:
        """The marks and tags of each completion."""
        return self.read(lambda c: marks.marks(c, completion_ids))

    def known_tags(self) -> tuple[str, ...]:
        """Every tag in use, sorted."""
        return self.read(marks.known_tags)

    def experiment(self, name: str, person: str = "") -> str:
        """The id of the collection of that name, created if there is none.

        Raises `ValueError` with a message for people.
        """
        return self.write(lambda connection: collections.experiment(connection, name, person, utc_now()))

    def put_under(self, run_ids: Sequence[str], experiment_id: str | None) -> Mapping[str, str | None]:
        """Put runs into a collection, or into none; returns where each was before. Raises `ValueError`."""
        return self.write(lambda connection: collections.put_under(connection, run_ids, experiment_id))

    def answers_of(self, run_ids: Sequence[str]) -> tuple[str, ...]:
        """The ids of the completions of these runs."""
        return self.read(lambda connection: collections.answers_of(connection, run_ids))

    def page(self, wanted: Filter, after: str | None = None, limit: int = 50) -> Page:
        """The next `limit` runs that match; `after` comes from the previous page."""
        return self.read(lambda connection: pages.page(connection, wanted, after, limit))

    def count(self, wanted: Filter) -> int:
        """How many runs match."""
        return self.read(lambda connection: reading.count(connection, wanted))

    def ids_from(self, beginning: str, most: int = 2) -> tuple[str, ...]:
        """At most `most` ids of runs that begin with the given hexadecimal digits."""
        return self.read(lambda connection: reads.ids_from(connection, beginning, most))

    def runs(self, ids: Iterable[str]) -> Iterator[StoredRun]:
        """The runs with these ids, read one at a time; missing ones are left out."""
        for each in ids:
            run = self.read(lambda connection, each=each: reads.load_run(connection, each))
            if run is not None:
                yield run

    def run(self, run_id: str) -> StoredRun | None:
        """The run with that id as recorded; `None` if there is none."""
        return self.read(lambda connection: reads.load_run(connection, run_id))

    def measured(self) -> tuple[Measured, ...]:
        """The measurements of each model in the newest runs."""
        return summarise(self.read(lambda connection: reads.readings(connection, NEWEST_RUNS, NEWEST_ANSWERS)))

    def output_history(self, newest: int = 1000) -> History:
        """The token counts of the newest answers of each model, for forecasts."""
        return self.read(lambda connection: reads.output_history(connection, newest))

    def choices(self, person: str = "") -> Mapping[str, Choice]:
        """The saved sets of models by name."""
        return self.read(lambda connection: preset_store.load_choices(connection, person))

    def save_choice(self, name: str, choice: Choice, person: str = "") -> None:
        """Save a set of models under a name."""
        now = utc_now()
        self.write(lambda connection: preset_store.save_choice(connection, person, name, choice, now))

    def drop_choice(self, name: str, person: str = "") -> None:
        """Delete a saved set of models."""
        self.write(lambda connection: preset_store.drop_choice(connection, person, name))

    def run_rows(self, ids: Sequence[str]) -> tuple[reading.RunRows, ...]:
        """The runs with these ids and everything recorded about them, all in memory at once."""
        return self.read(lambda connection: reading.run_rows(connection, ids))

    def attachment(self, digest: str) -> bytes | None:
        """The content of an attachment, by its SHA-256; `None` if there is none."""
        return self.read(lambda connection: reading.attachment(connection, digest))

    def picture(self, digest: str) -> bytes | None:
        """The content of a picture drawn by a model, by its SHA-256; `None` if it is not on record."""
        return self.read(lambda connection: picture_store.content(connection, digest))

    def facets(self) -> Facets:
        """The values one can filter by."""
        return self.read(facets.facets)

    def days(self, wanted: Filter) -> tuple[Summary, ...]:
        """Totals for each day (UTC) that has completions, newest first."""
        return self.read(lambda connection: summaries.days(connection, wanted))

    def targets(self, wanted: Filter) -> tuple[Summary, ...]:
        """Totals for each target, sorted by name."""
        return self.read(lambda connection: summaries.targets(connection, wanted))

    def ratings(self, wanted: Filter) -> Mapping[str, Ratings]:
        """People's ratings of each target, from the runs in which some answer matches."""
        return self.read(lambda connection: ratings.targets(connection, wanted))

    def interrupted(self, person: str = "") -> tuple[Interrupted, ...]:
        """The newest runs of that person that were interrupted by the end of their process, newest first."""
        return self.read(lambda connection: interrupted.interrupted(connection, person))

    def leave_interrupted(self, run_id: str, by: Actor = OPERATOR) -> None:
        """Leave an interrupted run as it is; it is no longer returned by `interrupted`. Raises `NotAllowedError`."""
        self.write(lambda connection: interrupted.leave(connection, run_id, by))

    def delete(
        self, run_ids: Sequence[str], watch: deletion.Watch = lambda _: None, *, by: Actor = OPERATOR
    ) -> deletion.Deleted:
        """Delete these runs for good; runs being asked, and other people's, are left and named in the result."""
        return self._guarded(lambda: deletion.delete(self._engine, run_ids, watch, by))

    def delete_older(
        self, before: datetime, watch: deletion.Watch = lambda _: None, *, by: Actor = OPERATOR
    ) -> deletion.Deleted:
        """Delete every run made before that time, as `delete` does. Raises `NotAllowedError`."""
        return self._guarded(lambda: deletion.delete_older(self._engine, before, watch, by))

    def trail(self, most: int, by: Actor = OPERATOR, before: int | None = None) -> list[trail.Entry]:
        """Entries of the audit trail (deletions, imports, settings), newest first; `before`: only older than that
        entry.

        Raises `NotAllowedError`.
        """
        rights.check(by, "read the audit trail")
        return self.read(lambda connection: trail.newest(connection, most, before))

    def extent(self) -> Extent:
        """The size of the record."""
        return self.read(extent.extent)

    def older(self, before: datetime) -> int:
        """How many runs were made before that time."""
        return self.read(lambda connection: extent.older(connection, before))

    def holds(self, run_id: str) -> bool:
        """Whether this run is on record."""
        return self.read(lambda connection: extent.holds(connection, run_id))

    def children(self, run_id: str) -> tuple[Asking, ...]:
        """The runs that derive directly from this one, oldest first."""
        return self.read(lambda connection: lineage.children(connection, run_id))

    def run_of(self, completion_id: str) -> str | None:
        """The id of the run that a completion belongs to; `None` if it is not on record."""
        return self.read(lambda connection: lineage.run_of(connection, completion_id))

    def askings(self, run_id: str) -> tuple[Asking, ...]:
        """All runs with the same request as this one, oldest first."""
        return self.read(lambda connection: lineage.askings(connection, run_id))

    def read(self, query: Callable[[sa.Connection], T]) -> T:
        """Run a read-only query of another module in a transaction."""

        def once() -> T:
            with self._engine.begin() as connection:
                return query(connection)

        return self._guarded(once)

    def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` in a transaction, repeated while another writer holds the database."""

        def once() -> T:
            with writing(self._engine).begin() as connection:
                return work(connection)

        return self._guarded(lambda: patiently(once))

    def _guarded(self, action: Callable[[], T]) -> T:
        """Turns database errors into `RecordError` with a message for people."""
        try:
            return action()
        except DBAPIError as exc:
            raise RecordError(sentence(exc, self._engine)) from exc
        except PoolTimeout as exc:
            raise RecordError("Too many are reading the record at once. Try again in a moment.") from exc
