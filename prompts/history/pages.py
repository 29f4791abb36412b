"""Finds runs by words and filters, a page at a time.

Without words the newest come first. With words, runs whose prompt contains them all come before those that have some in
an answer, each newest first. A page continues below the last card of the previous page, so new runs do not shift it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa

from prompts.analysis.agreement.markup import words_of
from prompts.core.run_summaries import Filter, Match, Page
from prompts.history.run_lines import lines
from prompts.record.filter_sql import Sought, all_cards, sought
from prompts.record.full_text import Words
from prompts.record.schema import cards, completions, runs
from prompts.record.search_terms import Marker, Term, terms

AT_ONCE = 1_000
LOOKED_AT = 25_000
"""The most matches of words that are examined for a page when filters let few of them pass."""
ANSWERS_SHOWN = 3
SEARCHED = 200_000
"""In how many characters of a prompt or an answer matching words are marked."""

_CARD = [cards.c.number, cards.c.run_id, cards.c.completion_id]
_PROMPTS = sa.select(runs.c.id, sa.func.substr(runs.c.prompt, 1, SEARCHED).label("text")).where(
    runs.c.id.in_(sa.bindparam("wanted", expanding=True))
)
_ANSWERS = sa.select(
    completions.c.id, completions.c.provider, completions.c.model,
    sa.func.substr(completions.c.text, 1, SEARCHED).label("text"),
).where(completions.c.id.in_(sa.bindparam("wanted", expanding=True)))  # fmt: skip


class Place(NamedTuple):
    """How far a list has been read."""

    elsewhere: bool = False
    """Whether all matches in prompts have been listed, so that those in answers follow."""
    below: int | None = None

    @classmethod
    def read(cls, text: str | None) -> Place:
        """From the text that a page returned; anything else starts at the beginning."""
        part, _, number = (text or "").partition(".")
        return cls(part == "1", int(number)) if part in ("0", "1") and number.isdecimal() else cls()

    def __str__(self) -> str:
        return f"{int(self.elsewhere)}.{self.below}"


class Found(NamedTuple):
    """A card that matches; without a run: everything up to here was examined, and examining stopped."""

    place: Place
    run_id: str | None
    completion_id: str = ""


def page(connection: sa.Connection, wanted: Filter, after: str | None, limit: int) -> Page:
    """The next `limit` runs that match."""
    said = terms(wanted.words)
    if said is None:
        return Page((), None)
    at, found, limited = None, dict[str, list[str]](), False
    for card in _found(connection, sought(connection, wanted), said, Place.read(after)):
        if card.run_id is None:
            at, limited = card.place, True
            break
        if card.run_id not in found and len(found) == limit:
            break
        found.setdefault(card.run_id, []).append(card.completion_id)
        at = card.place
    else:
        at = None
    listed = lines(connection, list(found))
    if said:
        shown = _matches(connection, said, found)
        listed = tuple(replace(line, matches=shown[line.id]) for line in listed)
    return Page(listed, str(at) if at else None, limited)


def _found(connection: sa.Connection, what: Sought, said: Sequence[Term], place: Place) -> Iterator[Found]:
    if not said:
        yield from _newest(connection, what, place)
        return
    words = Words(connection, said, _few(connection, what) if what.few else None)
    if not place.elsewhere:
        yield from _matching(connection, what, words, place)
        place = Place(elsewhere=True)
    yield from _matching(connection, what, words, place)


def _newest(connection: sa.Connection, what: Sought, place: Place) -> Iterator[Found]:
    query = all_cards(_CARD).where(*what.conditions, cards.c.number >= what.oldest)
    below = what.below if place.below is None else min(place.below, what.below)
    while rows := _read(connection, query.where(cards.c.number < below).limit(AT_ONCE)):
        for row in rows:
            yield Found(Place(False, row.number), row.run_id, row.completion_id)
        if len(rows) < AT_ONCE:
            return
        below = rows[-1].number


def _matching(connection: sa.Connection, what: Sought, words: Words, place: Place) -> Iterator[Found]:
    below = what.below if place.below is None else min(place.below, what.below)
    text = words.elsewhere if place.elsewhere else words.in_prompt
    looked_at = 0
    while numbers := words.numbers(text, what.oldest, below, AT_ONCE):
        query = all_cards(_CARD).where(cards.c.number.in_(numbers), *what.conditions)
        for row in _read(connection, query):
            yield Found(Place(place.elsewhere, row.number), row.run_id, row.completion_id)
        looked_at, below = looked_at + len(numbers), numbers[-1]
        if len(numbers) < AT_ONCE:
            return
        if looked_at >= LOOKED_AT and not what.few:
            yield Found(Place(place.elsewhere, below), None)


def _few(connection: sa.Connection, what: Sought) -> list[int]:
    return list(connection.scalars(all_cards([cards.c.number]).where(*what.conditions)))


def _read(connection: sa.Connection, query: sa.Select[Any]) -> Sequence[Any]:
    return connection.execute(query.order_by(cards.c.number.desc())).all()


def _matches(
    connection: sa.Connection, said: Sequence[Term], found: Mapping[str, Sequence[str]]
) -> Mapping[str, tuple[Match, ...]]:
    """Where the words occur: in the prompt of each run, and in the first of its matching answers."""
    marker = Marker(said)
    prompts = {
        row.id: marker.around(row.text, words_of) for row in connection.execute(_PROMPTS, {"wanted": list(found)})
    }
    some = {run_id: ids[::-1][:ANSWERS_SHOWN] for run_id, ids in found.items()}
    wanted = {"wanted": [id for ids in some.values() for id in ids]}
    answers = {
        row.id: Match(f"{row.provider}:{row.model}", marker.around(row.text or "", words_of))
        for row in connection.execute(_ANSWERS, wanted)
    }
    return {
        run_id: tuple(
            match
            for match in (Match("prompt", prompts.get(run_id, ())), *(answers[id] for id in ids if id in answers))
            if match.parts
        )
        for run_id, ids in some.items()
    }
