"""The full text of prompts and answers: asked for words, and made to forget.

The database keeps the index by itself (migration 0004): a document per completion that is over, its
run's prompt and its own answer. Owns what is said to it on SQLite and on PostgreSQL.
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
"""Pages of 4 kB of the index that are written anew in one step of forgetting."""
_LOOKED_UP = 1_000
"""The words are looked up in the documents of so few cards; for more, all their documents are walked through once."""
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
"""Stands for what PostgreSQL sees no letter in, which is thus found nowhere, as on SQLite."""
_PLAIN = sa.text("SELECT collate_words(:word)")


class Words:
    """What must be found, in the language of one database. `among`: only these cards are looked at."""

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
            # A plus keeps SQLite from looking up each number.
            narrowed = narrowed.format(walked="+" if len(among) > _LOOKED_UP else "")
            self._among = {"among": json.dumps(among) if self._sqlite else list(among)}
        self._query = sa.text(query.format(among=narrowed))

    def numbers(self, words: str, oldest: int, below: int, most: int) -> list[int]:
        """The highest numbers of cards whose documents hold `words`, one of the three above."""
        values: dict[str, Any] = {"words": words, "oldest": oldest, "below": below, "most": most}
        return list(self._connection.scalars(self._query, {**values, **self._among}))

    def condition(self, number: sa.ColumnElement[int]) -> Condition:
        """That the words stand in the prompt or the answer of the card `number`."""
        found = "SELECT rowid AS number FROM search WHERE search MATCH :words"
        if not self._sqlite:
            found = "SELECT number FROM search WHERE document @@ to_tsquery('simple', :words)"
        numbers = sa.text(found).bindparams(words=self.everywhere).columns(sa.column("number", sa.BigInteger))
        return number.in_(sa.select(numbers.subquery().c.number))


def conditions(connection: sa.Connection, wanted: Filter) -> list[Condition]:
    """All of these hold of a card that is wanted, words and all."""
    said = terms(wanted.words)
    if said is None:
        return [sa.false()]
    what = sought(connection, wanted)
    found = [*what.conditions, cards.c.number >= what.oldest, cards.c.number < what.below]
    return [*found, Words(connection, said).condition(cards.c.number)] if said else found


def forget(connection: sa.Connection) -> bool:
    """A step towards an index that holds nothing of what was deleted: whether that is reached.

    SQLite keeps the words of a deleted document until it happens to write that part of its index anew.
    Each step takes part of a second, so give each a transaction of its own, and let others write between.
    """
    if connection.dialect.name != "sqlite":
        return True
    changes = sa.text("SELECT total_changes()")
    before = connection.scalar(changes) or 0
    connection.execute(sa.text("INSERT INTO search (search, rank) VALUES ('merge', :pages)"), {"pages": -_STEP})
    # Fewer than two changes: there was nothing left to do, says FTS5's documentation.
    return (connection.scalar(changes) or 0) - before < 2


def _as_indexed(connection: sa.Connection, term: Term) -> Term:
    return replace(term, text=connection.scalar(_PLAIN, {"word": term.text}).strip() or _NOWHERE)
