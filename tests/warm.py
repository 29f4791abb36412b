"""Python processes that begin with their imports done: forks of one that imported Collate and started nothing.

A dashboard works for seconds until its first page, and a command for a second until its first line; nearly all of
that is imports, the same each time. A fork shares with others only what was imported: it makes its own engine, record,
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
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from prompts.core.child_process import python
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[1]
AT = "WARM_PYTHON"
"""The variable that names the nest."""
PROMPTS = ("providers", "prompts")
ALL = (*PROMPTS, "dashboard")


class Forked:
    """A process, with as much of `subprocess.Popen` as is used here."""

    def __init__(
        self, command: Sequence[str], *, cwd: str | Path | None = None, env: Mapping[str, str] | None = None,
        stdin: int | IO[bytes] = 0, stdout: int | IO[bytes] = 1, stderr: int | IO[bytes] | None = 2, **_: Any,
    ) -> None:  # fmt: skip
        """`command` is one of `child_process.python`: a module or a program, with arguments."""
        environment = dict(os.environ if env is None else env)
        wanted = json.dumps([command[len(python()) :], str(cwd or Path.cwd()), environment]).encode()
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
        try:
            said = self._line.recv(4, socket.MSG_PEEK)  # and left there: another thread may ask too
        except OSError:
            return 0  # closed meanwhile: nobody wants to know
        return int.from_bytes(said, "big", signed=True)

    def send_signal(self, number: int) -> None:
        """Nothing where it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """As Ctrl-C would."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """At once."""
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Ask no more after it, which else goes on until nobody holds this."""
        self._line.shutdown(socket.SHUT_RDWR)  # wakes a thread that waits, before the number is that of something else
        self._line.close()


def popen(nest: str | None) -> Callable[..., Any]:
    """`Forked` of this nest; `subprocess.Popen` where there is none."""
    return subprocess.Popen if nest is None else partial(_of, nest)


def _of(nest: str, command: Sequence[str], *, env: Mapping[str, str] | None = None, **more: Any) -> Forked:
    return Forked(command, env={**(os.environ if env is None else env), AT: nest}, **more)


def run(
    nest: str | None, command: Sequence[str], *, typed: bytes, cwd: Path, env: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """One command, from its first line to its end."""
    with ExitStack() as stack:
        streams = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        streams[0].write(typed)
        streams[0].seek(0)
        process = popen(nest)(command, cwd=cwd, env=env, stdin=streams[0], stdout=streams[1], stderr=streams[2])
        try:
            status = process.wait(PATIENCE_S)
        except BaseException:
            process.kill()
            raise
        for each in streams:
            each.seek(0)
        return subprocess.CompletedProcess(command, status, streams[1].read(), streams[2].read())


@contextmanager
def nest(folder: Path, packages: Sequence[str] = ALL) -> Iterator[str | None]:
    """Where forks are had that have these packages imported; `None` where there are none."""
    if sys.platform != "linux":
        yield None
        return
    name = f"collate-nest-{os.getpid()}-{packages[-1]}"
    alone = {"OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}  # without threads: they stay behind
    environment = {**os.environ, **alone, "PYTHONPATH": str(ROOT)}
    command = python("-m", "tests.nest", name, *packages)
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as began:
        assert began.stdout is not None
        assert began.stdout.read(1), "what the forks are of ended"
        yield name  # at the end its input is closed, and with that it ends
