"""The server as whoever starts it meets it: what it says, and that it ends when it is told to."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn

from dashboard import server as serving
from prompts.core.child_process import python
from tests.patience import PATIENCE_S, wait_until

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "collate": ("prompts.cli.main", "dashboard", "--headless"),
    "streamlit": ("streamlit", "run", str(ROOT / "dashboard" / "app.py"), "--server.headless", "true"),
}
Start = Callable[..., "subprocess.Popen[str]"]
HANG_UP = getattr(signal, "SIGHUP", signal.SIGTERM)  # Windows has none

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and groups of processes as POSIX has them")


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Start the app by one of the commands; it is killed with the test, and whatever it started."""
    started: list[subprocess.Popen[str]] = []

    def start(command: str, *more: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            python("-m", *COMMANDS[command], *more), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True,
            preexec_fn=_hear_all,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    for note in home.rglob("asking/*.json"):  # who asks for a server that was killed would wait for the next
        with suppress(ProcessLookupError):
            os.kill(json.loads(note.read_text("utf-8"))["process"], signal.SIGKILL)


def _hear_all() -> None:
    """Whoever started the tests may have told their children to ignore some."""
    for number in (signal.SIGINT, HANG_UP):
        signal.signal(number, signal.SIG_DFL)


def address_of(process: subprocess.Popen[str]) -> str:
    """What it says of where it is; whatever it says before fails the test."""
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.fullmatch(r"Collate is at (http://127\.0\.0\.1:\d+)\n", line)
    assert found, line
    return found[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_first_line_is_the_address_and_ending_what_was_started_ends_it(command: str, start: Start) -> None:
    process = start(command)
    address = address_of(process)
    with urllib.request.urlopen(f"{address}/_stcore/health", timeout=PATIENCE_S) as response:  # noqa: S310
        assert response.status == 200
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE_S)
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), 1):
        pass
    assert process.stdout is not None
    assert process.stdout.read() == "", "no welcome, no advertisement, no traceback"


@pytest.mark.parametrize("how", [signal.SIGINT, HANG_UP])
def test_ctrl_c_and_a_closed_terminal_end_it_without_a_word(how: signal.Signals, start: Start) -> None:
    process = start("collate")
    address_of(process)
    process.send_signal(how)
    assert process.wait(PATIENCE_S) == 0
    assert process.stdout is not None
    assert process.stdout.read() == ""


def test_the_address_is_the_real_one_where_the_usual_port_is_taken(start: Start) -> None:
    first, second = start("collate"), start("collate")
    assert address_of(first) != address_of(second)


STALLED = """
import contextlib, itertools, sys, uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from dashboard import server as serving
from dashboard.exports import offers

@contextlib.asynccontextmanager
async def lifespan(app):
    serving.end_in_time()
    yield
    print("ended", flush=True)

class Offer:
    state, format_name, name, who, offered_at = "offered", "csv", "runs.csv", "", float("inf")
    stop = lambda self: None
    pieces = lambda self: itertools.repeat(b"x" * 100_000)

offers.exports._offers["any"] = Offer()
app = Starlette(routes=offers.routes(), lifespan=lifespan)
uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
"""


def test_an_export_that_nobody_reads_on_does_not_put_off_the_end(home: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        python("-c", STALLED, str(port)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            with connected(port) as reader:
                reader.sendall(b"GET /api/v1/exports/any HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert b"200 OK" in reader.recv(1000)
                process.send_signal(signal.SIGTERM)
                said, _ = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
    assert "ended" in said
    assert "Traceback" not in said


def connected(port: int) -> socket.socket:
    opened: list[socket.socket] = []

    def listens() -> bool:
        with suppress(ConnectionRefusedError):
            opened.append(socket.create_connection(("127.0.0.1", port), PATIENCE_S))
        return bool(opened)

    wait_until(listens)
    return opened[0]


def test_a_server_that_is_told_to_end_is_known_to() -> None:
    server = uvicorn.Server(uvicorn.Config("no:app"))
    with server.capture_signals():
        assert not serving.stops()
        server.should_exit = True
        assert serving.stops()


async def test_small_pieces_leave_at_once_as_on_every_other_server(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_INET) as listening:  # as Streamlit makes it
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        group = SimpleNamespace(sockets=[listening])
        monkeypatch.setattr(serving, "_server", lambda: SimpleNamespace(started=True, servers=[group]))
        await serving.send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_elsewhere_than_under_its_server_nothing_is_known() -> None:
    assert await serving.address() is None
    assert not serving.stops()
    serving.end_in_time()


def test_streamlits_own_welcome_and_its_card_are_hidden() -> None:
    settings = tomllib.loads((ROOT / "dashboard" / ".streamlit" / "config.toml").read_text())
    assert settings["logger"]["hideWelcomeMessage"] is True
