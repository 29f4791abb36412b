"""The command line in processes that have everything imported already: forks of one that waits for commands.

Each command has a process with an environment, a folder, streams and an end of its own; an interpreter's way to the
first line of `main`, a second of work, is gone once for all. What is about that way begins an interpreter of its own.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from prompts import cli
from prompts.cli.main import main
from prompts.core.child_process import python
from tests import new_records
from tests.patience import PATIENCE_S

_STREAMS = ("stdin", "stdout", "stderr")
_MORE = ("alembic.command", "alembic.config", "genai_prices", "providers.adapters.openai_chat")
"""What commands import when they need it."""


class Forks:
    """The process that waits. Use `waiting` to have one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._commands, self._ends = process.stdin, process.stdout

    def run(
        self, arguments: Sequence[str], *, typed: bytes, cwd: Path, env: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        """One command, from its first line to its end."""
        with tempfile.TemporaryDirectory() as name:
            streams = [Path(name, stream) for stream in _STREAMS]
            streams[0].write_bytes(typed)
            command = {"arguments": arguments, "cwd": str(cwd), "env": dict(env), "streams": [*map(str, streams)]}
            print(json.dumps(command), file=self._commands, flush=True)
            status = int(self._ends.readline())
            return subprocess.CompletedProcess(arguments, status, streams[1].read_bytes(), streams[2].read_bytes())


@contextmanager
def waiting(env: Mapping[str, str]) -> Iterator[Forks]:
    """A process that waits for commands, until the end."""
    with subprocess.Popen(
        python("-m", __name__), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, encoding="utf-8"
    ) as process:
        yield Forks(process)


def _wait(commands: IO[str]) -> int:
    """Follow commands until there are no more. In a fork: the exit status of the command that it is for."""
    for line in commands:
        if (child := os.fork()) == 0:
            command = json.loads(line)
            _become(**command)
            return main(command["arguments"])
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    return 0


def _become(arguments: Sequence[str], cwd: str, env: Mapping[str, str], streams: Sequence[str]) -> None:
    signal.alarm(int(PATIENCE_S))
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    for number, (path, name) in enumerate(zip(streams, _STREAMS, strict=True)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
        errors = "backslashreplace" if name == "stderr" else "strict"
        setattr(sys, name, os.fdopen(number, "w" if number else "r", closefd=False, errors=errors))
    sys.argv = ["collate", *arguments]


if __name__ == "__main__":
    for module in (*(f"{cli.__name__}.{found.name}" for found in pkgutil.iter_modules(cli.__path__)), *_MORE):
        importlib.import_module(module)
    new_records.ready()
    gc.freeze()
    sys.exit(_wait(sys.stdin))
