"""Connects pages to the asking process: finds or starts it, and does so again when it is gone.

Owns the child process it starts. A call in progress when the process died is never repeated, as it may have been
carried out.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any

from prompts.asking.calls import Caller, GoneError
from prompts.asking.channel import Channel, ChannelError, connect
from prompts.asking.place import Place
from prompts.core.child_process import python
from prompts.record.recorder import RecordError

PROGRAM = "prompts.cli.asking_process"
START_S = 60.0
"""Time limit, in seconds, for a process to start listening, or for one that is ending to be gone."""
GLANCE_S = 0.02
AWAY_S = 5.0
"""Seconds before starting is tried again after a failure."""
REAP_S = 5.0
STOP_S = 15.0
"""Seconds given to a process that was told to stop for recording what it has."""
FIRST_S = 5.0
"""Seconds by which starting the first process is delayed, so that the first page has the processor to itself."""
_BROKEN_OFF = """\
The process that asks models ended in the middle of this. Check History before you ask again: it may have begun."""
_NOT_STARTED = "The process that asks models could not be started, so nothing is sent. {why}"


class Link:
    """The connection of one page server, on one event loop."""

    def __init__(self, place: Place, *, aloud: bool = False) -> None:
        """`aloud`: the process logs to this one's standard error,
        for whoever gathers logs, instead of to its log file."""
        self._place, self._aloud = place, aloud
        self._caller: Caller | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._settled = asyncio.Event()
        """Set once connected, or once it is known that there is no connection."""
        self._wanted = asyncio.Event()
        self._leaving = False
        self.problem: str | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process that was started here, if it is running."""
        return self._child.pid if self._child and self._child.poll() is None else None

    @property
    def connected(self) -> bool:
        """Whether there is a process to call."""
        return self._caller is not None

    async def keep(self, met: Callable[[], None], follow: Callable[[], Any], lost: Callable[[], None]) -> None:
        """Stay connected until `leave`.

        `met` is called for each process connected to, `follow` runs while connected, `lost` is called when it has gone.
        """
        while not self._leaving:
            try:
                channel = await self._join()
            except ChannelError as exc:
                self.problem = _NOT_STARTED.format(why=exc)
                self._settled.set()
                lost()
                await asyncio.sleep(AWAY_S)
                continue
            self.problem, self._caller = None, Caller(channel)
            met()
            self._settled.set()
            await asyncio.gather(self._caller.listen(), _until_gone(follow))
            self._caller = None
            self._settled = asyncio.Event()
            await self._reap()
            if not self._leaving and not await self._lives():
                lost()

    async def call(self, service: str, method: str, *arguments: Any, **named: Any) -> Any:
        """Call a method and return what it returns. Raises what it raises, and `RecordError` if no process answers."""
        caller = await self._ready()
        try:
            return await caller.call(service, method, *arguments, **named)
        except GoneError as exc:
            raise RecordError(_BROKEN_OFF) from exc

    async def each(self, service: str, method: str, *arguments: Any, **named: Any) -> AsyncGenerator[Any]:
        """Call an asynchronous generator and yield its items.

        Raises what it raises, and `RecordError` if no process answers.
        """
        caller = await self._ready()
        try:
            async for item in caller.each(service, method, *arguments, **named):
                yield item
        except GoneError as exc:
            raise RecordError(_BROKEN_OFF) from exc

    def wait_for_child(self) -> None:
        """Block until a process that was started here has ended."""
        if self._child is not None:
            self._reaper.join()

    def see_out(self, wait_s: float) -> None:
        """Like `wait_for_child`, for when the end of this process kills its child, as in a container.

        After `wait_s` seconds the child is told to stop; it then ends what it asks and records what arrived. Blocks.
        """
        if self._child is None:
            return
        self._reaper.join(wait_s)
        if self._reaper.is_alive():
            self._child.terminate()
            self._reaper.join(STOP_S)

    async def leave(self) -> None:
        """Say farewell: the asking process finishes what it is asking, and then ends."""
        self._leaving = True
        if self._caller is not None:
            await self._caller.leave()
            await self._caller.close()

    async def _until_wanted(self) -> None:
        """Wait until the process is needed, at most `FIRST_S`: the first page should be drawn first."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_S):
                await self._wanted.wait()
        self._wanted.set()

    async def _ready(self) -> Caller:
        self._wanted.set()
        await self._settled.wait()
        if self._caller is None:
            raise RecordError(self.problem or _NOT_STARTED.format(why=""))
        return self._caller

    async def _join(self) -> Channel:
        """Connect to the process of our place, starting one if there is none. Raises `ChannelError`."""
        until = time.monotonic() + START_S
        while True:
            address = self._place.address()
            if address is not None:
                try:
                    return await connect(address)
                except ChannelError:
                    pass  # it has ended, or another program listens on its port
            if self._child is None and not self._wanted.is_set():
                await self._until_wanted()
                continue  # by now another page server may have started it
            if self._child is None:
                self._child = self._start()
                self._reaper = threading.Thread(target=self._child.wait, name="reaper", daemon=True)
                self._reaper.start()
            status = self._child.poll()
            if status is not None:
                self._child = None  # status 0: another process holds the place, and may be about to end
            if status:
                raise ChannelError(f"It ended at once, with status {status}. {self._place.last_words()}".rstrip())
            if time.monotonic() > until:
                raise ChannelError(f"It did not start within {START_S:g} s.")
            await asyncio.sleep(GLANCE_S)

    def _start(self) -> subprocess.Popen[bytes]:
        """Start the process in a session of its own:
        Ctrl-C in the terminal is for the page server, which says farewell."""
        apart = 0
        if sys.platform == "win32":
            apart = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        program = python("-m", PROGRAM, str(self._place.folder), self._place.name)
        with self._place.log() as log:  # not our own pipe, as its reader would wait until the process ends
            return subprocess.Popen(  # noqa: S603 -- our own program, and where it is found
                program, stdin=subprocess.DEVNULL, stdout=log, stderr=None if self._aloud else log,
                start_new_session=True, creationflags=apart,
            )  # fmt: skip

    async def _lives(self) -> bool:
        """Whether the process is still running: a connection may end without it."""
        address = self._place.address()
        if address is None:
            return False
        try:
            channel = await connect(address)
        except ChannelError:
            return False
        await channel.close()
        return True

    async def _reap(self) -> None:
        """Note the end of our child, which counts as running until then."""
        if self._child is not None and not self._leaving:
            await asyncio.to_thread(self._reaper.join, REAP_S)
            if self._child.poll() is not None:
                self._child = None


async def _until_gone(follow: Callable[[], Any]) -> None:
    try:
        await follow()
    except (GoneError, RecordError):
        return
