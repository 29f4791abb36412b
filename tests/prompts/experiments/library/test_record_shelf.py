"""A team's prompts in its record, on both databases: what one saves another finds, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from prompts.experiments.library import library as library_module
from prompts.experiments.library.library import Library, library
from prompts.experiments.library.prompt import LibraryError, Prompt
from prompts.experiments.library.record_shelf import RecordShelf
from prompts.experiments.library.shelf import VARIABLE, Shelf
from prompts.history.archive import Archive
from prompts.record.database import open_database
from prompts.record.database_errors import VARIABLE as RECORD
from prompts.record.rights import Actor
from tests.prompts.samples import NOW

MAIL = Prompt("Sort mail", "Sort {{mail}}", "classification", notes="Für Anna")
BOB = Actor("bob", admin=True)


@pytest.fixture
def archive(record_url: str) -> Iterator[Archive]:
    engine = open_database(record_url)
    yield Archive(engine)
    engine.dispose()


@pytest.fixture
def prompts(archive: Archive) -> Library:
    return Library(RecordShelf(archive), now=lambda: NOW)


def test_what_one_saves_another_finds_with_every_version(prompts: Library, archive: Archive) -> None:
    first = prompts.create(MAIL, Actor("ada", admin=True))
    second = Library(RecordShelf(archive), now=lambda: NOW).save(
        first, replace(MAIL, prompt="Sort: {{mail}}"), Actor("bob", admin=True)
    )
    assert prompts.versions("sort-mail") == [second, first]
    assert (prompts.find("sort-mail@1").saved_by, prompts.find("sort-mail").saved_by) == ("ada", "bob")
    assert prompts.create(MAIL).key == "sort-mail-2"
    assert "sort-mail" in [each.key for each in prompts.listing("für anna").prompts]


def test_two_who_save_at_once_do_not_overwrite_each_other(prompts: Library, archive: Archive) -> None:
    first = prompts.create(MAIL)
    shelf = RecordShelf(archive)
    shelf.write(replace(first, number=2))
    with pytest.raises(LibraryError, match="saved by somebody else meanwhile"):
        shelf.write(replace(first, number=2))


def test_what_is_deleted_comes_back_unless_its_name_is_taken(prompts: Library) -> None:
    prompts.create(MAIL)
    receipt = prompts.delete("sort-mail")
    assert prompts.numbers("sort-mail") == []
    assert prompts.undelete(receipt).prompt == MAIL
    receipt = prompts.delete("sort-mail")
    prompts.create(replace(MAIL, prompt="Another {{mail}}"))
    with pytest.raises(LibraryError, match="Another prompt is now called sort-mail"):
        prompts.undelete(receipt)


def test_a_shipped_prompt_that_a_team_edits_is_the_teams(prompts: Library) -> None:
    shipped = prompts.find("classify")
    prompts.save(shipped, replace(shipped.prompt, prompt="Sort this: {{text}}"), Actor("ada", admin=True))
    assert prompts.find("classify").own
    assert prompts.find(f"classify@{shipped.number}").prompt == shipped.prompt
    prompts.delete("classify")
    assert prompts.find("classify") == shipped


def test_a_record_that_is_away_is_said(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = RecordShelf(archive)
    monkeypatch.setattr("prompts.experiments.library.record_shelf._KEYS", sa.text("SELECT key FROM nowhere"))
    with pytest.raises(LibraryError):
        shelf.keys()


def test_a_shared_record_holds_the_prompts_and_a_folder_that_is_named_comes_first(
    record_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setenv(RECORD, record_url)
    monkeypatch.delenv(VARIABLE, raising=False)
    shared = record_url.startswith("postgresql")
    assert isinstance(library()._shelf, RecordShelf if shared else Shelf)
    if shared:
        library_module._archive(record_url)._engine.dispose()
        library_module._archive.cache_clear()
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert isinstance(library()._shelf, Shelf)


def test_another_persons_prompt_is_not_changed_but_copied(prompts: Library, archive: Archive) -> None:
    ada, bob, chief = Actor("ada", admin=False), Actor("bob", admin=False), Actor("eve", admin=True)
    first = prompts.create(MAIL, by=ada)
    for act in (
        lambda: prompts.save(first, replace(MAIL, prompt="Mine: {{mail}}"), by=bob),
        lambda: prompts.restore(first, by=bob),
        lambda: prompts.delete(first.key, by=bob),
    ):
        with pytest.raises(LibraryError, match=r"ada’s.*Duplicate it"):
            act()
    copy = prompts.duplicate(first, by=bob)
    prompts.save(copy, replace(copy.prompt, prompt="Mine: {{mail}}"), by=bob)
    second = prompts.save(first, replace(MAIL, prompt="Ours: {{mail}}"), by=chief)
    prompts.save(second, replace(MAIL, prompt="Hers: {{mail}}"), by=ada)  # it stays hers
    prompts.undelete(prompts.delete(first.key, by=ada), by=ada)
    assert [(entry.person, entry.act, entry.what) for entry in archive.trail(10)] == [
        ("ada", "brought back a prompt", {"prompt": "sort-mail", "versions": 3}),
        ("ada", "deleted a prompt", {"prompt": "sort-mail", "versions": 3}),
    ]


def test_who_edits_a_shipped_prompt_first_owns_it(prompts: Library) -> None:
    shipped = prompts.find("classify")
    prompts.save(shipped, replace(shipped.prompt, prompt="Sort: {{text}}"), by=Actor("bob", admin=False))
    assert prompts.owner("classify") == "bob"
    with pytest.raises(LibraryError, match="bob’s"):
        prompts.delete("classify", by=Actor("ada", admin=False))
