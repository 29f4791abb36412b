"""`collate votes`: ballots without names, rankings with them, and the votes as a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prompts.cli.history import opened
from prompts.cli.main import main
from prompts.votes.on_record import Votes
from tests.prompts.votes.made import a_ballot, a_vote


@pytest.fixture
def voted(home: Path) -> Path:
    """A ballot of 20 cases on which everybody prefers A."""
    with opened() as archive:
        store = Votes(archive)
        store.add(a_ballot(cases=20))
        for case in range(20):
            assert store.cast(a_vote("A", "B", "left", str(case)))
    return home


def test_the_list_tells_no_names_and_a_ballot_all(voted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["votes"]) == 0
    listed = capsys.readouterr().out
    assert "20 votes" in listed
    assert "builtin:" not in listed
    assert main(["votes", "Poems"]) == 0
    assert "A is preferred to B: A" in capsys.readouterr().out


def test_a_task_is_ranked_by_model_as_json(voted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["votes", "--task", "Poems", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in found["standings"]] == ["builtin:a", "builtin:b"]
    assert (found["votes"], found["pairs"][0]["preferred"], found["agreement"]) == (20, True, None)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_votes_are_saved(voted: Path, ending: str) -> None:
    assert main(["votes", "last", "--save", str(voted / f"votes.{ending}")]) == 0
    assert (voted / f"votes.{ending}").stat().st_size


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["Nobody's"], "No ballot is called Nobody's"),
        (["last", "--save", "votes.pdf"], "end it in .csv or .xlsx"),
        (["last", "--save", "no-such-folder/votes.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(
    voted: Path, words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    assert main(["votes", *words]) == 2
    assert why in capsys.readouterr().err


def test_without_a_vote_it_says_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["votes"]) == 1
    assert "No ballot is on record yet." in capsys.readouterr().out
