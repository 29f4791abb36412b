"""What the looking up of known weaknesses comes to: never a success that looked nothing up without saying so."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

judge = runpy.run_path(str(Path(__file__).resolve().parent.parent / ".ci" / "advisories.py"))["judge"]
SKIPPED = {"name": "a", "skip_reason": "not found"}
SOUND = {"name": "b", "version": "1", "vulns": []}
WEAK = {"name": "c", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["2.1"]}]}


@pytest.mark.parametrize(
    ("packages", "status", "words"),
    [
        ([SKIPPED], 0, "were not looked up: the advisories cannot be reached"),
        ([SKIPPED, SOUND], 0, "No known weakness in 1 of 2"),
        ([SOUND, WEAK], 1, "c 2: CVE-1, mended in 2.1"),
    ],
)
def test_a_weakness_fails_and_what_was_not_looked_up_is_said(packages, status, words, capsys) -> None:
    assert judge(json.dumps({"dependencies": packages}), "") == status
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("said", ["", "no JSON", "[]", "{}"])
def test_without_an_answer_it_says_so_and_lets_work_go_on(said: str, capsys) -> None:
    assert judge(said, "ERROR: no way to the host\n") == 0
    assert "were not looked up: ERROR: no way to the host" in capsys.readouterr().out
