"""The asking process: one event loop that asks, measures and records, and does nothing else.

Owns its own life: it serves whoever holds its key, goes on while something is being asked, and ends when nobody is
left. It survives a page server that dies; the next server finds it at its `Place`.
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
"""Seconds to wait for the first page server, or for one that has gone without saying farewell."""
GLANCE_S = 1.0
"""Seconds between checks whether everything asked has ended, while nobody is connected."""
LAST_CALL_S = 0.2


class Service(Protocol):
    """A further service of the process. Those of higher layers are passed in by whoever starts the process."""

    @property
    def busy(self) -> bool:
        """Whether the service is asking something, so that the process must not end."""
        ...

    async def aclose(self) -> None:
        """Stop whatever the service is asking."""
        ...


Services = Callable[[Runner, Recorder], Mapping[str, Service]]
"""Makes the further services once the record is open, by name."""


def _none(_: Runner, __: Recorder) -> Mapping[str, Service]:
    return {}


class AskingProcess:
    """The state of the process, on its event loop."""

    def __init__(self, place: Place, runs: Runs, more: Services) -> None:
        self._place, self._runs, self._more = place, runs, more
        self._services: dict[str, object] = {
            "runs": ServedRuns(runs), "reach": Reach(runs.runner), "vitals": Vitals(runs),
        }  # fmt: skip
        self._busy_ones: list[Service] = []
        self._callers = 0
        self._deserted = True
        """Whether a page server may still come: the last one left without farewell, or none has come yet."""
        self._changed = asyncio.Event()
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Make `serve` return; live answers are stopped and recorded."""
        self._stopped.set()
        self._changed.set()

    async def record_opened(self) -> None:
        """Wait until the record is open, then add the services that need it."""
        await self._runs.open_record_later()
        if self._runs.recorder is not None:
            made = self._more(self._runs.runner, self._runs.recorder)
            self._services |= made
            self._busy_ones += made.values()

    async def serve(self) -> None:
        """Serve until `stop` is called, or until nobody is connected and nothing is being asked."""
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
            await asyncio.sleep(2 * TICK_S if self._callers else 0)  # so that pages learn how it ended

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
        """Wait briefly for callers that read the note just before it was removed, and return whether none came."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_CALL_S):
                await self._changed.wait()
        self._changed.clear()
        return self._callers == 0 and not self._busy()

    def _busy(self) -> bool:
        return bool(self._runs.asked) or any(each.busy for each in self._busy_ones)


async def ask_for_others(place: Place, more: Services = _none) -> None:
    """Run the asking process of that place until it ends; return at once if there is one already."""
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
        gc.freeze()  # what is imported now is needed until the process ends
        await process.serve()
        opened.cancel()
        try:
            await runs.close()
        except RecordError as exc:
            log.error("%s", exc)


def _end_properly(process: AskingProcess) -> None:
    """Let signals that end the process stop live answers first. Closing the terminal (SIGHUP) is ignored."""
    loop = asyncio.get_running_loop()

    def on_windows(*_: object) -> None:
        loop.call_soon_threadsafe(process.stop)

    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, process.stop)
        except NotImplementedError:  # Windows
            signal.signal(number, on_windows)
