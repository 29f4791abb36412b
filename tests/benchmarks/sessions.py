"""Many sessions of the real dashboard at once, as clients that speak Streamlit's own protocol over WebSocket.

Each opens a run of its own on Compare and then clicks about (the page drawn again, and again). Whatever the server
sends it is searched for the words of all others: none may be there. Memory is the server's, before, with all, and
after they have left. Linux: it is read from /proc.

    python -m tests.benchmarks.sessions 50
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from prompts.core.targets import Target
from tests.benchmarks.apart import resident_mb
from tests.benchmarks.app import App
from tests.benchmarks.report import figure, spread, title
from tests.benchmarks.wire import Pace, Wire
from tests.runs import started

SESSIONS, DRAWN = 50, 5
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

    @property
    def mark(self) -> bytes:
        """The word that only its own run holds."""
        return b"mark-%d-of-one" % self.number


async def attend(url: str, query: str, seen: Seen, arrived: asyncio.Barrier, leave: asyncio.Event) -> None:
    """Open the page, draw it again some times, wait for all others, leave."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with websockets.connect(address, subprotocols=["streamlit"], origin=url, max_size=None) as socket:  # type: ignore[list-item]
        for _ in range(DRAWN):
            began = time.perf_counter()
            asked = BackMsg()
            asked.rerun_script.query_string = query
            await socket.send(asked.SerializeToString())
            await _drawn(socket, seen)
            seen.took_s.append(time.perf_counter() - began)
        await arrived.wait()
        await leave.wait()


async def _drawn(socket: websockets.ClientConnection, seen: Seen) -> None:
    """Read until the script has finished."""
    async for data in socket:
        assert isinstance(data, bytes)
        seen.marks |= set(_MARK.findall(data))
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "delta":
            seen.exceptions += message.delta.new_element.WhichOneof("type") == "exception"
        if message.WhichOneof("type") == "script_finished" and message.script_finished == _FINISHED:
            return


async def gather(app: App, runs: list[str]) -> tuple[list[Seen], float]:
    """All sessions; and the server's memory while all are there."""
    sessions = [Seen(number) for number in range(len(runs))]
    arrived, leave = asyncio.Barrier(len(runs) + 1), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for seen, run in zip(sessions, runs, strict=True):
            group.create_task(attend(app.url, f"run={run}", seen, arrived, leave))
        await arrived.wait()
        most = resident_mb(app.process.pid)
        leave.set()
    return sessions, most


def main(count: int = SESSIONS) -> None:
    """Print what was crossed, and what a session costs."""
    title(f"{count} sessions over WebSocket, each with a run of its own, drawn {DRAWN} times")
    with Wire(Pace()) as wire, App(wire.url) as app:
        made = [
            started(f"mark-{number}-of-one", [Target(name, f"bench-{n}") for n, name in enumerate(FORMATS)])
            for number in range(count)
        ]
        for run in made:
            app.put_on_record(run)
        asyncio.run(gather(app, [made[0].id]))  # the first page imports
        before = resident_mb(app.process.pid)
        sessions, most = asyncio.run(gather(app, [run.id for run in made]))
        time.sleep(2)
        after = resident_mb(app.process.pid)
    figure("sessions that saw their own run", sum(seen.mark in seen.marks for seen in sessions), f" of {count}")
    figure("crossed: another's words", sum(bool(seen.marks - {seen.mark}) for seen in sessions), most=0)
    figure("pages that failed", sum(seen.exceptions for seen in sessions), most=0)
    figure("memory before, one session seen", before, " MB")
    figure("memory for each session", (most - before) / count, " MB")
    figure("memory after all have left", after, " MB")
    spread("a page drawn, all at once", [took for seen in sessions for took in seen.took_s], " s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
