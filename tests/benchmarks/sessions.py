"""Many sessions of the real dashboard at once, as clients that speak Streamlit's own protocol over WebSocket.

Each opens a run of its own on Compare and then clicks about (the page drawn again, and again). Whatever the server
sends it is searched for the words of all others: none may be there. Memory is the server's, before, with all, and
after they have left. Linux: it is read from /proc.

    python -m tests.benchmarks.sessions 50
    python -m tests.benchmarks.sessions 20 90  # each presses Run again and again, for so many seconds
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from prompts.core.targets import Target
from prompts.record.rows import UNFINISHED
from tests.benchmarks.apart import resident_mb
from tests.benchmarks.app import App
from tests.benchmarks.report import figure, spread, title
from tests.benchmarks.wire import Pace, Wire
from tests.runs import started

SESSIONS, DRAWN = 50, 5
ASKED_S = 4.0
"""Between two presses of one session: its answers take somewhat more than two."""
SETTLED_S = 60.0
FORMATS = ("chat", "responses", "anthropic", "google")
_MARK = re.compile(rb"mark-\d+-of-one")
_FINISHED = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY


@dataclass(slots=True)
class Seen:
    """What one session was sent."""

    number: int
    marks: set[bytes] = field(default_factory=set[bytes])
    exceptions: int = 0
    took_s: list[float] = field(default_factory=list[float])
    run_button: str = ""
    """What Streamlit calls the button Run of its page."""
    pressed: int = 0

    @property
    def mark(self) -> bytes:
        """The word that only its own run holds."""
        return b"mark-%d-of-one" % self.number


async def attend(
    url: str, query: str, seen: Seen, arrived: asyncio.Barrier, leave: asyncio.Event, asks_s: float
) -> None:  # fmt: skip
    """Open the page, draw it again some times or ask for so many seconds, wait for all others, leave."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with websockets.connect(address, subprotocols=["streamlit"], origin=url, max_size=None) as socket:  # type: ignore[list-item]
        for _ in range(DRAWN):
            await _draw(socket, seen, query)
        end = time.perf_counter() + asks_s
        while time.perf_counter() < end:
            await _draw(socket, seen, query, press=seen.run_button)
            seen.pressed += 1
            await asyncio.sleep(ASKED_S)  # its answers come meanwhile
        await arrived.wait()
        await leave.wait()


async def _draw(socket: websockets.ClientConnection, seen: Seen, query: str, press: str = "") -> None:
    """Draw the page anew, as after a click; `press`: on this button."""
    began = time.perf_counter()
    asked = BackMsg()
    asked.rerun_script.query_string = query
    if press:
        asked.rerun_script.widget_states.widgets.add(id=press, trigger_value=True)
    await socket.send(asked.SerializeToString())
    await _drawn(socket, seen)
    seen.took_s.append(time.perf_counter() - began)


async def _drawn(socket: websockets.ClientConnection, seen: Seen) -> None:
    """Read until the script has finished."""
    async for data in socket:
        assert isinstance(data, bytes)
        seen.marks |= set(_MARK.findall(data))
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "delta":
            element = message.delta.new_element
            seen.exceptions += element.WhichOneof("type") == "exception"
            if element.WhichOneof("type") == "button" and element.button.id.endswith("-run"):
                seen.run_button = element.button.id
        if message.WhichOneof("type") == "script_finished" and message.script_finished == _FINISHED:
            return


async def gather(app: App, runs: list[str], asks_s: float = 0) -> tuple[list[Seen], float]:
    """All sessions; and the server's memory while all are there."""
    sessions = [Seen(number) for number in range(len(runs))]
    arrived, leave = asyncio.Barrier(len(runs) + 1), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for seen, run in zip(sessions, runs, strict=True):
            group.create_task(attend(app.url, f"run={run}", seen, arrived, leave, asks_s))
        await arrived.wait()
        most = resident_mb(app.process.pid)
        leave.set()
    return sessions, most


def answers_of(app: App, but: set[str]) -> Counter[str]:
    """What became of all answers on record, those of the runs `but` left out, by their states."""
    with closing(sqlite3.connect(app.database.removeprefix("sqlite:///"))) as connection:
        found = connection.execute("SELECT run_id, state FROM completions").fetchall()
    return Counter(state for run, state in found if run not in but)


def settled(app: App, but: set[str]) -> Counter[str]:
    """The same once nothing is under way, or a minute has passed."""
    end = time.perf_counter() + SETTLED_S
    while (found := answers_of(app, but)) and any(found[each] for each in UNFINISHED) and time.perf_counter() < end:
        time.sleep(1)
    return found


def main(count: int = SESSIONS, asks_s: int = 0) -> None:
    """Print what was crossed, and what a session costs; with `asks_s` also what became of what it asked."""
    title(f"{count} sessions over WebSocket, each with a run of its own, drawn {DRAWN} times, asking for {asks_s} s")
    with Wire(Pace()) as wire, App(wire.url) as app:
        made = [
            started(f"mark-{number}-of-one", [Target(name, f"bench-{n}") for n, name in enumerate(FORMATS)])
            for number in range(count)
        ]
        for run in made:
            app.put_on_record(run)
        asyncio.run(gather(app, [made[0].id]))  # the first page imports
        before = resident_mb(app.process.pid)
        sessions, most = asyncio.run(gather(app, [run.id for run in made], asks_s))
        time.sleep(2 + ASKED_S)
        after = resident_mb(app.process.pid)
        states = settled(app, {run.id for run in made})
        log = app.log.read_text(errors="replace")
    figure("sessions that saw their own run", sum(seen.mark in seen.marks for seen in sessions), f" of {count}")
    figure("crossed: another's words", sum(bool(seen.marks - {seen.mark}) for seen in sessions), most=0)
    failed = sum(seen.exceptions for seen in sessions)
    figure("pages that failed", failed, most=0)
    if failed:
        print(log)  # why: the page does not tell
    figure("memory before, one session seen", before, " MB")
    figure("memory for each session", (most - before) / count, " MB")
    figure("memory after all have left", after, " MB")
    if asks_s:
        figure("Run pressed", sum(seen.pressed for seen in sessions))
        figure("answers on record", states.total())
        for state in states:
            figure(f"of them {state}", states[state], most=None if state == "complete" else 0)
    spread("a page drawn, all at once", [took for seen in sessions for took in seen.took_s], " s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
