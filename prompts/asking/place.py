"""Where the asking process of this version, record and configuration is found.

Owns the folder and what lies in it: a note with address and key, a lock that says it lives. Two programs that
would ask differently never meet: the name of a place tells them apart.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import BinaryIO

from platformdirs import user_data_path

from prompts.asking.channel import Address
from prompts.record.database import VARIABLE, default_url
from providers.config.configuration import Configuration
from providers.config.connections import Connection

_LONGEST_SOCKET = 100
"""Bytes. The system allows a little more, and cuts what is longer."""
_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("prompts", "providers")


@dataclass(frozen=True, slots=True)
class Place:
    """One asking process, whether it lives or not."""

    folder: Path
    name: str

    @property
    def socket(self) -> Path | None:
        """Where it listens; `None`: at a port, because this system has no such sockets or the path is too long."""
        path = self.folder / f"{self.name}.sock"
        fits = hasattr(asyncio, "start_unix_server") and len(os.fsencode(path)) <= _LONGEST_SOCKET
        return path if fits else None

    def publish(self, address: Address) -> None:
        """Say where it listens, to its owner only."""
        said = {
            "socket": str(address.socket or ""), "port": address.port, "key": address.key.hex(), "process": os.getpid(),
        }  # fmt: skip
        fresh = self._file(f"new-{os.getpid()}")
        with open(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            json.dump(said, file)
        os.replace(fresh, self._file("json"))

    def address(self) -> Address | None:
        """Where it listened last; `None` if it never did."""
        try:
            said = json.loads(self._file("json").read_text("utf-8"))
            return Address(Path(said["socket"]) if said["socket"] else None, said["port"], bytes.fromhex(said["key"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def log(self) -> BinaryIO:
        """What it writes of mistakes of its own, begun anew; the terminal belongs to the page server."""
        file = os.open(self._file("log"), os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        return open(file, "wb", buffering=0)

    def last_words(self) -> str:
        """The last line of that; empty if there is none."""
        try:
            lines = self._file("log").read_text("utf-8", "replace").split("\n")
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def withdraw(self) -> None:
        """Nobody new is to come."""
        self._file("json").unlink(missing_ok=True)

    def clear(self) -> None:
        """Take away what a process that died left where the next one listens."""
        if self.socket is not None:
            self.socket.unlink(missing_ok=True)

    @contextmanager
    def ours(self) -> Generator[bool]:
        """Whether this process is the only one here, as long as it holds this; its death ends that by itself."""
        with self._file("lock").open("ab") as file:
            yield _locked(file.fileno())

    def _file(self, kind: str) -> Path:
        return self.folder / f"{self.name}.{kind}"


def place_of(configuration: Configuration) -> Place:
    """Where the process is that asks as this one would."""
    told = repr((_stamp(), sys.version, sys.prefix, default_url(), _variables(), _settings(configuration)))
    return Place(_folder(), hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest()[:16])


def _folder() -> Path:
    """In the data folder, where a later program finds it again; where that cannot be written to, one of our own."""
    folder = user_data_path("collate", appauthor=False) / "asking"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError:
        return _folder_of_our_own()
    return folder if os.access(folder, os.W_OK) else _folder_of_our_own()


@cache
def _folder_of_our_own() -> Path:
    return Path(tempfile.mkdtemp(prefix="collate-"))


@cache
def _stamp() -> list[tuple[str, int, int]]:
    """This version, to the file: one that was changed under a running process is another."""
    files = [
        file for package in _PACKAGES for file in (_ROOT / package).rglob("*.*") if file.suffix in (".py", ".toml")
    ]
    facts = [(str(file.relative_to(_ROOT)), file.stat()) for file in sorted(files)]
    return [(name, about.st_size, about.st_mtime_ns) for name, about in facts]


def _variables() -> list[tuple[str, str]]:
    """What of the environment is followed. The record's address is told apart by itself."""
    return sorted(
        (name, value)
        for name, value in os.environ.items()
        if name.startswith(("COLLATE_", "OTEL_")) and name != VARIABLE
    )


def _settings(configuration: Configuration) -> tuple[object, ...]:
    """What is followed by whoever asks. Keys are masked: they come with each run."""
    try:
        prices = configuration.prices.read_bytes()
    except OSError:
        prices = b""
    hosts = [(name, _plain(each)) for name, each in configuration.connections.items()]
    told = configuration.telemetry
    return configuration.deadlines, configuration.record, told.logs, told.metrics, prices, hosts


def _plain(connection: Connection) -> list[object]:
    """Also what its `repr` leaves out, but for the key."""
    return [getattr(connection, each.name) for each in fields(Connection) if each.name != "key"]


if os.name == "nt":  # pragma: no cover
    import msvcrt

    def _locked(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
