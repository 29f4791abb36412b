"""What is asked or said once in a transaction, however many things it writes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import sqlalchemy as sa

T = TypeVar("T")


def once(connection: sa.Connection, name: Hashable, work: Callable[[], T]) -> T:
    """What `work` returned when it was first done in this transaction; it is done anew in the next."""
    transaction = connection.get_transaction()
    if transaction is None:  # it begins with the first statement
        return work()
    known: tuple[sa.RootTransaction, dict[Hashable, Any]] | None = connection.info.get("once")
    if known is None or known[0] is not transaction:
        nothing: dict[Hashable, Any] = {}
        known = connection.info["once"] = (transaction, nothing)
    if name not in known[1]:
        known[1][name] = work()
    return known[1][name]


def forget(connection: sa.Connection, name: Hashable) -> None:
    """It has changed in this transaction."""
    if (known := connection.info.get("once")) is not None:
        known[1].pop(name, None)
