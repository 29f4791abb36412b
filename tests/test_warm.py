"""Warm processes are processes like others: their own environment, folder and outlets, an end that is told."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from prompts.core.child_process import python
from tests.patience import PATIENCE_S, wait_until
from tests.warm import AT, Forked


def forked(nest: str | None, out: Path, *arguments: str, how: str = "-m", **more: str) -> Forked:
    if nest is None:
        pytest.skip("nothing can be forked safely here")
    with out.open("wb") as outlet:
        environment = {**os.environ, AT: nest, **more}
        return Forked(python(how, *arguments), cwd=out.parent, env=environment, stdout=outlet, stderr=outlet)


def test_it_runs_a_module_in_its_own_folder_with_its_own_outlet(nest: str | None, tmp_path: Path) -> None:
    (tmp_path / "said.json").write_text("[1]")
    process = forked(nest, tmp_path / "out", "json.tool", "--compact", "said.json")
    assert process.wait(PATIENCE_S) == 0
    assert process.poll() == 0
    assert (tmp_path / "out").read_text() == "[1]\n"


def test_it_runs_a_program_with_its_arguments(nest: str | None, tmp_path: Path) -> None:
    process = forked(nest, tmp_path / "out", "import sys; print(sys.argv); sys.exit(3)", "one", "2", how="-c")
    assert process.wait(PATIENCE_S) == 3
    assert (tmp_path / "out").read_text() == "['-c', 'one', '2']\n"


def test_it_follows_its_own_environment(nest: str | None, tmp_path: Path) -> None:
    ask = ("prompts.cli.main", "ask", "Hi", "-m", "builtin:ngram-2")
    record = f"sqlite:///{tmp_path}/mine.db"
    assert forked(nest, tmp_path / "out", *ask, COLLATE_DATABASE_URL=record).wait(PATIENCE_S) == 0
    assert (tmp_path / "mine.db").exists()


def test_how_it_failed_is_told(nest: str | None, tmp_path: Path) -> None:
    assert forked(nest, tmp_path / "out", "prompts.cli.main", "no-such-command").wait(PATIENCE_S) == 2
    assert "no-such-command" in (tmp_path / "out").read_text()


def test_it_lives_until_it_is_killed(nest: str | None, tmp_path: Path) -> None:
    process = forked(nest, tmp_path / "out", "http.server", "0", "--bind", "127.0.0.1")
    wait_until(lambda: "Serving" in (tmp_path / "out").read_text())
    assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    assert process.wait(PATIENCE_S) == -signal.SIGKILL
    process.terminate()  # of what has ended: nothing
