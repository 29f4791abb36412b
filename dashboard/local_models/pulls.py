"""Downloads ("pulls") of local models: started by a page, run on the engine's loop, found again by any page.

There is one pull per server and model; it outlives reruns, page changes and closed tabs. Imports no Streamlit.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from dashboard.engine import Engine
from prompts.core.speed import Speed
from prompts.record import rights
from prompts.record.database_errors import RecordError
from prompts.record.rights import OPERATOR, Actor
from prompts.record.trail import Act, What
from providers import errors
from providers.adapters.ollama import Ollama
from providers.adapters.ollama_listing import full_name
from providers.config.connections import Connection
from providers.errors import Failure
from providers.local.ollama_facts import Progress
from providers.local.ollama_models import OllamaModels
from providers.measuring.measure import Clock, monotonic

log = logging.getLogger("collate")

MANAGE: rights.Act = "pull, unload or delete local models"
State = Literal["live", "done", "failed", "cancelled"]

SPEED_S = 5.0
"""Seconds over which the speed is averaged: short, so that it follows the network."""
_SPEED_FROM_S = 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """The progress of a pull, over the parts begun so far: Ollama reports a part only when its turn comes."""

    status: str = ""
    """The current step, in Ollama's words."""
    completed_bytes: int = 0
    total_bytes: int = 0
    parts: int = 0
    parts_done: int = 0
    bytes_per_s: float | None = None
    """`None` in the first second, and once nothing is being downloaded."""

    @property
    def share(self) -> float | None:
        """The share that is complete, from 0 to 1; `None` before any size is known."""
        return min(1.0, self.completed_bytes / self.total_bytes) if self.total_bytes else None

    @property
    def left_s(self) -> float | None:
        """Seconds until the parts begun are complete, at the current speed; `None` if that is not known."""
        rest = self.total_bytes - self.completed_bytes
        return rest / self.bytes_per_s if self.bytes_per_s and rest > 0 else None


@dataclass(slots=True, eq=False)
class Pull:
    """One download. Only the engine's loop changes it; pages read `figures`, which is replaced as a whole."""

    name: str
    clock: Clock = monotonic
    server: str = ""
    """The address of the Ollama that pulls it."""
    state: State = "live"
    figures: Figures = Figures()
    failure: Failure | None = None
    heard_at: float = field(init=False)
    """Reading of `clock` when Ollama last reported something."""
    _parts: dict[str, tuple[int, int]] = field(default_factory=dict)
    _speed: Speed = field(init=False)
    _fetched: int = 0
    task: Future[None] | None = None

    def __post_init__(self) -> None:
        self.heard_at = self.clock()
        self._speed = Speed(self.clock, SPEED_S, _SPEED_FROM_S)

    @property
    def silent_s(self) -> float:
        """Seconds since Ollama last reported something."""
        return self.clock() - self.heard_at

    def take(self, line: Progress) -> None:
        """Take in one line of Ollama's progress report."""
        self.heard_at = self.clock()
        rate = None
        if line.digest and line.total_bytes:
            done = line.completed_bytes or 0
            # What a part has when it is first reported was there before: the pull was resumed, so it is not speed.
            before = self._parts[line.digest][0] if line.digest in self._parts else done
            self._parts[line.digest] = (done, line.total_bytes)
            self._fetched += done - before
            self._speed.mark(self._fetched)
            rate = self._speed.per_s()
        parts = self._parts.values()
        self.figures = Figures(
            line.status, sum(done for done, _ in parts), sum(total for _, total in parts), len(parts),
            sum(done >= total for done, total in parts), rate,
        )  # fmt: skip

    @property
    def what(self) -> dict[str, str]:
        """What is pulled to where, as the audit trail says it."""
        return {"model": full_name(self.name), "server": self.server}

    def end(self, state: State, failure: Failure | None = None) -> bool:
        """Note the outcome; `False`: it has ended already, and nothing was changed."""
        if self.state != "live":
            return False
        self.failure, self.figures = failure, replace(self.figures, bytes_per_s=None)
        self.state = state
        return True


