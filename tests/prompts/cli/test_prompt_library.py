"""`collate prompts`: what is listed, shown and counted, for people and for programs."""

from __future__ import annotations

import json

import pytest

from prompts.cli.main import main
from prompts.experiments.library.library import library
from prompts.experiments.library.prompt import Prompt
from prompts.experiments.library.prompt_file import read_version
from prompts.experiments.library.shelf import own_folder
from prompts.experiments.library.shipped import shipped
from prompts.record.rights import Actor

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def own() -> None:
    prompts = library()
    first = prompts.create(Prompt("Sort \x1b[31mred", "Sort {{mail}}", "classification"), Actor("ada", admin=True))
    prompts.save(first, Prompt("Sort \x1b[31mred", "Sort this: {{mail}}", "classification"), Actor("bob", admin=True))


def lines(capsys: Capture) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_without_a_word_more_all_are_listed(capsys: Capture, own: None) -> None:
    assert main(["prompts"]) == 0
    shown = capsys.readouterr().out
    assert all(f"{key}@1" in shown for key in shipped())
    assert "sort-31mred@2" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("arguments", [["--json", "list"], ["--json"], ["list", "--json"]])
def test_a_program_reads_one_object_a_line(arguments: list[str], capsys: Capture, own: None) -> None:
    assert main(["prompts", *arguments]) == 0
    found = {each["reference"]: each for each in lines(capsys)}
    assert len(found) == len(shipped()) + 1
    assert found["classify@1"]["prompt"]["holes"] == ["mail"]  # type: ignore[index]
    assert (found["sort-31mred@2"]["saved_by"], found["sort-31mred@2"]["own"]) == ("bob", True)


def test_words_and_task_narrow_it_down(capsys: Capture) -> None:
    assert main(["prompts", "list", "invoice", "--task", "extraction", "--json"]) == 0
    assert [each["key"] for each in lines(capsys)] == ["extract-invoice"]
    assert main(["prompts", "list", "nothing-like-it"]) == 1
    assert capsys.readouterr().out == "No prompt matches.\n"
    assert main(["prompts", "list", "--task", "cooking"]) == 2
    assert "'cooking' is not a task. There are: general," in capsys.readouterr().err


def test_what_is_shown_is_the_file(capsys: Capture) -> None:
    assert main(["prompts", "show", "classify@1"]) == 0
    shown = capsys.readouterr().out.encode()
    assert read_version(shown, "classify", "shown", own=False) == shipped()["classify"]


def test_every_version_says_when_and_by_whom(capsys: Capture, own: None) -> None:
    assert main(["prompts", "versions", "sort-31mred", "--json"]) == 0
    assert [(each["reference"], each["saved_by"]) for each in lines(capsys)] == [
        ("sort-31mred@2", "bob"), ("sort-31mred@1", "ada"),
    ]  # fmt: skip
    assert main(["prompts", "versions", "classify"]) == 0
    assert "classify@1  —            shipped" in capsys.readouterr().out


def test_what_is_not_there_is_wrong_usage(capsys: Capture) -> None:
    assert main(["prompts", "show", "classify@9"]) == 2
    assert "classify has no version 9. There are: 1." in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_said_and_the_others_are_listed(capsys: Capture, own: None) -> None:
    (own_folder() / "broken").mkdir()
    (own_folder() / "broken" / "1.toml").write_text("name = ")
    assert main(["prompts"]) == 1
    shown = capsys.readouterr()
    assert "is not TOML" in shown.err
    assert "classify@1" in shown.out
