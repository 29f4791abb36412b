"""Who is dead and who is only quiet."""

import os
import socket
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from prompts.core.child_process import python
from prompts.record import leases
from tests.patience import wait_until


@pytest.mark.parametrize(
    ("host", "pid", "age_s", "gone"),
    [
        pytest.param(leases.HOST, os.getpid(), 0, True, id="our own number, but not ours: a reused one"),
        (leases.HOST, 1, 0, False),
        (leases.HOST, 1, leases.LEASE_S + 1, True),
        (leases.HOST, 2**22 + 1, 0, True),  # beyond the largest process number
        ("elsewhere", 2**22 + 1, 0, False),
        ("elsewhere", 1, leases.LEASE_S + 1, True),
    ],
)
def test_who_is_gone(host, pid, age_s, gone):
    now = datetime.now(UTC)
    row = {"id": "someone", "host": host, "pid": pid, "seen_at": now - timedelta(seconds=age_s)}
    assert leases._is_gone(row, now) is gone


@pytest.mark.parametrize(("elsewhere", "gone"), [("pid:[1]", False), (None, True)])
def test_a_container_of_the_same_name_counts_its_processes_by_itself(monkeypatch, elsewhere, gone):
    """Its number 1 is not ours, and that we have no process of its number says nothing."""
    if elsewhere:
        monkeypatch.setattr(os, "readlink", lambda _: elsewhere)
    now = datetime.now(UTC)
    row = {"id": "someone", "host": leases._host(), "pid": 2**22 + 1, "seen_at": now}
    assert leases._is_gone(row, now) is gone


def test_where_there_are_no_namespaces_the_name_must_do(monkeypatch):
    def missing(_):
        raise FileNotFoundError

    monkeypatch.setattr(os, "readlink", missing)
    assert leases._host() == socket.gethostname()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells")
def test_a_process_that_ended_is_gone_though_nobody_took_note_of_it():
    with subprocess.Popen(python("-c", "")) as process:
        wait_until(lambda: not leases._runs(process.pid))
        assert process.returncode is None
