"""The only place that knows procrastinate: who is told, on which machine, that there is something to ask.

A job is an invitation, `{experiment, provider}`, into the inbox of one worker; never a prompt, an answer or a key.
It is over as soon as it is accepted: whose a cell is, what was sent and what it may cost stand in the record, so a
job that is lost or comes twice costs nothing. Import this module only where it is wanted: the extra may be missing.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import procrastinate
import sqlalchemy as sa
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager

from prompts.workers.engine_schema import SCHEMA, Step

log = logging.getLogger("collate")

TASK = "collate.ask"
POLL_S = 5.0
"""How often the inbox is looked into besides, should a notification be lost."""
Accept = Callable[[str, str], Awaitable[None]]
"""An invitation: to which experiment, and for which provider."""
ENGINE_ERRORS = (ProcrastinateException,)
VERSION = version("procrastinate")


def whole() -> str:
    """The statements that make the engine's tables."""
    return SchemaManager.get_schema()


def steps() -> tuple[Step, ...]:
    """Every change of those tables since the engine's first release, the oldest first."""
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return tuple(Step(file.stem, file.read_text("utf-8")) for file in files)


class Engine:
    """One connection pool of the engine's, on one event loop."""

    def __init__(self, database: sa.Engine) -> None:
        _, arguments = database.dialect.create_connect_args(database.url)
        options = f"{arguments.get('options', '')} -c search_path={SCHEMA}".strip()
        connector = procrastinate.PsycopgConnector(
            kwargs={**arguments, "options": options}, min_size=1, max_size=3, timeout=10
        )
        self._app = procrastinate.App(connector=connector)
        self._accept: Accept | None = None
        self._app.task(name=TASK)(self._ask)

    async def open(self) -> None:
        """Connect."""
        await self._app.open_async()

    async def close(self) -> None:
        """Disconnect."""
        await self._app.close_async()

    async def invite(self, workers: Iterable[str], experiment: str, providers: Mapping[str, Iterable[str]]) -> None:
        """Tell each of `workers` about those of `providers` that it listens for."""
        for worker in workers:
            for provider in providers.get(worker, ()):
                inbox = _inbox(worker)
                job = self._app.configure_task(TASK, queue=inbox, queueing_lock=f"{inbox} {experiment} {provider}")
                try:
                    await job.defer_async(experiment=experiment, provider=provider)
                except AlreadyEnqueued:
                    log.debug("%s is invited already", worker)

    async def listen(self, worker: str, accept: Accept) -> None:
        """Accept what comes into the inbox of `worker`, until this is cancelled or the database is away.

        Raises one of `ENGINE_ERRORS` in the latter case.
        """
        self._accept = accept
        await self._app.run_worker_async(
            queues=[_inbox(worker)], name=worker, concurrency=8, install_signal_handlers=False,
            fetch_job_polling_interval=POLL_S, delete_jobs="always", shutdown_graceful_timeout=1.0,
        )  # fmt: skip

    async def clear(self, alive: Iterable[str]) -> None:
        """Take away the invitations of workers that are no longer there."""
        kept = {_inbox(worker) for worker in alive}
        for queue in await self._app.job_manager.list_queues_async(task=TASK):
            if queue["name"] not in kept:
                await self._empty(queue["name"])

    async def _empty(self, inbox: str) -> None:
        manager = self._app.job_manager
        for job in await manager.list_jobs_async(queue=inbox):
            if job.id is None:
                continue
            if job.status == Status.DOING.value:
                await manager.finish_job_by_id_async(job.id, Status.ABORTED, delete_job=True)
            else:
                await manager.cancel_job_by_id_async(job.id, delete_job=True)

    async def _ask(self, experiment: str, provider: str) -> None:
        if self._accept is not None:
            await self._accept(experiment, provider)


def _inbox(worker: str) -> str:
    """A queue for each worker: all of them are to come, and share the cells by claims. Short, as a channel must be."""
    return f"ask:{worker.replace('-', '')}"


def quiet(log_level: int = logging.WARNING) -> None:
    """The engine's own words about each job say nothing to people."""
    logging.getLogger("procrastinate").setLevel(log_level)
