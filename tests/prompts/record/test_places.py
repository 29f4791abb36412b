"""The calls that people have under way, on record: never more than may be, and free once whoever held them is gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from prompts.history.archive import Archive
from prompts.record import leases, places
from prompts.record.database import open_database


@pytest.fixture
def archive(record_url: str) -> Iterator[Archive]:
    engine = open_database(record_url)
    yield Archive(engine)
    engine.dispose()


def take(archive: Archive, id: str, person: str = "ada", me: str = "here") -> bool:
    return archive.write(lambda c: places.take(c, me, id, person, 2))


def test_each_person_has_so_many_whoever_asks_for_them(archive: Archive):
    assert take(archive, "1")
    assert take(archive, "2", me="there")
    assert not take(archive, "3")
    assert take(archive, "4", "bob")
    archive.write(lambda c: places.leave(c, "2"))
    assert take(archive, "3")


def test_what_a_process_held_is_free_once_it_is_struck_off(archive: Archive):
    assert take(archive, "1")
    assert take(archive, "2", me="there")
    archive.write(lambda c: leases.strike_off(c, ["there"]))
    assert take(archive, "3")
    assert not take(archive, "4")
