"""Where to find the asking process that has the same version, record and configuration.

Owns the folder and what is in it: a note with address and key, and a lock that shows that the process is running. The
name of a place is a hash of all that decides how is asked, so programs that would ask differently never meet.
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
"""In bytes. The system allows a little more, but truncates longer paths silently."""
_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("prompts", "providers")


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one asking process, whether it is running or not."""

    folder: Path
    name: str

    @property
    def socket(self) -> Path | None:
        """The Unix socket to listen at; `None`:
        use a port, as this system has no such sockets or the path is too long."""
        path = self.folder / f"{self.name}.sock"
        fits = hasattr(asyncio, "start_unix_server") and len(os.fsencode(path)) <= _LONGEST_SOCKET
        return path if fits else None

    def publish(self, address: Address) -> None:
        """Write down where the process listens, readable by its owner only."""
        said = {
            "socket": str(address.socket or ""), "port": address.port, "key": address.key.hex(), "process": os.getpid(),
        }  # fmt: skip
        fresh = self._file(f"new-{os.getpid()}")
        with open(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            json.dump(said, file)
        os.replace(fresh, self._file("json"))

    def address(self) -> Address | None:
        """Where the process listened last; `None` if it never did."""
        try:
            said = json.loads(self._file("json").read_text("utf-8"))
            return Address(Path(said["socket"]) if said["socket"] else None, said["port"], bytes.fromhex(said["key"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def log(self) -> BinaryIO:
        """A new log file for the process's own errors, as the terminal belongs to the page server."""
        file = os.open(self._file("log"), os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        return open(file, "wb", buffering=0)

    def last_words(self) -> str:
        """The last line of the log; empty if there is none."""
        try:
            lines = self._file("log").read_text("utf-8", "replace").split("\n")
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def withdraw(self) -> None:
        """Remove the note, so that no new callers come."""
        self._file("json").unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove the socket of a process that died, so that the next can listen there."""
        if self.socket is not None:
            self.socket.unlink(missing_ok=True)

    @contextmanager
    def ours(self) -> Generator[bool]:
        """Whether this process holds the lock of this place, kept until the context is left.

        The system releases it if the process dies.
        """
        with self._file("lock").open("ab") as file:
            yield _locked(file.fileno())

    def _file(self, kind: str) -> Path:
        return self.folder / f"{self.name}.{kind}"


def place_of(configuration: Configuration) -> Place:
    """The place of the process that asks with the same version, record and configuration as this one."""
    told = repr((_stamp(), sys.version, sys.prefix, default_url(), _variables(), _settings(configuration)))
    return Place(_folder(), hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest()[:16])


def _folder() -> Path:
    """In the data folder, where later programs find it; if that is not writable, a temporary folder."""
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
    """The size and time of each source file, so that a version changed while a process runs counts as another."""
    files = [
        file for package in _PACKAGES for file in (_ROOT / package).rglob("*.*") if file.suffix in (".py", ".toml")
    ]
    facts = [(str(file.relative_to(_ROOT)), file.stat()) for file in sorted(files)]
    return [(name, about.st_size, about.st_mtime_ns) for name, about in facts]


def _variables() -> list[tuple[str, str]]:
    """The environment variables that affect asking. The record's address is excluded, as `place_of` adds it itself."""
    return sorted(
        (name, value)
        for name, value in os.environ.items()
        if name.startswith(("COLLATE_", "OTEL_")) and name != VARIABLE
    )


def _settings(configuration: Configuration) -> tuple[object, ...]:
    """The settings that affect asking. Keys are excluded, as they are sent with each run."""
    try:
        prices = configuration.prices.read_bytes()
    except OSError:
        prices = b""
    hosts = [(name, _plain(each)) for name, each in configuration.connections.items()]
    told = configuration.telemetry
    return configuration.deadlines, configuration.record, told.logs, told.metrics, prices, hosts


def _plain(connection: Connection) -> list[object]:
    """All fields but the key, including those that the `repr` omits."""
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
