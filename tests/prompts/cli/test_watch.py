"""`collate watch`: what is watched, asked again, listed and stopped from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts.cli.main import main
from tests.prompts.cli.test_report import PLAN


@pytest.fixture
def ran(home: Path) -> Path:
    (home / "plan.toml").write_text(PLAN)
    assert main(["run", str(home / "plan.toml"), "--quiet", "--yes"]) == 0
    return home


def test_watched_listed_asked_and_stopped(ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "add", "Words", "--budget", "0.50"]) == 0
    assert "Words is asked again every 7 days, for $0.500 at most." in capsys.readouterr().out
    assert main(["watch"]) == 0
    assert "Nothing is due." in capsys.readouterr().out
    assert main(["watch", "ask", "Words"]) == 0
    assert "Words: no change beyond chance." in capsys.readouterr().out
    assert main(["watch", "list"]) == 0
    assert "every 7 days" in capsys.readouterr().out
    assert main(["watch", "stop", "Words"]) == 0
    assert main(["watch", "list"]) == 0
    assert "Words  every" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["add"], "Name the experiment"),
        (["add", "Words"], "Say what one run may cost at most"),
        (["add", "Nobody", "--budget", "1"], "No experiment is called Nobody"),
    ],
)
def test_what_cannot_be_watched_is_said(
    ran: Path, words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    assert main(["watch", *words]) == 2
    assert why in capsys.readouterr().err
