"""A plan on disk: its cases, schemas and prompts lie beside it or in the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts.experiments.library.library import Library
from prompts.experiments.library.prompt import Prompt
from prompts.experiments.library.shelf import Shelf
from prompts.experiments.plan import PlanError
from prompts.experiments.plan_source import load_plan

PROVIDERS = ("builtin", "openai")
REST = 'name = "Mail"\ntargets = ["builtin:ngram-3"]\n[cases]\nfile = "data/mails.csv"\n'
FILE = 'name = "Short"\nversion = 4\nsystem = "Be short."\nprompt = "Sort {{mail}}"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mails.csv").write_text("mail\nRefund me\n")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "short@work.toml").write_text(FILE)
    return tmp_path


@pytest.fixture
def prompts(tmp_path: Path) -> Library:
    return Library(Shelf(tmp_path / "own"))


def load(folder: Path, prompts: Library, text: str):
    (folder / "plan.toml").write_text(text + "\n" + REST)
    return load_plan(folder / "plan.toml", PROVIDERS, prompts).plan


def test_prompts_by_name_version_and_file(folder: Path, prompts: Library) -> None:
    first = prompts.create(Prompt("Own", "Own {{mail}}"))
    prompts.save(first, Prompt("Own", "Later {{mail}}"))
    plan = load(folder, prompts, 'prompts = ["classify", "own@1", "own", "templates/short@work.toml@4"]')
    assert [(each.name, each.source) for each in plan.wordings] == [
        ("classify", "classify@1"), ("own", "own@1"), ("own", "own@2"),
        ("short@work", "templates/short@work.toml@4"),
    ]  # fmt: skip
    assert plan.prompt(0, 1) == "Own Refund me"
    assert plan.wordings[3].system == "Be short."
    assert load(folder, prompts, 'prompts = ["templates/short@work.toml"]').prompt(0, 0) == "Sort Refund me"


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("nowhere", "no prompt 'nowhere' in the library"),
        ("classify@7", "classify has no version 7. There are: 1."),
        ("templates/short@work.toml@3", "version 3 of templates/short@work.toml, which is version 4"),
        ("templates/classify.toml", "no file templates/classify.toml beside the plan"),
        ("what is it?", "is not the name of a prompt"),
        ("../own.toml", "no file ../own.toml"),
    ],
)
def test_a_prompt_that_is_not_there_is_said(named: str, said: str, folder: Path, prompts: Library) -> None:
    with pytest.raises(PlanError) as caught:
        load(folder, prompts, f'prompts = ["{named}"]')
    assert said in str(caught.value)


def test_a_plan_that_cannot_be_read_is_said(tmp_path: Path, folder: Path, prompts: Library) -> None:
    with pytest.raises(PlanError, match=r"nowhere\.toml: No such file"):
        load_plan(tmp_path / "nowhere.toml", PROVIDERS, prompts)
    (tmp_path / "odd.toml").write_bytes(b"name = '\xff'")
    with pytest.raises(PlanError, match="not UTF-8"):
        load_plan(tmp_path / "odd.toml", PROVIDERS, prompts)
    (tmp_path / "data" / "mails.csv").unlink()
    with pytest.raises(PlanError, match=r"data/mails\.csv: No such file"):
        load(folder, prompts, 'prompts = ["classify"]')


def test_a_plan_nested_without_end_is_said(folder: Path, prompts: Library) -> None:
    with pytest.raises(PlanError, match=r"plan\.toml is nested too deeply to be a plan\."):
        load(folder, prompts, "a = " + "[" * 5000 + "]" * 5000)


@pytest.mark.parametrize("address", ["https://example.org/mails.csv", "s3://bucket/mails.csv"])
def test_an_address_in_place_of_a_file_is_not_fetched(address: str, folder: Path, prompts: Library) -> None:
    (folder / "plan.toml").write_text(REST.replace("data/mails.csv", address))
    with pytest.raises(PlanError, match=f"{address} is an address, and nothing is fetched. Download it, and name"):
        load_plan(folder / "plan.toml", PROVIDERS, prompts)
