"""The asking process: one event loop that asks, measures and records, and does nothing else.

Owns its life: it serves whoever holds its key, goes on while something is asked, and ends by itself when nobody
is left. A page server that dies takes nothing with it; the next one finds the process where `place` says.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Protocol

from prompts.asking.calls import Host
from prompts.asking.channel import KEY_BYTES, Channel, listening
from prompts.asking.place import Place
from prompts.asking.reach import Reach
from prompts.asking.remote_runs import TICK_S, ServedRuns
from prompts.asking.runner import Runner
from prompts.asking.runs import Runs
from prompts.asking.vitals import Vitals
from prompts.observing import logs
from prompts.record.recorder import Recorder, RecordError
from providers.catalogue.pricing import Pricer
from providers.config import configuration

log = logging.getLogger("collate")

LINGER_S = 30.0
"""How long it waits for a page server that is gone without a farewell, and for its first."""
GLANCE_S = 1.0
"""How often it looks whether what is asked has ended, while nobody is there."""
LAST_CALL_S = 0.2


class Service(Protocol):
    """What else it serves: what lies above this room comes from whoever starts it."""

    @property
    def busy(self) -> bool:
        """Whether it asks something just now."""
        ...

    async def aclose(self) -> None:
        """Stop that."""
        ...


Services = Callable[[Runner, Recorder], Mapping[str, Service]]
"""Made once the record is open."""


def _none(_: Runner, __: Recorder) -> Mapping[str, Service]:
    return {}


class AskingProcess:
    """One of them, on its event loop."""

    def __init__(self, place: Place, runs: Runs, more: Services) -> None:
        self._place, self._runs, self._more = place, runs, more
        self._services: dict[str, object] = {
            "runs": ServedRuns(runs), "reach": Reach(runs.runner), "vitals": Vitals(runs),
        }  # fmt: skip
        self._busy_ones: list[Service] = []
        self._callers = 0
        self._deserted = True
        """The last that left said no farewell, or none has come yet: it may be back."""
        self._changed = asyncio.Event()
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """End properly: what is live is stopped and recorded."""
        self._stopped.set()
        self._changed.set()

    async def record_opened(self) -> None:
        """Serve what needs the record, as soon as it is open."""
        await self._runs.open_record_later()
        if self._runs.recorder is not None:
            made = self._more(self._runs.runner, self._runs.recorder)
            self._services |= made
            self._busy_ones += made.values()

    async def serve(self) -> None:
        """Serve until it is stopped, or nobody is left and nothing is asked."""
        self._place.clear()
        async with listening(self._meet, secrets.token_bytes(KEY_BYTES), self._place.socket) as address:
            try:
                while not self._stopped.is_set():
                    self._place.publish(address)
                    await self._until_left()
                    self._place.withdraw()
                    if await self._nobody_came():
                        break
            finally:
                self._place.withdraw()
            for each in self._busy_ones:
                await each.aclose()
            await self._runs.stop_all()
            await asyncio.sleep(2 * TICK_S if self._callers else 0)  # pages are told how it ended

    async def _meet(self, channel: Channel) -> None:
        self._callers += 1
        self._changed.set()
        try:
            self._deserted = not await Host(self._services, channel).serve()
        finally:
            self._callers -= 1
            self._changed.set()

    async def _until_left(self) -> None:
        while not self._stopped.is_set():
            needed = self._callers > 0 or self._busy()
            if not needed and not self._deserted:
                return
            try:
                async with asyncio.timeout(GLANCE_S if needed else LINGER_S):
                    await self._changed.wait()
                self._changed.clear()
            except TimeoutError:
                if not needed and not self._busy():
                    return

    async def _nobody_came(self) -> bool:
        """Whoever found the note just before it was taken away may be on the way."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_CALL_S):
                await self._changed.wait()
        self._changed.clear()
        return self._callers == 0 and not self._busy()

    def _busy(self) -> bool:
        return bool(self._runs.asked) or any(each.busy for each in self._busy_ones)


async def ask_for_others(place: Place, more: Services = _none) -> None:
    """Be the asking process of that place, unless there is one already."""
    setup = configuration.load()
    logs.set_up(setup.telemetry)
    with place.ours() as ours:
        if not ours:
            return
        runs = Runs(setup, Pricer(setup.connections, setup.prices))
        process = AskingProcess(place, runs, more)
        _end_properly(process)
        await runs.open_record()
        opened = asyncio.create_task(process.record_opened())
        gc.freeze()  # what is imported now lives as long as the process
        await process.serve()
        opened.cancel()
        try:
            await runs.close()
        except RecordError as exc:
            log.error("%s", exc)


def _end_properly(process: AskingProcess) -> None:
    """What ends a process stops what is live first. A terminal that is closed is no concern of it."""
    loop = asyncio.get_running_loop()

    def on_windows(*_: object) -> None:
        loop.call_soon_threadsafe(process.stop)

    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, process.stop)
        except NotImplementedError:  # Windows
            signal.signal(number, on_windows)
