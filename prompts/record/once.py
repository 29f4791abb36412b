"""Work that is needed once per transaction, however many things the transaction writes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import sqlalchemy as sa

T = TypeVar("T")


def once(connection: sa.Connection, name: Hashable, work: Callable[[], T]) -> T:
    """The result of `work`, which is run on the first call with that `name` in a transaction."""
    transaction = connection.get_transaction()
    if transaction is None:  # a transaction begins with its first statement
        return work()
    known: tuple[sa.RootTransaction, dict[Hashable, Any]] | None = connection.info.get("once")
    if known is None or known[0] is not transaction:
        nothing: dict[Hashable, Any] = {}
        known = connection.info["once"] = (transaction, nothing)
    if name not in known[1]:
        known[1][name] = work()
    return known[1][name]


def forget(connection: sa.Connection, name: Hashable) -> None:
    """Forget the result, as it has changed in this transaction."""
    if (known := connection.info.get("once")) is not None:
        known[1].pop(name, None)
