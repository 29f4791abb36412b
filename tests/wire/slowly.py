"""A server that sends a stream part by part, each when its time has come on the client's own clock.

The test moves that clock and lets go of the next part only when the part before has been read, so every time that
the client takes is known to the last digit, on any machine.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from providers.completion import Completion
from providers.network.exchange import Exchange
from tests.patience import PATIENCE_S, until
from tests.stepped import SteppedClock
from tests.wire.server import Reply


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of the body, and the seconds that pass before them."""

    after_s: float
    data: bytes


class Slowly:
    """Plays parts, then ends the answer or says no more. Without parts (`None`) it does not even send headers."""

    def __init__(self, parts: Sequence[Part] | None, content_type: str, *, ends: bool = True) -> None:
        self._parts, self._content_type, self._ends = parts, content_type, ends
        self._asked, self._next = threading.Event(), threading.Semaphore(0)

    async def play(self, reply: Reply) -> None:
        """The server's script."""
        self._asked.set()
        if self._parts is None:
            return await reply.stall()
        if not self._parts:
            await reply.head(content_type=self._content_type)
        for number, part in enumerate(self._parts):
            await asyncio.to_thread(self._next.acquire, timeout=PATIENCE_S)
            if number == 0:
                await reply.head(content_type=self._content_type)
            await reply.send(part.data)
        return await (reply.end() if self._ends else reply.stall())

    async def be_heard(
        self, asked: asyncio.Task[Completion], clock: SteppedClock, exchanges: Sequence[Exchange]
    ) -> None:
        """Returns when the client has read all of it, or has ended. `exchanges`: its network's, this one last."""
        await until(lambda: self._asked.is_set() or asked.done())
        if self._parts == []:
            await until(lambda: exchanges[-1].headers_at or asked.done())
        sent = 0
        for part in self._parts or ():
            clock.move(part.after_s)
            self._next.release()
            sent += len(part.data)
            await until(lambda sent=sent: exchanges[-1].received == sent or asked.done())
            await clock.idle()
