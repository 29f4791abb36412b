"""The full-text index of prompts and answers: searching for words, and removing deleted ones.

The database maintains the index itself (migration 0004): one document per finished completion, with its run's prompt
and its own answer. Owns the statements for SQLite and PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from prompts.core.run_summaries import Filter
from prompts.record.filter_sql import Condition, sought
from prompts.record.schema import cards
from prompts.record.search_terms import Term, fts5, terms, tsquery

_STEP = 2_000
"""How many 4 kB pages of the index are rewritten in one step of `forget`."""
_LOOKED_UP = 1_000
"""For up to so many cards the words are looked up in their documents;
for more, all matching documents are scanned once."""
_FTS5 = (
    "SELECT rowid AS number FROM search WHERE search MATCH :words AND rowid < :below AND rowid >= :oldest {among}"
    "ORDER BY rowid DESC LIMIT :most"
)
_FTS5_AMONG = "AND {walked}rowid IN (SELECT value FROM json_each(:among)) "
_TSVECTOR = (
    "SELECT number FROM search WHERE document @@ to_tsquery('simple', :words) AND number < :below "
    "AND number >= :oldest {among}ORDER BY number DESC LIMIT :most"
)
_TSVECTOR_AMONG = "AND number = ANY (CAST(:among AS bigint[])) "
_NOWHERE = "0" * 64
"""Stands for a word in which PostgreSQL recognises no letter, so that it is found nowhere, as on SQLite."""
_PLAIN = sa.text("SELECT collate_words(:word)")


class Words:
    """The words to find, in the query language of the database. `among`: only these cards are searched."""

    def __init__(
        self, connection: sa.Connection, terms: Sequence[Term], among: Sequence[int] | None = None
    ) -> None:  # fmt: skip
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"
        said = terms if self._sqlite else [_as_indexed(connection, term) for term in terms]
        write, but = (fts5, "NOT") if self._sqlite else (tsquery, "& !")
        self.everywhere = write(said)
        self.in_prompt = write(said, prompt_only=True)
        self.elsewhere = f"({self.everywhere}) {but} ({self.in_prompt})"
        query, narrowed = (_FTS5, _FTS5_AMONG) if self._sqlite else (_TSVECTOR, _TSVECTOR_AMONG)
        self._among: dict[str, Any] = {}
        if among is None:
            narrowed = ""
        else:
            # The plus sign stops SQLite from looking up each number.
            narrowed = narrowed.format(walked="+" if len(among) > _LOOKED_UP else "")
            self._among = {"among": json.dumps(among) if self._sqlite else list(among)}
        self._query = sa.text(query.format(among=narrowed))

    def numbers(self, words: str, oldest: int, below: int, most: int) -> list[int]:
        """The highest numbers of cards whose documents match `words`, which is one of the three queries above."""
        values: dict[str, Any] = {"words": words, "oldest": oldest, "below": below, "most": most}
        return list(self._connection.scalars(self._query, {**values, **self._among}))

    def condition(self, number: sa.ColumnElement[int]) -> Condition:
        """The condition that the words occur in the prompt or the answer of the card `number`."""
        found = "SELECT rowid AS number FROM search WHERE search MATCH :words"
        if not self._sqlite:
            found = "SELECT number FROM search WHERE document @@ to_tsquery('simple', :words)"
        numbers = sa.text(found).bindparams(words=self.everywhere).columns(sa.column("number", sa.BigInteger))
        return number.in_(sa.select(numbers.subquery().c.number))


def conditions(connection: sa.Connection, wanted: Filter) -> list[Condition]:
    """All conditions for a matching card, including words."""
    said = terms(wanted.words)
    if said is None:
        return [sa.false()]
    what = sought(connection, wanted)
    found = [*what.conditions, cards.c.number >= what.oldest, cards.c.number < what.below]
    return [*found, Words(connection, said).condition(cards.c.number)] if said else found


def forget(connection: sa.Connection) -> bool:
    """One step of removing deleted words from the index; returns whether none are left.

    SQLite keeps the words of a deleted document until it rewrites that part of its index. Each step takes a fraction of
    a second; give each its own transaction, so that others can write in between.
    """
    if connection.dialect.name != "sqlite":
        return True
    changes = sa.text("SELECT total_changes()")
    before = connection.scalar(changes) or 0
    connection.execute(sa.text("INSERT INTO search (search, rank) VALUES ('merge', :pages)"), {"pages": -_STEP})
    # Fewer than two changes mean that nothing was left to do, according to FTS5's documentation.
    return (connection.scalar(changes) or 0) - before < 2


def _as_indexed(connection: sa.Connection, term: Term) -> Term:
    return replace(term, text=connection.scalar(_PLAIN, {"word": term.text}).strip() or _NOWHERE)
