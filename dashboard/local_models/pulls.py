"""Downloads of local models: begun by a page, carried by the engine, found again by any page.

Owns the state of each pull and its figures. One per server and model; it outlives reruns, page changes
and closed tabs. Imports no Streamlit.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from dashboard.engine import Engine
from prompts.core.speed import Speed
from prompts.record import rights
from prompts.record.rights import OPERATOR, Actor
from providers import errors
from providers.adapters.ollama import Ollama
from providers.adapters.ollama_listing import full_name
from providers.config.connections import Connection
from providers.errors import Failure
from providers.local.ollama_facts import Progress
from providers.local.ollama_models import OllamaModels
from providers.measuring.measure import Clock, monotonic

log = logging.getLogger("collate")

MANAGE: rights.Act = "pull or delete local models"
State = Literal["live", "done", "failed", "cancelled"]

SPEED_S = 5.0
"""The speed is that of the last seconds, so that it follows what the network does."""
_SPEED_FROM_S = 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """How far a pull is: bytes over the parts that Ollama has begun; it tells of a later one only in its turn."""

    status: str = ""
    """Ollama's own word."""
    completed_bytes: int = 0
    total_bytes: int = 0
    parts: int = 0
    parts_done: int = 0
    bytes_per_s: float | None = None
    """`None` in the first second, and when nothing is downloaded any more."""

    @property
    def share(self) -> float | None:
        """From 0 to 1; `None` before any size is known."""
        return min(1.0, self.completed_bytes / self.total_bytes) if self.total_bytes else None

    @property
    def left_s(self) -> float | None:
        """Seconds until the parts begun are complete, at the present speed."""
        rest = self.total_bytes - self.completed_bytes
        return rest / self.bytes_per_s if self.bytes_per_s and rest > 0 else None


@dataclass(slots=True, eq=False)
class Pull:
    """One download. Changed in the engine's loop only; a page reads `figures`, which are replaced as a whole."""

    name: str
    clock: Clock = monotonic
    state: State = "live"
    figures: Figures = Figures()
    failure: Failure | None = None
    heard_at: float = field(init=False)
    """Reading of `clock` when Ollama last said something."""
    _parts: dict[str, tuple[int, int]] = field(default_factory=dict)
    _speed: Speed = field(init=False)
    _fetched: int = 0
    task: Future[None] | None = None

    def __post_init__(self) -> None:
        self.heard_at = self.clock()
        self._speed = Speed(self.clock, SPEED_S, _SPEED_FROM_S)

    @property
    def silent_s(self) -> float:
        """How long Ollama has said nothing."""
        return self.clock() - self.heard_at

    def take(self, line: Progress) -> None:
        """Add one line of Ollama's."""
        self.heard_at = self.clock()
        rate = None
        if line.digest and line.total_bytes:
            done = line.completed_bytes or 0
            # What a part had at first sight was there before: it is resumed, not fast.
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

    def end(self, state: State, failure: Failure | None = None) -> None:
        """Note the outcome; the first one stays."""
        if self.state == "live":
            self.failure, self.figures = failure, replace(self.figures, bytes_per_s=None)
            self.state = state


class Pulls:
    """Every server's models, and the pulls of this process. Each method may be called from any thread."""

    def __init__(self, core: Engine) -> None:
        self._core = core
        self._models: dict[Connection, OllamaModels] = {}
        self._pulls: dict[tuple[Connection, str], Pull] = {}

    def models(self, connection: Connection) -> OllamaModels:
        """The models of a connection of kind `ollama` on the user's own host."""
        if connection not in self._models:
            provider = self._core.provider(connection)
            if not isinstance(provider, Ollama):
                raise TypeError(f"{connection.name} is no Ollama")
            self._models[connection] = OllamaModels(provider)
        return self._models[connection]

    def of(self, connection: Connection) -> tuple[Pull, ...]:
        """The pulls of one server, newest first."""
        return tuple(reversed([pull for (whose, _), pull in tuple(self._pulls.items()) if whose == connection]))

    def start(self, connection: Connection, name: str, by: Actor = OPERATOR) -> Pull:
        """Begin to pull; one that is under way is not begun again. Raises `RecordError`: then nothing is begun."""
        rights.check(by, MANAGE)
        self._core.note("pulled a model", {"model": full_name(name), "server": connection.endpoint}, by=by)
        key = connection, full_name(name)
        if (known := self._pulls.pop(key, None)) is not None and known.state == "live":
            self._pulls[key] = known
            return known
        pull = self._pulls[key] = Pull(name)
        pull.task = self._core.submit(self._carry(connection, pull))
        return pull

    def cancel(self, pull: Pull, by: Actor = OPERATOR) -> None:
        """End the download by closing its connection; Ollama keeps what has arrived. Raises `NotAllowedError`."""
        rights.check(by, MANAGE)
        pull.end("cancelled")
        if pull.task is not None:
            pull.task.cancel()

    def delete(self, connection: Connection, name: str, *, loaded: bool, by: Actor = OPERATOR) -> None:
        """Take a model off the disk. Raises `RecordError`, and `ProviderError` where Ollama does not follow.

        `loaded`: unload it first, as Ollama's own command does: what is in memory would go on answering.
        """
        rights.check(by, MANAGE)
        self._core.note("deleted a model", {"model": full_name(name), "server": connection.endpoint}, by=by)
        models = self.models(connection)
        if loaded:
            self._core.call(models.unload(name))
        self._core.call(models.delete(name))
        self._core.models.forget(connection)

    def dismiss(self, connection: Connection, pull: Pull) -> None:
        """Forget one that has ended."""
        if pull.state != "live":
            self._pulls.pop((connection, full_name(pull.name)), None)

    async def _carry(self, connection: Connection, pull: Pull) -> None:
        try:
            async with aclosing(self.models(connection).pull(pull.name)) as lines:
                async for line in lines:
                    pull.take(line)
        except errors.ProviderError as exc:
            pull.end("failed", exc.failure)
        except Exception as exc:
            log.exception("pulling %s: a defect of Collate itself", pull.name)
            pull.end("failed", errors.failure("protocol", f"Collate itself failed: {type(exc).__name__}: {exc}"))
        else:
            self._core.models.forget(connection)
            pull.end("done")


def any_live(pulls: Iterable[Pull]) -> bool:
    """Whether one is still under way."""
    return any(pull.state == "live" for pull in pulls)


@lru_cache(maxsize=1)
def pulls_of(core: Engine) -> Pulls:
    """The pulls of this process: there is one engine."""
    return Pulls(core)
