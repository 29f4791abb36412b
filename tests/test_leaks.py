"""What is left open is seen in the test that left it."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from prompts.core.child_process import python
from tests import leaks
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="the system does not show what is open")


def test_an_open_socket_is_seen() -> None:
    with pytest.raises(AssertionError, match="left open: socket:"), leaks.none():
        kept = socket.socket()
    kept.close()


def test_an_open_record_is_seen(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"left open: .*collate\.db"), leaks.none():
        kept = sqlite3.connect(tmp_path / "collate.db", timeout=PATIENCE_S)  # opens the file at once
    kept.close()


def test_a_process_that_goes_on_is_seen() -> None:
    with pytest.raises(AssertionError, match="left open: process"), leaks.none():
        child = subprocess.Popen(python("-c", "input()"), stdin=subprocess.PIPE)
    child.communicate()


def test_what_was_closed_and_what_is_meant_to_last_is_not(tmp_path: Path) -> None:
    with leaks.none():
        with leaks.lasting():
            lasts = socket.socket()
        with closing(sqlite3.connect(tmp_path / "collate.db")) as connection:
            connection.execute("CREATE TABLE one (two)")
        assert f"socket:[{os.fstat(lasts.fileno()).st_ino}]" in leaks.held()
    lasts.close()


def test_a_process_is_seen_whose_thread_ends_while_it_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    of = {"/proc/self/task/1": list[str](), "/proc/self/task/2": ["77"]}

    def children(thread: str) -> list[str]:
        seen = list(of[thread])
        of["/proc/self/task/1"] += of["/proc/self/task/2"]
        of["/proc/self/task/2"] = []
        return seen

    monkeypatch.setattr(leaks, "_entries", lambda folder: list(of) if folder.endswith("task") else [])
    monkeypatch.setattr(leaks, "_children", children)
    assert leaks.held() == {"process 77"}
