"""What people have spent today: never more than a day's limit is set aside, and nothing gives money back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from prompts.history.archive import Archive
from prompts.record import spending
from prompts.record.database import open_database
from prompts.record.spending import OverDayError, Spent

ONE, TWO = Decimal("0.5"), Decimal(2)


@pytest.fixture
def archive(record_url: str) -> Iterator[Archive]:
    engine = open_database(record_url)
    yield Archive(engine)
    engine.dispose()


def reserve(archive: Archive, person: str = "ada", amount: Decimal = ONE) -> str:
    return archive.write(lambda c: spending.reserve(c, person, amount, TWO))


def today(archive: Archive, person: str = "ada") -> Spent:
    return archive.read(lambda c: spending.today(c, person))


def test_a_call_that_could_pass_the_limit_is_refused_in_words(archive: Archive):
    for _ in range(4):
        reserve(archive)
    with pytest.raises(OverDayError, match=r"You may spend .*2.* a day here.* set aside for calls in progress") as said:
        reserve(archive, amount=Decimal("0.000001"))
    assert "midnight UTC" in str(said.value)
    assert today(archive) == Spent(Decimal(0), TWO)
    reserve(archive, "bob")  # each has a day of their own
    assert today(archive, "bob").reserved == ONE


def test_what_a_call_cost_counts_and_the_rest_is_free_again(archive: Archive):
    day = reserve(archive, amount=TWO)
    archive.write(lambda c: spending.settle(c, "ada", day, TWO, Decimal("0.1")))
    assert today(archive) == Spent(Decimal("0.1"), Decimal(0))
    for _ in range(3):
        reserve(archive)
    with pytest.raises(OverDayError):
        reserve(archive)


def test_an_answer_that_cost_more_than_was_set_aside_counts_whole(archive: Archive):
    day = reserve(archive)
    archive.write(lambda c: spending.settle(c, "ada", day, ONE, Decimal(3)))
    with pytest.raises(OverDayError):
        reserve(archive, amount=Decimal(0))


def test_nobody_has_spent_anything_before_they_ask(archive: Archive):
    assert today(archive, "nobody") == Spent()
