"""Drafts on record, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from prompts.experiments import draft_store
from prompts.history.archive import Archive
from prompts.record.database import open_database
from tests.prompts.samples import NOW


@pytest.fixture
def archive(record_url: str) -> Iterator[Archive]:
    engine = open_database(record_url)
    yield Archive(engine)
    engine.dispose()


def save(archive: Archive, id: str, person: str, minute: int, name: str = "Mail") -> None:
    at = NOW + timedelta(minutes=minute)
    archive.write(lambda c: draft_store.save(c, id, person, name, {"name": name}, at))


def test_a_draft_is_what_was_saved_last_and_each_person_sees_their_own(archive: Archive) -> None:
    save(archive, "draft-a", "ada", 1)
    save(archive, "draft-b", "bob", 2)
    save(archive, "draft-a", "ada", 3, "Letters")
    assert archive.read(lambda c: draft_store.find(c, "draft-a")) == ("ada", {"name": "Letters"})
    assert [line.name for line in archive.read(lambda c: draft_store.newest(c, "ada", 10))] == ["Letters"]
    archive.write(lambda c: draft_store.drop(c, "draft-a", "ada"))
    assert archive.read(lambda c: draft_store.find(c, "draft-a")) is None


def test_nobody_writes_on_in_or_deletes_what_is_another_s(archive: Archive) -> None:
    save(archive, "draft-a", "ada", 1)
    save(archive, "draft-a", "bob", 2, "Bob's now")
    archive.write(lambda c: draft_store.drop(c, "draft-a", "bob"))
    assert archive.read(lambda c: draft_store.find(c, "draft-a")) == ("ada", {"name": "Mail"})
    assert archive.read(lambda c: draft_store.newest(c, "bob", 10)) == []


def test_the_oldest_go_when_there_are_very_many(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_store, "_OLDEST", draft_store.oldest(2))
    for n in range(4):
        save(archive, f"draft-{n}", "", n)
    assert [line.id for line in archive.read(lambda c: draft_store.newest(c, "", 10))] == ["draft-3", "draft-2"]
