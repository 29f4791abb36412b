"""A command that is stopped, or whose reader has gone, ends quietly and keeps what arrived."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prompts.core.child_process import python
from tests.patience import PATIENCE_S, wait_until
from tests.prompts.cli.commands import CHAT, COMMAND, GREETINGS, environment
from tests.prompts.samples import rows
from tests.wire.server import Reply, WireServer

if sys.platform != "win32":
    import fcntl
    import pty
    import termios


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
    assert process.returncode == 128 + how
    assert b"Traceback" not in errors
    assert stalling.requests[0].disconnected.wait(PATIENCE_S)
    assert stalling.requests[0].client_left
    assert rows(home / "collate.db", "SELECT state, text FROM completions") == [("cancelled", "Hello")]


POSIX = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


@POSIX
@pytest.mark.parametrize("how", [[signal.SIGINT], [signal.SIGTERM], [HANG_UP, signal.SIGTERM, HANG_UP]])
def test_an_experiment_that_was_ended_goes_on_with_what_is_missing_and_asks_nothing_twice(
    how: list[signal.Signals], server: WireServer, home: Path, collate: Any, record_url: str
) -> None:
    """Four calls are under way then. They may have been charged, so they are not asked again without a word."""
    cases, before, at_once = 12, 6, 4
    (home / "plan.toml").write_text(GREETINGS + "".join(f'[[cases.row]]\nname = "person {n}"\n' for n in range(cases)))
    env = {"COLLATE_DATABASE_URL": record_url}

    async def stall_later(reply: Reply) -> None:
        if len(server.requests) > before:
            await reply.stream(CHAT.answer(["Hel", "lo"], ())[:3], end=False)
            await reply.stall()
        await CHAT.playing()(reply)

    server.script = stall_later
    with subprocess.Popen(
        [*COMMAND, "run", "plan.toml", "--at-once", str(at_once)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=home, env=environment(home, **env), preexec_fn=_hear_interrupts,
    ) as process:  # fmt: skip
        wait_until(lambda: len(server.requests) == before + at_once or process.poll() is not None)
        for number in how:
            process.send_signal(number)
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 128 + how[0]
    assert errors.decode() == "collate: Stopped. To ask for what is missing, run the same command with --resume.\n"
    server.script = CHAT.playing()
    done = collate("run", "plan.toml", "--resume", "--json", **env)
    side = json.loads(done.stdout)["sides"][0]
    assert (side["answered"], side["unanswered"]) == (cases - at_once, {"stopped": at_once})
    assert set(Counter(request.json["messages"][0]["content"] for request in server.requests).values()) == {1}
    assert len(server.requests) == cases


NEVER_STOPS = """
import asyncio, sys
from prompts.cli.interrupts import heed_signals, run_until_ended

async def work():
    print("begun", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        print("stopping", flush=True)
        await asyncio.Event().wait()

heed_signals()
run_until_ended(work())
"""


@POSIX
def test_a_second_ctrl_c_ends_at_once_what_takes_long_to_stop(home: Path) -> None:
    with subprocess.Popen(
        python("-c", NEVER_STOPS), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home, env=environment(home),
        preexec_fn=_hear_interrupts,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == b"stopping\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert errors.decode() == "collate: Ended at once. What was not recorded yet is lost, and may have been charged.\n"


@POSIX
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_question_on_the_terminal_is_ended_by_the_first_signal(
    how: signal.Signals, server: WireServer, home: Path
) -> None:
    (home / "plan.toml").write_text(f'{GREETINGS}[budget]\nask_above = 0.0001\n[[cases.row]]\nname = "you"\n')
    (home / "prices.toml").write_text('["wire:llama"]\ninput = 1.0\noutput = 100.0\n')
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "run", "plan.toml"], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home,
        env=environment(home), preexec_fn=_hear_interrupts,
    ) as process:  # fmt: skip
        os.close(theirs)
        assert process.stderr is not None
        said = b""
        while not said.endswith(b"[y/N] ") and (more := os.read(process.stderr.fileno(), 4096)):
            said += more
        process.send_signal(how)
        _, errors = process.communicate(timeout=PATIENCE_S)
    os.close(ours)
    assert said.endswith(b"[y/N] ")
    assert process.returncode == 128 + how
    assert b"Traceback" not in errors
    assert server.calls(CHAT.path) == []


def _in_a_terminal() -> None:
    _hear_interrupts()
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@POSIX
@pytest.mark.parametrize("command", [["run", "plan.toml"], ["ask", "Say hello.", "-m", "wire:m"]])
def test_a_command_whose_terminal_is_closed_says_so_by_its_status_and_keeps_what_arrived(
    command: list[str], stalling: WireServer, home: Path
) -> None:
    (home / "plan.toml").write_text(f'{GREETINGS}[[cases.row]]\nname = "you"\n')
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *command], stdin=theirs, stdout=theirs, stderr=theirs, cwd=home, env=environment(home),
        preexec_fn=_in_a_terminal,
    ) as process:  # fmt: skip
        os.close(theirs)
        wait_until(lambda: stalling.calls(CHAT.path) or process.poll() is not None)
        os.close(ours)
        assert process.wait(PATIENCE_S) == 129
    assert rows(home / "collate.db", "SELECT state FROM completions") == [("cancelled",)]


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
