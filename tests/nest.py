"""The process that warm ones are forks of: it imports what a command, or a dashboard, imports, and waits.

python -m tests.nest ADDRESS PACKAGE ...
"""

from __future__ import annotations

import gc
import importlib
import json
import logging
import os
import pkgutil
import runpy
import select
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from subprocess import DEVNULL
from types import SimpleNamespace
from typing import Any

from tests import new_records
from tests.warm import Forked

_ALSO = ("alembic.command", "alembic.config", "genai_prices", "openai", "providers.adapters.openai_chat")
_FOR_PAGES = ("pandas", "pyarrow", "altair", "streamlit.web.bootstrap", "streamlit.web.server.starlette")
# Programs and pages run anew each time, SDKs are wanted by few, and `sse` draws a secret for its process.
_NOT = {"__main__", "main", "asking_process", "app", "app_pages", "migrations", "adapters", "sse", "routes"}


def _import_all(packages: Sequence[str]) -> None:
    logging.disable(logging.WARNING)  # functions whose results Streamlit keeps are imported without a server
    for package in packages:
        _import(importlib.import_module(package))
    for name in _ALSO:
        importlib.import_module(name)
    if "dashboard" in packages:
        _import_for_pages()
    logging.disable(logging.NOTSET)


def _import_for_pages() -> None:
    for name in _FOR_PAGES:
        importlib.import_module(name)
    # Each server would read what every installed package says of itself, for half a second, and find the same.
    scanner = importlib.import_module("streamlit.components.v2.manifest_scanner")
    scanner.scan_component_manifests = cache(scanner.scan_component_manifests)  # type: ignore[attr-defined]
    scanner.scan_component_manifests()
    # What a dashboard starts in its turn, the process that asks, is a fork too.
    link = importlib.import_module("prompts.asking.link")
    link.subprocess = SimpleNamespace(Popen=Forked, DEVNULL=DEVNULL)  # type: ignore[attr-defined]


def _import(package: Any) -> None:
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if found.name.rpartition(".")[2] not in _NOT:
            module = importlib.import_module(found.name)
            if found.ispkg:
                _import(module)


def _serve(address: str) -> Sequence[str]:
    """Fork until the input ends; in each fork, what it shall run: `-m` or `-c`, and what follows."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"\0{address}")
    listening.listen()
    living: dict[int, tuple[int, socket.socket]] = {}  # by what tells its end: its number, and who wants to know
    os.write(1, b"!")
    while True:
        ready, _, _ = select.select([0, listening, *living], [], [])
        for ended in [each for each in living if each in ready]:
            pid, line = living.pop(ended)
            _say(line, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            line.close()
            os.close(ended)
        if listening in ready:
            line, _ = listening.accept()
            command, folder, environment, outlets = _wanted(line)
            pid = os.fork()
            if pid == 0:
                for each in (listening, line, *(other for _, other in living.values())):
                    each.close()
                for each in living:
                    os.close(each)
                _become(folder, environment, outlets)
                return command
            for each in outlets:
                os.close(each)
            living[os.pidfd_open(pid)] = (pid, line)
            _say(line, pid)
        if 0 in ready:
            sys.exit()


def _say(line: socket.socket, number: int) -> None:
    try:
        line.sendall(number.to_bytes(4, "big", signed=True))
    except OSError:  # whoever wanted it has ended
        return


def _wanted(line: socket.socket) -> tuple[list[str], str, dict[str, str], list[int]]:
    size, outlets, _, _ = socket.recv_fds(line, 4, 3)
    command, folder, environment = json.loads(line.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL))
    return command, folder, environment, outlets


def _become(folder: str, environment: Mapping[str, str], outlets: Sequence[int]) -> None:
    os.setsid()
    for place, outlet in enumerate(outlets):
        os.dup2(outlet, place)
        os.close(outlet)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)


def main() -> None:
    """Be what forks are made of; in a fork, be what was wanted."""
    _import_all(sys.argv[2:])
    new_records.ready()
    gc.collect()
    gc.freeze()  # what a collector looks through, each fork would copy
    how, what, *arguments = _serve(sys.argv[1])
    sys.argv = [what if how == "-m" else how, *arguments]
    if how == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102 -- as an interpreter would


if __name__ == "__main__":
    main()
