"""Python processes that begin with their imports done: forks of one that imported Collate and started nothing.

A dashboard works for seconds until its first page, and so does the process that asks; nearly all of that is
imports, the same each time. A fork shares with others only what was imported: it makes its own engine, record,
threads, secrets and connections, from its own environment.

Owns how they are begun and ended; `nest.py` is what they are forks of. Windows and macOS cannot fork safely: there
everything starts as ever.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from prompts.core.child_process import python

ROOT = Path(__file__).parents[2]
AT = "WARM_PYTHON"
"""The variable that names the nest."""


class Forked:
    """A process, with as much of `subprocess.Popen` as is used here."""

    def __init__(
        self, command: Sequence[str], *, cwd: str | Path | None = None, env: Mapping[str, str] | None = None,
        stdin: int = 0, stdout: int | IO[bytes] = 1, stderr: int | IO[bytes] | None = 2, **_: Any,
    ) -> None:  # fmt: skip
        """`command` is one of `child_process.python` that names a module."""
        environment = dict(os.environ if env is None else env)
        wanted = json.dumps([command[command.index("-m") + 1 :], str(cwd or Path.cwd()), environment]).encode()
        self._line = socket.socket(socket.AF_UNIX)
        weakref.finalize(self, self._line.close)
        self._line.connect(f"\0{environment[AT]}")
        with open(os.devnull, "rb") as nothing:
            outlets = [nothing if stdin == subprocess.DEVNULL else stdin, stdout, 2 if stderr is None else stderr]
            files = [each if isinstance(each, int) else each.fileno() for each in outlets]
            socket.send_fds(self._line, [len(wanted).to_bytes(4, "big")], files)
        self._line.sendall(wanted)
        self.pid = int.from_bytes(self._line.recv(4, socket.MSG_WAITALL), "big")

    def poll(self) -> int | None:
        """The exit status; `None` while it lives."""
        return self.wait(0) if select.select([self._line], [], [], 0)[0] else None

    def wait(self, timeout: float | None = None) -> int:
        """Raises `subprocess.TimeoutExpired`."""
        if not select.select([self._line], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        said = self._line.recv(4, socket.MSG_PEEK)  # and left there: another thread may ask too
        return int.from_bytes(said, "big", signed=True)

    def send_signal(self, number: int) -> None:
        """Nothing where it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """As Ctrl-C would."""
        self.send_signal(signal.SIGTERM)


@contextmanager
def nest(folder: Path) -> Iterator[str | None]:
    """Where forks are had; `None` where there are none."""
    if sys.platform != "linux":
        yield None
        return
    name = f"collate-nest-{os.getpid()}"
    alone = {"OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}  # without threads: they stay behind
    environment = {**os.environ, **alone, "PYTHONPATH": str(ROOT)}
    command = python("-m", "tests.browser.nest", name)
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as began:
        assert began.stdout is not None
        assert began.stdout.read(1), "what the forks are of ended"
        yield name  # at the end its input is closed, and with that it ends
