"""Collate as a user installs it: built into a wheel, and installed in an environment of its own.

Nothing is fetched: the wheel is built by the setuptools of the group `dev`, and the environment borrows the
packages that are installed beside the tests. Only Collate itself is its own; the checkout cannot be imported.
"""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
import venv
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from prompts.core.child_process import python
from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("dashboard", "prompts", "providers")
_FILES = ("pyproject.toml", "requirements.txt", "README.md", "LICENSE")
_BIN = "Scripts" if os.name == "nt" else "bin"


def build(folder: Path) -> Path:
    """The wheel. The sources are copied first: what an earlier build left behind must not get in."""
    source = folder / "source"
    for name in PACKAGES:
        copytree(ROOT / name, source / name, ignore=ignore_patterns("__pycache__"))
    for name in _FILES:
        copy(ROOT / name, source / name)
    _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(source))
    (wheel,) = folder.glob("*.whl")
    return wheel


def files_in(wheel: Path) -> set[str]:
    """The paths in the wheel that are not about the wheel itself."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with Collate in it."""

    folder: Path

    @property
    def collate(self) -> str:
        """The program."""
        return str(self.folder / _BIN / "collate")

    @property
    def python(self) -> str:
        """The interpreter that runs it."""
        return str(self.folder / _BIN / ("python.exe" if os.name == "nt" else "python"))

    @property
    def _start(self) -> list[str]:
        # On Windows the program starts the server beside itself, where ending the one does not end the other.
        here = [self.python, "-P", "-m", "dashboard", "--server.headless", "true"]
        return here if os.name == "nt" else [self.collate, "dashboard", "--headless"]

    @property
    def packages(self) -> Path:
        """Where its packages lie."""
        return Path(sysconfig.get_path("purelib", "venv", {"base": str(self.folder), "platbase": str(self.folder)}))

    def run(self, *arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """One command, in that folder."""
        return subprocess.run(
            [self.collate, *arguments], cwd=cwd, env=_environment(), input=stdin, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    @contextmanager
    def serving(self, cwd: Path, *command: str, env: Mapping[str, str] | None = None) -> Iterator[Serving]:
        """The dashboard, started in that folder; by default by `collate dashboard`."""
        log = cwd / "log"
        with log.open("w+", encoding="utf-8") as errors, subprocess.Popen(
            command or self._start, cwd=cwd, env={**_environment(), **(env or {})},
            stdout=subprocess.PIPE, stderr=errors, text=True,
        ) as process:  # fmt: skip
            try:
                assert process.stdout is not None
                line = process.stdout.readline()
                found = re.fullmatch(r"Collate is at (http://\S+)\n", line)
                assert found, line + log.read_text("utf-8")
                yield Serving(found[1], log, process.pid)
            finally:
                process.terminate()
                process.wait(PATIENCE_S)


@dataclass(frozen=True, slots=True)
class Serving:
    """A dashboard that can be reached."""

    url: str
    log: Path
    """What it writes on standard error."""
    pid: int

    def page(self) -> list[ForwardMsg]:
        """Everything that Streamlit sends to a browser that opens the page."""
        ask, messages = BackMsg(), []
        ask.rerun_script.query_string = ""
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        with connect(address, subprotocols=["streamlit"], proxy=None, max_size=None) as socket:  # type: ignore[list-item]
            socket.send(ask.SerializeToString())
            while not (messages and messages[-1].WhichOneof("type") == "script_finished"):
                message = ForwardMsg()
                message.ParseFromString(socket.recv(timeout=PATIENCE_S))
                messages.append(message)
        return messages


def install(wheel: Path, folder: Path) -> Installed:
    """A clean environment with the wheel, and the packages that the tests run on."""
    venv.create(folder, symlinks=os.name != "nt")
    installed = Installed(folder)
    (installed.packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    _pip("--python", installed.python, "install", "--no-deps", "--no-index", str(wheel))
    return installed


def _pip(*arguments: str) -> None:
    command = python("-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
