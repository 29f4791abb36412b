"""What each person has spent today, stored apart from runs, so that deleting a run does not give money back.

Owns the sums per person and day (UTC, by the database's clock), and that reserved amounts never exceed the limit.
Inside the caller's transaction, one after another. What a process that died had reserved stays reserved for that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from prompts.core.format import money
from prompts.core.sanitize import mended
from prompts.record.column_types import Money
from prompts.record.database_errors import RecordError
from prompts.record.schema import metadata
from prompts.record.writes import either

spending = sa.Table(
    "spending", metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True, doc="in UTC, by the clock of the database"),
    sa.Column("spent", Money, nullable=False, doc="US dollars, with what may have been charged"),
    sa.Column("reserved", Money, nullable=False, doc="US dollars that calls in progress may cost"),
)  # fmt: skip
_TODAY: dict[str, sa.Select[Any]] = {
    "sqlite": sa.select(sa.func.date("now")),
    "postgresql": sa.select(sa.func.to_char(sa.text("now() AT TIME ZONE 'utc'"), "YYYY-MM-DD")),
}
_NOTHING = Decimal(0)


class OverDayError(RecordError):
    """This call could exceed the person's limit of the day, so it is not sent; the message says so."""


@dataclass(frozen=True, slots=True)
class Spent:
    """US dollars of one person and day."""

    spent: Decimal = _NOTHING
    reserved: Decimal = _NOTHING


def today(connection: sa.Connection, person: str) -> Spent:
    """What this person has spent and reserved today."""
    return _of(connection, person, _day(connection), hold=False)


def reserve(connection: sa.Connection, person: str, amount: Decimal, limit: Decimal) -> str:
    """Reserve what a call may cost from today's limit; returns the day. Raises `OverDayError`, changing nothing."""
    day = _day(connection)
    row = {"person": mended(person), "day": day, "spent": _NOTHING, "reserved": _NOTHING}
    connection.execute(either(connection, spending).values(row).on_conflict_do_nothing())
    now = _of(connection, person, day, hold=True)
    if now.spent + now.reserved + amount > limit:
        raise OverDayError(_over(now, amount, limit))
    _set(connection, person, day, reserved=now.reserved + amount)
    return day


def settle(connection: sa.Connection, person: str, day: str, reserved: Decimal, spent: Decimal) -> None:
    """Release what was reserved for a finished call, and add what it cost or may have cost, `spent`."""
    now = _of(connection, person, day, hold=True)
    _set(connection, person, day, reserved=max(_NOTHING, now.reserved - reserved), spent=now.spent + spent)


def _over(now: Spent, amount: Decimal, limit: Decimal) -> str:
    under_way = f", {money(now.reserved)} more is set aside for calls in progress" if now.reserved else ""
    return (
        f"You may spend {money(limit)} a day here: {money(now.spent)} is spent today{under_way}, and this call may "
        f"cost {money(amount)}. The next day begins at midnight UTC."
    )


def _day(connection: sa.Connection) -> str:
    return str(connection.scalar(_TODAY[connection.dialect.name]))


def _of(connection: sa.Connection, person: str, day: str, *, hold: bool) -> Spent:
    mine = spending.select().where(spending.c.person == mended(person), spending.c.day == day)
    row = connection.execute(mine.with_for_update() if hold else mine).one_or_none()
    return Spent() if row is None else Spent(row.spent, row.reserved)


def _set(connection: sa.Connection, person: str, day: str, **values: Decimal) -> None:
    mine = spending.c.person == mended(person), spending.c.day == day
    connection.execute(spending.update().where(*mine).values(**values))
