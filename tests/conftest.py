"""Keeps every test inside this machine and away from the user's own data, keys and configuration."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import copy
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from prompts.asking import link
from prompts.record import database
from providers import known_keys
from providers.config import configuration
from providers.config.connections import AUTHORITY_VARIABLES, ENVIRONMENT
from providers.measuring import measure
from providers.network import transport
from providers.network.exchange import Exchange
from tests import leaks, new_records, warm
from tests.stepped import SteppedClock

_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
_PREFIXES = (
    "COLLATE_", "OPENAI_", "ANTHROPIC_", "GOOGLE_", "GEMINI_", "OLLAMA_", "STREAMLIT_",
    *(name.removesuffix("API_KEY") for name in ENVIRONMENT if name.endswith("_API_KEY")),
)  # fmt: skip
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class OutsideWorldError(RuntimeError):
    """A test tried to leave this machine."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected stays until the end: looking through it again and again doubles the work."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: once Playwright has started, its event loop holds the thread, and no async test can run."""
    items.sort(key=lambda item: "browser" in item.path.parts)


def _isolate(patch: pytest.MonkeyPatch, home: Path) -> None:
    """An environment as on a machine where nothing was ever set up."""
    for name in list(os.environ):
        if name.startswith(_PREFIXES) or name.lower() in _PROXIES or name in AUTHORITY_VARIABLES:
            patch.delenv(name)
    # Where Playwright keeps its browsers must not move with HOME.
    patch.setenv("PLAYWRIGHT_BROWSERS_PATH", _browsers())
    patch.setenv("HOME", str(home))
    for name in _FOLDERS:
        patch.setenv(name, str(home / name.lower()))
    patch.setenv("COLLATE_DATABASE_URL", f"sqlite:///{home}/collate.db")
    patch.setenv("COLLATE_CONFIG", str(home / "collate.toml"))
    patch.setenv("COLLATE_PRICES", str(home / "prices.toml"))
    patch.setenv("COLLATE_EMBEDDED", "0")  # whether a model file is installed must not change what a test sees


def _browsers() -> str:
    return os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or str(Path.home() / ".cache" / "ms-playwright")


MAIN = sys.modules["__main__"]
"""Before any page was drawn: what is made for a whole module draws one before its first test."""


@pytest.fixture(scope="session", autouse=True)
def isolated_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For what lives longer than a test, such as a server that many tests ask."""
    with pytest.MonkeyPatch.context() as patch:
        _isolate(patch, tmp_path_factory.mktemp("home"))
        yield


@pytest.fixture(autouse=True)
def no_leaks() -> Iterator[None]:
    """Each test, with its fixtures, closes what it opened."""
    with leaks.none():
        yield


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the next home goes. Pytest would look through all that are there already to number each."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def home(homes: Iterator[Path], isolated_session: None, no_leaks: None) -> Iterator[Path]:
    """The test's own home folder: empty, with the record, `collate.toml` and `prices.toml` expected in it."""
    folder = next(homes)
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        _isolate(patch, folder)
        # The project's own secrets.toml is the developer's: not read either.
        patch.setattr(configuration, "__file__", str(folder / "project" / "providers" / "config" / "configuration.py"))
        yield folder


@pytest.fixture(scope="session")
def nest(isolated_session: None) -> Iterator[str | None]:
    """Where processes are had that have imported all but the dashboard; `None` where nothing can be forked safely."""
    with ExitStack() as stack:
        with leaks.lasting():
            name = stack.enter_context(warm.nest(warm.ROOT, warm.PROMPTS))
        yield name


@pytest.fixture
def warm_asking(nest: str | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process that asks is a fork where there are any: it is what it does that is tested, not how it begins."""
    made: list[warm.Forked] = []

    def begin(*command: Any, **more: Any) -> warm.Forked:
        made.append(warm.popen(nest)(*command, **more))
        return made[-1]

    if nest is not None:
        monkeypatch.setattr(link, "subprocess", SimpleNamespace(Popen=begin, DEVNULL=subprocess.DEVNULL))
    yield
    for each in made:
        each.close()


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch, no_leaks: None) -> Iterator[None]:
    """Refuses every connection and every look-up of a name that leads outside; the test fails even if it is caught."""
    refused: list[str] = []
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(host: object) -> None:
        if not _is_here(host):
            refused.append(str(host))
            raise OutsideWorldError(f"a test tried to reach {host!r}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(address[0] if isinstance(address, tuple) else None)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(address[0] if isinstance(address, tuple) else None)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if isinstance(name, str) and name.endswith(".invalid"):  # reserved: it never exists
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        check(name)
        return look_up(host, *args, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield
    assert not refused, f"the test tried to reach {', '.join(refused)}"


@pytest.fixture(autouse=True)
def only_its_own_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that one test makes is masked in no other's texts; those that a module makes for all its tests stay."""
    for name in ("forms", "pieces", "_by_start"):
        monkeypatch.setattr(known_keys, name, copy(getattr(known_keys, name)))


@pytest.fixture(autouse=True)
def quick_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new record in a file is a copy of an empty one."""
    monkeypatch.setattr(database, "_migrate", new_records.make)


@pytest.fixture(autouse=True)
def the_same_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is tested takes the place of `__main__`; processes begun by a later test would run that page."""
    monkeypatch.setitem(sys.modules, "__main__", MAIN)


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> SteppedClock:
    """The time of the test's event loop, which stands still: no deadline passes and nothing is late by itself."""
    monkeypatch.setattr(transport, "SETTLE_S", 0.0)  # nobody waits between two requests
    return SteppedClock(asyncio.get_running_loop())


@pytest.fixture
def exchanges(monkeypatch: pytest.MonkeyPatch) -> list[Exchange]:
    """What the network does for each attempt that is measured, as it happens."""
    made: list[Exchange] = []

    def note(clock: Callable[[], float], **more: Any) -> Exchange:
        made.append(Exchange(clock, **more))
        return made[-1]

    monkeypatch.setattr(measure, "Exchange", note)
    return made


def _is_here(host: object) -> bool:
    """`None` is a Unix socket, or a look-up of our own address."""
    if host in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
