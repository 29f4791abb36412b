"""The record as people come back to it. Every method blocks for the disk and may be called from any thread.

Owns the transactions; what is said in them is in the modules beside this one. Each raises `RecordError`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from prompts.database import RecordError, patiently, sentence, writing

T = TypeVar("T")


class Archive:
    """What has been asked and answered, on one engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def _read(self, query: Callable[[sa.Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return query(connection)
        except DBAPIError as exc:
            raise RecordError(sentence(exc, self._engine)) from exc

    def _write(self, work: Callable[[sa.Connection], T]) -> T:
        """One transaction, begun again while another writer holds the database."""

        def once() -> T:
            with writing(self._engine).begin() as connection:
                return work(connection)

        try:
            return patiently(once)
        except DBAPIError as exc:
            raise RecordError(sentence(exc, self._engine)) from exc
