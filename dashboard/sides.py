"""The two places where models may be asked: in this process, or in one of its own, which is the same to a page."""

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
    """Who asks. Made and used on one event loop."""

    @property
    def runs(self) -> Asker:
        """The runs that are asked there."""
        ...

    reach: Reach

    @property
    def experiments(self) -> Experiments | None:
        """`None` until the record is open."""
        ...

    async def open(self) -> sa.Engine:
        """The record, to be read by this process. Raises `RecordError` while it is away: then it can be tried again."""
        ...

    async def page_drawn(self, connections: Sequence[Connection]) -> None:
        """The first page is there: what its first run would wait for can be imported now."""
        ...

    async def live(self) -> bool:
        """Whether whoever asks goes on, if anybody does just now; hangs where it hangs."""
        ...

    async def ready(self) -> bool:
        """Whether something could be asked now. May wait for a process that is being started."""
        ...

    async def counts(self) -> str | None:
        """What was counted of settled calls, for Prometheus; `None` where nothing is counted. Raises `RecordError`."""
        ...

    async def stop(self) -> None:
        """Stop what would not outlive this process."""
        ...

    async def close(self) -> None:
        """Finish. Raises `RecordError` if results were lost."""
        ...

    def see_out(self, wait_s: float) -> None:
        """Wait for what outlives this process, because nothing can, at most about so long. Blocks; after `close`."""
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
        from prompts.experiments.experiments import Experiments  # a tenth of what is imported, and no first page's

        self.experiments = Experiments(self.runs.runner, self.runs.recorder)
        return self.runs.recorder.database

    async def page_drawn(self, connections: Sequence[Connection]) -> None:
        """Nothing: an import would hold up the pages that share the interpreter."""

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
        """Nothing outlives it."""


class Apart:
    """A process of its own asks: no page shares its interpreter, and what it asks outlives this process."""

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
        """See `Side`. The process is started when that is done: two would not bring a record up to date faster."""
        self._database = await asyncio.to_thread(_settled)
        keep = self.link.keep(self.runs.recovered, self.runs.follow, self.runs.lost)
        self._kept = asyncio.create_task(_logged(keep))
        return self._database

    @property
    def experiments(self) -> Experiments | None:
        """See `Side`. Imported when a page first wants it."""
        if self._experiments is None and self._database is not None:
            from prompts.experiments.experiments import Experiments

            self._experiments = remote(Experiments, "experiments", self.link, self._wait)
        return self._experiments

    async def page_drawn(self, connections: Sequence[Connection]) -> None:
        """See `Side`."""
        await self.reach.warm(connections)

    async def live(self) -> bool:
        """See `Side`. One that has died is being started again already: nobody need start us for it."""
        return not self.link.connected or await self._vitals.live()

    async def ready(self) -> bool:
        """See `Side`."""
        return self._database is not None and await self._vitals.ready()

    async def counts(self) -> str | None:
        """See `Side`."""
        return await self._vitals.counts()

    async def stop(self) -> None:
        """Say farewell. What is asked there goes on, and then that process ends."""
        if number := self.runs.under_way:
            what = "1 answer is" if number == 1 else f"{number} answers are"
            print(f"{what} still under way: asking goes on until the end is on record.", flush=True)
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
    """The record, and what dead processes left in it settled: the first page tells of it before anybody asks."""
    database = open_database()
    try:
        Archive(database).write(lambda connection: leases.recover(connection, ""))
    except RecordError as exc:  # as where it can only be read: whoever asks says so on every page
        log.info("what dead processes left could not be settled: %s", exc)
    return database


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        log.exception("the way to the asking process: a defect of Collate itself")
