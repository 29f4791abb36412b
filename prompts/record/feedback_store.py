"""People's feedback on completions in the database; each function works inside the caller's transaction.

Owns these rules: one mark per person and completion, one best answer per person and run, one spelling per tag. An empty
mark is not stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from prompts.core.feedback import MOST_TAGS, Mark, MarkError, checked, checked_description, spelled
from prompts.core.sanitize import mended
from prompts.record import rights, trail
from prompts.record.rights import Actor
from prompts.record.rows import UNFINISHED
from prompts.record.schema import completions, notes, ratings, runs, tags
from prompts.record.writes import either

Said = tuple[tuple[Mark, ...], tuple[str, ...]]
"""(marks, oldest first; tags, sorted) of a completion."""

_AT_ONCE = 500
"""Completions per query, as databases limit the number of parameters."""
_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
_RATINGS = sa.select(ratings).where(ratings.c.completion_id.in_(_WANTED))
_NOTES = sa.select(notes).where(notes.c.completion_id.in_(_WANTED))
_TAGS = sa.select(tags.c.completion_id, tags.c.name).where(tags.c.completion_id.in_(_WANTED)).order_by(tags.c.name)
_THERE = sa.select(completions.c.id, completions.c.run_id, completions.c.state).where(completions.c.id.in_(_WANTED))
# If two people choose a best answer at once, the second waits here and sees what the first wrote.
_HOLD = sa.select(runs.c.id).where(runs.c.id == sa.bindparam("the_run")).with_for_update()
_siblings = sa.select(completions.c.id).where(completions.c.run_id == sa.bindparam("the_run"))
_OTHER_BEST = sa.and_(
    ratings.c.completion_id.in_(_siblings), ratings.c.completion_id != sa.bindparam("but"),
    ratings.c.person == sa.bindparam("whose"), ratings.c.best,
)  # fmt: skip
_DRAWN = sa.select(completions.c.pictures).where(completions.c.id == sa.bindparam("the_id")).with_for_update()
_TELL = completions.update().where(completions.c.id == sa.bindparam("the_id"))
_DROP_ONLY_BEST = ratings.delete().where(_OTHER_BEST, ratings.c.thumb.is_(None), ratings.c.stars.is_(None))
_CLEAR_BEST = ratings.update().where(_OTHER_BEST).values(best=False)


def marks(connection: sa.Connection, completion_ids: Sequence[str]) -> Mapping[str, Said]:
    """The feedback on each completion; those without any, or not on record, are missing."""
    found: defaultdict[str, dict[str, Mark]] = defaultdict(dict)
    named: defaultdict[str, list[str]] = defaultdict(list)
    for wanted in _portions(completion_ids):
        for row in connection.execute(_RATINGS, {"wanted": wanted}):
            mark = Mark(row.person, row.thumb, row.stars, row.best, changed_at=row.changed_at)
            found[row.completion_id][row.person] = mark
        for row in connection.execute(_NOTES, {"wanted": wanted}):
            mark = found[row.completion_id].get(row.person, Mark(row.person))
            newer = max(row.changed_at, mark.changed_at or row.changed_at)
            found[row.completion_id][row.person] = replace(mark, note=row.text, changed_at=newer)
        for row in connection.execute(_TAGS, {"wanted": wanted}):
            named[row.completion_id].append(row.name)
    return {each: (tuple(sorted(found[each].values(), key=_age)), tuple(named[each])) for each in completion_ids}


def mark(connection: sa.Connection, completion_id: str, said: Mark, at: datetime) -> None:
    """Store the complete mark of one person, replacing their earlier one. Raises `MarkError`."""
    said = checked(said)
    place = connection.execute(_THERE, {"wanted": [completion_id]}).one_or_none()
    if place is None:
        raise MarkError("This answer is not on record, so it cannot be rated or tagged.")
    if place.state in UNFINISHED:
        raise MarkError("This answer has not ended yet. Rate it when it has.")
    key = {"completion_id": completion_id, "person": mended(said.person)}
    rating = {"thumb": said.thumb, "stars": said.stars, "best": said.best}
    if said.best:
        others = {"the_run": place.run_id, "but": completion_id, "whose": key["person"]}
        connection.execute(_HOLD, {"the_run": place.run_id})
        for statement in (_DROP_ONLY_BEST, _CLEAR_BEST):
            connection.execute(statement, others)
    _put(connection, ratings, key, rating if said.rates else None, at)
    _put(connection, notes, key, {"text": mended(said.note)} if said.note else None, at)


def describe(connection: sa.Connection, completion_id: str, sha256: str, text: str, person: str) -> tuple[str, str]:
    """Store a description of a picture by `person`, replacing the earlier one.

    Returns (text, person) as recorded. Raises `MarkError`.
    """
    said = mended(checked_description(text))
    who = mended(person) if said else ""
    row = connection.execute(_DRAWN, {"the_id": completion_id}).one_or_none()
    drawn: list[dict[str, Any]] = list(row.pictures or ()) if row else []
    if not any(each["sha256"] == sha256 for each in drawn):
        raise MarkError("This picture is not on record, so it cannot be described.")
    told = [{**each, "described": said, "described_by": who} if each["sha256"] == sha256 else each for each in drawn]
    connection.execute(_TELL, {"the_id": completion_id, "pictures": told})
    return said, who


def remove_note(connection: sa.Connection, completion_id: str, person: str, by: Actor) -> None:
    """Delete the note of `person` on a completion, keeping the rest of their mark. Raises `NotAllowedError`."""
    rights.check(by, "remove a note", person)
    theirs = sa.and_(notes.c.completion_id == completion_id, notes.c.person == mended(person))
    if connection.execute(notes.delete().where(theirs)).rowcount:
        trail.note(connection, by, "removed a note", {"answer": completion_id, "of": person})


def tag(
    connection: sa.Connection, completion_ids: Sequence[str], names: Sequence[str], person: str, at: datetime
) -> None:  # fmt: skip
    """Add tags; existing ones stay as they are. Raises `MarkError`, changing nothing."""
    wanted = spelled(names, known_tags(connection))
    there = [row.id for part in _portions(completion_ids) for row in connection.execute(_THERE, {"wanted": part})]
    if completion_ids and not there:
        raise MarkError("This answer is not on record, so it cannot be rated or tagged.")
    before = marks(connection, there)
    if any(len({*before[each][1], *wanted}) > MOST_TAGS for each in there):
        raise MarkError(f"An answer has at most {MOST_TAGS} tags. Remove one first.")
    rows = [
        {"completion_id": each, "name": name, "person": mended(person), "changed_at": at}
        for each in there for name in wanted
    ]  # fmt: skip
    if rows:
        connection.execute(either(connection, tags).on_conflict_do_nothing(), rows)


def untag(connection: sa.Connection, completion_ids: Sequence[str], names: Sequence[str]) -> None:
    """Remove tags, whoever added them."""
    here = tags.delete().where(tags.c.completion_id.in_(_WANTED), tags.c.name.in_(names))
    for wanted in _portions(completion_ids):
        connection.execute(here, {"wanted": wanted})


def known_tags(connection: sa.Connection) -> tuple[str, ...]:
    """Every tag in use, sorted."""
    return tuple(connection.scalars(sa.select(tags.c.name).distinct().order_by(tags.c.name)))


def _put(
    connection: sa.Connection, table: sa.Table, key: Mapping[str, str], values: Mapping[str, Any] | None, at: datetime
) -> None:  # fmt: skip
    """Store a row with `values`, changing its time only if they differ; delete it if they are `None`."""
    mine = sa.and_(*(table.c[name] == value for name, value in key.items()))
    if values is None:
        connection.execute(table.delete().where(mine))
        return
    row = {**values, "changed_at": at}
    before = connection.execute(table.select().where(mine)).mappings().one_or_none()
    if before is None or any(before[name] != value for name, value in values.items()):
        insert = either(connection, table).values(**key, **row)
        connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=row))


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _age(mark: Mark) -> tuple[datetime | None, str]:
    return mark.changed_at, mark.person
