"""The library: versions that never change, and nothing that is lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prompts.experiments.library.library import Library, library
from prompts.experiments.library.prompt import LONGEST_NAME, LibraryError, Prompt, Version
from prompts.experiments.library.shelf import Shelf
from prompts.experiments.library.shipped import shipped
from prompts.record.rights import Actor

AT = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
MAIL = Prompt("Sort mail", "Sort {{mail}}", "classification")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "prompts"


@pytest.fixture
def prompts(folder: Path) -> Library:
    return Library(Shelf(folder), now=lambda: AT)


def changed(version: Version, text: str) -> Prompt:
    return replace(version.prompt, prompt=text)


def own(prompts: Library) -> list[str]:
    return [each.key for each in prompts.listing().prompts if each.own]


def test_without_a_prompt_of_ones_own_there_are_the_shipped_ones(prompts: Library, folder: Path) -> None:
    assert {each.key for each in prompts.listing().prompts} == set(shipped())
    assert prompts.listing().problems == ()
    assert prompts.find("classify") == prompts.find("classify@1") == shipped()["classify"]
    assert not folder.exists()


def test_every_save_is_a_version_that_stays(prompts: Library) -> None:
    first = prompts.create(MAIL, Actor("ada", admin=True))
    second = prompts.save(first, changed(first, "Sort this: {{mail}}"), Actor("bob", admin=True))
    assert (first.reference, second.reference, second.saved_by, second.saved_at) == (
        "sort-mail@1", "sort-mail@2", "bob", AT,
    )  # fmt: skip
    assert prompts.find("sort-mail@1") == first
    assert prompts.find("sort-mail") == second
    assert prompts.versions("sort-mail") == [second, first]
    assert prompts.restore(first).reference == "sort-mail@3"
    assert prompts.find("sort-mail").prompt == MAIL


def test_saving_the_same_text_makes_no_version(prompts: Library) -> None:
    first = prompts.create(MAIL)
    assert prompts.save(first, MAIL) == first
    shipped_one = prompts.find("classify")
    assert prompts.save(shipped_one, shipped_one.prompt) == shipped_one
    assert own(prompts) == ["sort-mail"]


def test_two_of_one_name_get_keys_of_their_own(prompts: Library) -> None:
    assert [prompts.create(MAIL).key for _ in range(3)] == ["sort-mail", "sort-mail-2", "sort-mail-3"]
    assert prompts.create(Prompt("Classify", "x")).key == "classify-2"  # a shipped one has that key


def test_an_edited_shipped_prompt_is_ones_own_and_keeps_what_was_shipped(prompts: Library) -> None:
    shipped_one = prompts.find("classify")
    edited = prompts.save(shipped_one, changed(shipped_one, "Sort: {{mail}}"))
    assert edited.reference == "classify@2"
    assert prompts.find("classify@1").prompt == shipped_one.prompt
    assert [each.own for each in prompts.listing().prompts if each.key == "classify"] == [True]
    prompts.delete("classify")
    assert prompts.find("classify") == shipped_one


def test_what_is_deleted_can_be_brought_back(prompts: Library) -> None:
    first = prompts.create(MAIL)
    second = prompts.save(first, changed(first, "{{mail}}!"))
    receipt = prompts.delete("sort-mail")
    assert own(prompts) == []
    with pytest.raises(LibraryError, match="no prompt 'sort-mail'"):
        prompts.find("sort-mail")
    assert prompts.undelete(receipt) == second
    assert prompts.versions("sort-mail") == [second, first]


def test_a_deletion_is_not_undone_over_another_prompt(prompts: Library) -> None:
    prompts.create(MAIL)
    receipt = prompts.delete("sort-mail")
    newer = prompts.create(replace(MAIL, notes="another"))
    with pytest.raises(LibraryError, match="now called sort-mail"):
        prompts.undelete(receipt)
    prompts.delete("sort-mail")
    assert prompts.undelete(receipt).prompt == MAIL
    assert newer.prompt != MAIL


def test_what_is_shipped_is_not_deleted(prompts: Library) -> None:
    with pytest.raises(LibraryError, match="cannot be deleted"):
        prompts.delete("classify")


def test_a_copy_has_a_name_and_versions_of_its_own(prompts: Library) -> None:
    copy = prompts.duplicate(prompts.find("classify"))
    assert (copy.reference, copy.prompt.name) == ("sort-support-mail-copy@1", "Sort support mail (copy)")
    long = prompts.create(replace(MAIL, name="n" * LONGEST_NAME))
    assert len(prompts.duplicate(long).prompt.name) == LONGEST_NAME


def test_whoever_saves_second_is_told(prompts: Library, folder: Path) -> None:
    first = prompts.create(MAIL)
    prompts.save(first, changed(first, "{{mail}} one"))
    with pytest.raises(LibraryError, match="sort-mail@2 was saved meanwhile"):
        prompts.save(first, changed(first, "{{mail}} two"))
    # and where both looked before either wrote
    with pytest.raises(LibraryError, match="sort-mail@2 was saved by somebody else meanwhile"):
        Shelf(folder).write(replace(first, number=2))
    assert prompts.find("sort-mail").prompt.prompt == "{{mail}} one"
    assert sorted(each.name for each in (folder / "sort-mail").iterdir()) == ["1.toml", "2.toml"]


def test_where_files_cannot_be_linked_they_are_still_saved(prompts: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    first = prompts.create(MAIL)
    assert prompts.find("sort-mail") == first
    with pytest.raises(LibraryError, match="meanwhile"):
        prompts._shelf.write(first)


@pytest.mark.parametrize(
    ("words", "task", "found"),
    [
        ("SUPPORT mail", None, ["classify"]), ("support nowhere-at-all", None, []),
        ("invoice", "extraction", ["extract-invoice"]),
        ("", "translation", ["localise-interface", "translate"]), ("", "general", ["answer-briefly", "weigh-options"]),
    ],
)  # fmt: skip
def test_search_by_words_and_task(words: str, task: str | None, found: list[str], prompts: Library) -> None:
    assert sorted(each.key for each in prompts.listing(words, task).prompts) == found


def test_a_spoiled_file_is_named_and_hides_no_other(prompts: Library, folder: Path) -> None:
    prompts.create(MAIL)
    (folder / "broken").mkdir()
    (folder / "broken" / "1.toml").write_text("name = ")
    (folder / "notes.txt").write_text("mine")
    (folder / "empty").mkdir()
    (folder / "Capital").mkdir()
    (folder / "Capital" / "1.toml").write_text("name = ")
    listing = prompts.listing()
    assert own(prompts) == ["sort-mail"]
    assert [str(folder / "broken" / "1.toml") in each for each in listing.problems] == [True]


def test_a_file_edited_by_hand_stays_as_it_is(prompts: Library, folder: Path) -> None:
    first = prompts.create(MAIL)
    file = folder / "sort-mail" / "1.toml"
    file.write_text("# mine\n" + file.read_text("utf-8"), "utf-8")
    prompts.save(first, changed(first, "{{mail}}?"))
    assert file.read_text("utf-8").startswith("# mine\n")


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match="COLLATE_PROMPTS can name another folder"):
        Library(Shelf(tmp_path / "file" / "prompts")).create(MAIL)


def elsewhere(patch: pytest.MonkeyPatch, home: Path) -> Path:
    patch.setenv("COLLATE_PROMPTS", "~/shared")
    return home / "shared"


def by_default(_: pytest.MonkeyPatch, home: Path) -> Path:
    return home / "xdg_data_home" / "collate" / "prompts"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's data elsewhere")
@pytest.mark.parametrize("place", [by_default, elsewhere])
def test_where_it_lies(place: Callable[[pytest.MonkeyPatch, Path], Path], home: Path, monkeypatch) -> None:
    folder = place(monkeypatch, home)
    library().create(MAIL)
    assert [each.name for each in folder.iterdir()] == ["sort-mail"]