class Pulls:
    """The models of each server, and the pulls of this process. Every method may be called from any thread."""

    def __init__(self, core: Engine) -> None:
        self._core = core
        self._models: dict[Connection, OllamaModels] = {}
        self._pulls: dict[tuple[Connection, str], Pull] = {}
        self._lock = threading.Lock()

    def models(self, connection: Connection) -> OllamaModels:
        """What can be done with the models of a connection. Raises `TypeError` if it is not an Ollama."""
        if connection not in self._models:
            provider = self._core.provider(connection)
            if not isinstance(provider, Ollama):
                raise TypeError(f"{connection.name} is not an Ollama server")
            self._models[connection] = OllamaModels(provider)
        return self._models[connection]

    def of(self, connection: Connection) -> tuple[Pull, ...]:
        """The pulls of one server, newest first."""
        return tuple(reversed([pull for (whose, _), pull in self._pulls.copy().items() if whose == connection]))

    def start(self, connection: Connection, name: str, by: Actor = OPERATOR) -> Pull:
        """Start a pull, or return the one under way. If it raises `RecordError`, nothing was started.

        The audit trail says that it was asked for, and then what became of it.
        """
        rights.check(by, MANAGE)
        key = connection, full_name(name)
        with self._lock:  # two people may press the button at the same moment
            if (known := self._pulls.get(key)) is not None and known.state == "live":
                return known
            pull = Pull(name, server=connection.endpoint)
            self._core.note("asked to pull a model", pull.what, by=by)
            self._pulls.pop(key, None)  # so that it becomes the newest
            self._pulls[key] = pull
            pull.task = self._core.submit(self._carry(connection, pull, by))
            return pull

    def cancel(self, pull: Pull, by: Actor = OPERATOR) -> None:
        """Stop a download by closing its connection; Ollama keeps what has arrived. Raises `NotAllowedError`.

        If it raises another `RecordError`, it was stopped, and only the audit trail does not say so.
        """
        rights.check(by, MANAGE)
        if not pull.end("cancelled"):
            return
        if pull.task is not None:
            pull.task.cancel()
        self._core.note("stopped a pull", pull.what, by=by)

    def unload(self, connection: Connection, name: str, by: Actor = OPERATOR) -> bool:
        """Unload a model from memory; `False` if it goes only when it has finished answering.

        Raises `NotAllowedError`, or `ProviderError` if Ollama cannot or will not.
        """
        rights.check(by, MANAGE)
        return self._core.call(self.models(connection).unload(name))

    def delete(self, connection: Connection, name: str, *, loaded: bool, by: Actor = OPERATOR) -> None:
        """Delete a model from the disk. Raises `RecordError`, or `ProviderError` if Ollama cannot or will not.

        `loaded`: unload it first, as Ollama's own command does; a model left in memory would go on answering. The audit
        trail says that it was asked for, and then what became of it.
        """
        rights.check(by, MANAGE)
        what = {"model": full_name(name), "server": connection.endpoint}
        self._core.note("asked to delete a model", what, by=by)
        models = self.models(connection)
        try:
            if loaded:
                self._core.call(models.unload(name))
            self._core.call(models.delete(name))
        except errors.ProviderError as exc:
            self._core.note("could not delete a model", {**what, "why": exc.failure.message}, by=by)
            raise
        self._core.models.forget(connection)
        self._core.note("deleted a model", what, by=by)

    def dismiss(self, connection: Connection, pull: Pull) -> None:
        """Remove a pull that has ended from the list."""
        if pull.state != "live":
            self._pulls.pop((connection, full_name(pull.name)), None)

    async def _carry(self, connection: Connection, pull: Pull, by: Actor) -> None:
        try:
            async with aclosing(self.models(connection).pull(pull.name)) as lines:
                async for line in lines:
                    pull.take(line)
        except errors.ProviderError as exc:
            await self._failed(pull, exc.failure, by)
        except Exception as exc:
            log.exception("pulling %s: a defect of Collate itself", pull.name)
            said = f"Collate itself failed: {type(exc).__name__}: {exc}"
            await self._failed(pull, errors.failure("protocol", said), by)
        else:
            self._core.models.forget(connection)
            if pull.end("done"):
                await self._tell("pulled a model", pull.what, by)

    async def _failed(self, pull: Pull, failure: Failure, by: Actor) -> None:
        if pull.end("failed", failure):
            await self._tell("could not pull a model", {**pull.what, "why": failure.message}, by)

    async def _tell(self, act: Act, what: What, by: Actor) -> None:
        """Note what became of a pull; nobody waits for it, so if the record cannot be written, the log says so."""
        try:
            await asyncio.to_thread(self._core.note, act, what, by)
        except RecordError as exc:
            log.warning("the audit trail does not say: %s: %s", act, exc)


def any_live(pulls: Iterable[Pull]) -> bool:
    """Whether any of them is still under way."""
    return any(pull.state == "live" for pull in pulls)


@lru_cache(maxsize=1)
def pulls_of(core: Engine) -> Pulls:
    """The pulls of this process, which has one engine."""
    return Pulls(core)
