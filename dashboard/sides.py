"""The two places from which models can be asked: this process, or a separate one. Pages see no difference."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from prompts.asking.link import Link
from prompts.asking.place import place_of
from prompts.asking.reach import Reach
from prompts.asking.remote_runs import RemoteRuns
from prompts.asking.remote_service import Wait, remote
from prompts.asking.runs import Asker, Runs
from prompts.asking.vitals import Vitals
from prompts.history.archive import Archive
from prompts.record import leases
from prompts.record.database import RecordError, open_database
from providers.catalogue.pricing import Pricer
from providers.config.configuration import Configuration
from providers.config.connections import Connection

if TYPE_CHECKING:
    from prompts.experiments.experiments import Experiments

log = logging.getLogger("collate")


class Side(Protocol):
    """A place from which models are asked. Made and used on one event loop."""

    @property
    def runs(self) -> Asker:
        """The runs asked from there."""
        ...

    reach: Reach

    @property
    def experiments(self) -> Experiments | None:
        """Experiments asked from there; `None` until the record is open."""
        ...

    async def open(self) -> sa.Engine:
        """Open the record for reading in this process. Raises `RecordError` if that fails; it can be tried again."""
        ...

    async def page_drawn(self, connections: Sequence[Connection]) -> None:
        """The first page has been drawn: what the first run would wait for can be imported now."""
        ...

    async def live(self) -> bool:
        """Whether the asking side works; if it hangs, so does this call."""
        ...

    async def ready(self) -> bool:
        """Whether a model could be asked now. May wait for a process that is being started."""
        ...

    async def counts(self) -> str | None:
        """Counts of finished calls, in Prometheus' format; `None` if nothing is counted. Raises `RecordError`."""
        ...

    async def stop(self) -> None:
        """Stop whatever cannot outlive this process."""
        ...

    async def close(self) -> None:
        """Finish and close everything. Raises `RecordError` if results were lost."""
        ...

    def see_out(self, wait_s: float) -> None:
        """Block until answers that would outlive this process have ended, at most about `wait_s` seconds.

        For places where nothing can outlive it, such as containers. Call after `close`.
        """
        ...


MakeSide = Callable[[Configuration, Pricer, Wait], Side]


class Here:
    """This process asks, as the command line does."""

    def __init__(self, configuration: Configuration, pricer: Pricer, _wait: Wait) -> None:
        self.runs = Runs(configuration, pricer)
        self.reach = Reach(self.runs.runner)
        self.experiments: Experiments | None = None
        self._vitals = Vitals(self.runs)

    async def open(self) -> sa.Engine:
        """See `Side`."""
        if not await self.runs.open_record() or self.runs.recorder is None:
            raise RecordError(self.runs.problem or "There is no record.")
        from prompts.experiments.experiments import Experiments  # a tenth of all imports, and no first page needs it

        self.experiments = Experiments(self.runs.runner, self.runs.recorder)
        return self.runs.recorder.database

    async def page_drawn(self, connections: Sequence[Connection]) -> None:
        """Does nothing: importing would slow down the pages, which share this interpreter."""

    async def live(self) -> bool:
        """See `Side`."""
        return await self._vitals.live()

    async def ready(self) -> bool:
        """See `Side`."""
        return await self._vitals.ready()

    async def counts(self) -> str | None:
        """See `Side`."""
        return await self._vitals.counts()

    async def stop(self) -> None:
        """See `Side`."""
        if self.experiments is not None:
            await self.experiments.aclose()
        await self.runs.stop_all()

    async def close(self) -> None:
        """See `Side`."""
        await self.runs.close()

    def see_out(self, wait_s: float) -> None:
        """Does nothing, because nothing outlives this process."""


class Apart:
    """A separate process asks: no page shares its interpreter, and its answers outlive this process."""

    def __init__(self, configuration: Configuration, _pricer: Pricer, wait: Wait) -> None:
        self.link = Link(place_of(configuration), aloud=configuration.telemetry.logs == "json")
        self.runs = RemoteRuns(self.link)
        self.reach = remote(Reach, "reach", self.link, wait)
        self._vitals = remote(Vitals, "vitals", self.link, wait)
        self._wait = wait
        self._experiments: Experiments | None = None
        self._database: sa.Engine | None = None
        self._kept: asyncio.Task[None] | None = None

    async def open(self) -> sa.Engine:
        """See `Side`. The asking process is started afterwards, so that only one process migrates the record."""
        self._database = await asyncio.to_thread(_settled)
        keep = self.link.keep(self.runs.recovered, self.runs.follow, self.runs.lost)
        self._kept = asyncio.create_task(_logged(keep))
        return self._database

    @property
    def experiments(self) -> Experiments | None:
        """See `Side`. Imported when a page first needs it."""
        if self._experiments is None and self._database is not None:
            from prompts.experiments.experiments import Experiments

            self._experiments = remote(Experiments, "experiments", self.link, self._wait)
        return self._experiments

    async def page_drawn(self, connections: Sequence[Connection]) -> None:
        """See `Side`."""
        await self.reach.warm(connections)

    async def live(self) -> bool:
        """See `Side`. True also while the other process is being restarted: there is no need to restart this one."""
        return not self.link.connected or await self._vitals.live()

    async def ready(self) -> bool:
        """See `Side`."""
        return self._database is not None and await self._vitals.ready()

    async def counts(self) -> str | None:
        """See `Side`."""
        return await self._vitals.counts()

    async def stop(self) -> None:
        """Leave the asking process: it finishes what it is asking, then ends by itself."""
        if number := self.runs.under_way:
            what = "1 answer is" if number == 1 else f"{number} answers are"
            print(f"{what} still in progress: asking continues until the end is on record.", flush=True)
        await self.link.leave()

    async def close(self) -> None:
        """See `Side`."""
        if self._kept is not None:
            self._kept.cancel()
            await asyncio.wait([self._kept])
        if self._database is not None:
            self._database.dispose()

    def see_out(self, wait_s: float) -> None:
        """See `Side`."""
        self.link.see_out(wait_s)


def _settled() -> sa.Engine:
    """Open the record and settle what dead processes left in it, so that the first page can say so."""
    database = open_database()
    try:
        Archive(database).write(lambda connection: leases.recover(connection, ""))
    except RecordError as exc:  # such as for a read-only record, which every page reports anyway
        log.info("what dead processes left could not be settled: %s", exc)
    return database


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        log.exception("the way to the asking process: a defect of Collate itself")
