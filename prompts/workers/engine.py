"""The only module that uses procrastinate: notifies workers on other machines that there is something to ask.

A job is an invitation, `{experiment, provider}`, in the inbox of one worker; never a prompt, an answer or a key. It is
done as soon as it is accepted: who owns a cell, what was sent and what it may cost is on record, so a lost or duplicate
job does no harm. Import this module only where it is needed, as the extra may not be installed.
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
"""Seconds between checks of the inbox, in case a notification is lost."""
Accept = Callable[[str, str], Awaitable[None]]
"""Called for an invitation with (experiment id, provider name)."""
ENGINE_ERRORS = (ProcrastinateException,)
VERSION = version("procrastinate")


def whole() -> str:
    """The statements that create the engine's tables."""
    return SchemaManager.get_schema()


def steps() -> tuple[Step, ...]:
    """All migrations of these tables since the engine's first release, oldest first."""
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return tuple(Step(file.stem, file.read_text("utf-8")) for file in files)


class Engine:
    """One connection pool of procrastinate, on one event loop."""

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
        """Invite each of `workers` to ask those of `providers` that it listens for."""
        for worker in workers:
            for provider in providers.get(worker, ()):
                inbox = _inbox(worker)
                job = self._app.configure_task(TASK, queue=inbox, queueing_lock=f"{inbox} {experiment} {provider}")
                try:
                    await job.defer_async(experiment=experiment, provider=provider)
                except AlreadyEnqueued:
                    log.debug("%s is invited already", worker)

    async def listen(self, worker: str, accept: Accept) -> None:
        """Accept invitations for `worker` until cancelled or until the database is unreachable.

        Raises one of `ENGINE_ERRORS` in the latter case.
        """
        self._accept = accept
        await self._app.run_worker_async(
            queues=[_inbox(worker)], name=worker, concurrency=8, install_signal_handlers=False,
            fetch_job_polling_interval=POLL_S, delete_jobs="always", shutdown_graceful_timeout=1.0,
        )  # fmt: skip

    async def clear(self, alive: Iterable[str]) -> None:
        """Delete the invitations of workers that no longer exist."""
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
    """The name of a worker's own queue: all are invited, and cells are shared by claims.

    Short, as it names a channel.
    """
    return f"ask:{worker.replace('-', '')}"


def quiet(log_level: int = logging.WARNING) -> None:
    """Silence the engine's messages about each job, which tell people nothing."""
    logging.getLogger("procrastinate").setLevel(log_level)
