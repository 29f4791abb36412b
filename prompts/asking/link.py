"""The way from pages to the asking process: found or started, and found or started again when it is gone.

Owns the child that it starts. A call that was on its way when the process died is never made again: it may have
been carried out.
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
"""How long a process may take to be there; one that does not end by itself is waited for so long."""
GLANCE_S = 0.02
AWAY_S = 5.0
"""How soon a process that could not be started is tried again."""
REAP_S = 5.0
STOP_S = 15.0
"""How long a process that was told to stop may take to record what it has."""
FIRST_S = 5.0
"""How long the first process is put off, so that the first page has the processor."""
_BROKEN_OFF = """\
The process that asks models ended in the middle of this. Look into History before you ask again: it may have begun."""
_NOT_STARTED = "The process that asks models could not be started, so nothing is sent. {why}"


class Link:
    """One per page server, on one event loop."""

    def __init__(self, place: Place, *, aloud: bool = False) -> None:
        """`aloud`: what the process logs goes where this one's logs go, for whoever gathers them."""
        self._place, self._aloud = place, aloud
        self._caller: Caller | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._settled = asyncio.Event()
        """Connected, or known not to be."""
        self._wanted = asyncio.Event()
        self._leaving = False
        self.problem: str | None = None

    @property
    def pid(self) -> int | None:
        """The process that was started here, if it was and lives."""
        return self._child.pid if self._child and self._child.poll() is None else None

    @property
    def connected(self) -> bool:
        """Whether a process is there to be called."""
        return self._caller is not None

    async def keep(self, met: Callable[[], None], follow: Callable[[], Any], lost: Callable[[], None]) -> None:
        """Stay connected until `leave`.

        `met` is told of each process that is met, `follow` runs beside it, `lost` is told when it has gone.
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
        """What the method returns. Raises what it raises, and `RecordError` where no process answers."""
        caller = await self._ready()
        try:
            return await caller.call(service, method, *arguments, **named)
        except GoneError as exc:
            raise RecordError(_BROKEN_OFF) from exc

    async def each(self, service: str, method: str, *arguments: Any, **named: Any) -> AsyncGenerator[Any]:
        """What the method yields. Raises likewise."""
        caller = await self._ready()
        try:
            async for item in caller.each(service, method, *arguments, **named):
                yield item
        except GoneError as exc:
            raise RecordError(_BROKEN_OFF) from exc

    def wait_for_child(self) -> None:
        """Until a process that was started here has ended. Blocks."""
        if self._child is not None:
            self._reaper.join()

    def see_out(self, wait_s: float) -> None:
        """The same where the end of this process would kill it, as in a container: after a wait it is told to stop.

        It then ends what it asks and records what arrived. Blocks.
        """
        if self._child is None:
            return
        self._reaper.join(wait_s)
        if self._reaper.is_alive():
            self._child.terminate()
            self._reaper.join(STOP_S)

    async def leave(self) -> None:
        """Say farewell: it goes on with what it is asking, and then ends."""
        self._leaving = True
        if self._caller is not None:
            await self._caller.leave()
            await self._caller.close()

    async def _until_wanted(self) -> None:
        """The first page comes first: a process is started when it is called, or soon after in any case."""
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
        """A channel to the process of our place, started if there is none."""
        until = time.monotonic() + START_S
        while True:
            address = self._place.address()
            if address is not None:
                try:
                    return await connect(address)
                except ChannelError:
                    pass  # it has ended, or another program has its port
            if self._child is None and not self._wanted.is_set():
                await self._until_wanted()
                continue  # another page server may have started it
            if self._child is None:
                self._child = self._start()
                self._reaper = threading.Thread(target=self._child.wait, name="reaper", daemon=True)
                self._reaper.start()
            status = self._child.poll()
            if status is not None:
                self._child = None  # 0: another one is there, and perhaps just about to end
            if status:
                raise ChannelError(f"It ended at once, with status {status}. {self._place.last_words()}".rstrip())
            if time.monotonic() > until:
                raise ChannelError(f"It was not there within {START_S:g} s.")
            await asyncio.sleep(GLANCE_S)

    def _start(self) -> subprocess.Popen[bytes]:
        """In a session of its own: Ctrl-C in the terminal is for the page server, which says farewell."""
        apart = 0
        if sys.platform == "win32":
            apart = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        program = python("-m", PROGRAM, str(self._place.folder), self._place.name)
        with self._place.log() as log:  # not our own outlet: whoever reads that waits for its last writer
            return subprocess.Popen(  # noqa: S603 -- our own program, and where it is found
                program, stdin=subprocess.DEVNULL, stdout=log, stderr=None if self._aloud else log,
                start_new_session=True, creationflags=apart,
            )  # fmt: skip

    async def _lives(self) -> bool:
        """Whether the process is there all the same: a connection may end without it."""
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
        """A child that has ended is taken for alive until its end is taken note of."""
        if self._child is not None and not self._leaving:
            await asyncio.to_thread(self._reaper.join, REAP_S)
            if self._child.poll() is not None:
                self._child = None


async def _until_gone(follow: Callable[[], Any]) -> None:
    try:
        await follow()
    except (GoneError, RecordError):
        return
