"""A command that is stopped, or whose reader has gone, ends quietly and keeps what arrived."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S
from tests.prompts.cli.commands import CHAT, COMMAND, environment
from tests.prompts.samples import rows
from tests.wire.server import Reply, WireServer


@pytest.fixture
def stalling(server: WireServer) -> WireServer:
    async def script(reply: Reply) -> None:
        await reply.stream(CHAT.answer(["Hel", "lo"], ())[:3], end=False)
        await reply.stall()

    server.script = script
    return server


HANG_UP = getattr(signal, "SIGHUP", signal.SIGTERM)  # Windows has none


def _hear_interrupts() -> None:
    """A shell that started the tests in the background, or `nohup`, has told its children to ignore them."""
    for number in (signal.SIGINT, HANG_UP):
        signal.signal(number, signal.SIG_DFL)


def _in_the_background() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize(
    ("how", "started"),
    [
        (signal.SIGINT, _hear_interrupts), (signal.SIGTERM, _hear_interrupts), (signal.SIGTERM, _in_the_background),
        (HANG_UP, _hear_interrupts),
    ],
)  # fmt: skip
def test_an_interrupt_stops_the_request_and_keeps_what_arrived(
    how: signal.Signals, started: Callable[[], None], stalling: WireServer, home: Path
) -> None:
    with subprocess.Popen(
        [*COMMAND, "ask", "Say hello.", "-m", "wire:m"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home,
        env=environment(home), preexec_fn=started,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        seen = b""
        while b"Hello" not in seen:
            seen += os.read(process.stdout.fileno(), 4096)
        process.send_signal(how)
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert stalling.requests[0].disconnected.wait(PATIENCE_S)
    assert stalling.requests[0].client_left
    assert rows(home / "collate.db", "SELECT state, text FROM completions") == [("cancelled", "Hello")]


def test_a_reader_that_has_seen_enough_ends_the_program_quietly(server: WireServer, home: Path) -> None:
    many = ["word " * 200] * 200
    server.script = CHAT.playing(CHAT.answer(many, ()), gap_s=0.002)
    with subprocess.Popen(
        [*COMMAND, "ask", "Say hello.", "-m", "wire:m"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home,
        env=environment(home),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        os.read(process.stdout.fileno(), 100)
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(PATIENCE_S)
    assert process.returncode == 1
    assert b"Traceback" not in errors
