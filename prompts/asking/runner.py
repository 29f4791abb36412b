"""Asks the lanes of a run, fairly and on record.

Owns the order of docs/design/failures.md#c1-intent-first: on record first, then on the wire;
whose turn it is says `scheduler.py`.
Refuses retries by itself (`retry` is somebody's decision), and a distant target for a run that may
only be asked near by.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from prompts.asking.scheduler import Queues, Turns
from prompts.core.run import Lane, Run
from prompts.core.targets import TargetError
from prompts.privacy import strip_text
from prompts.record.recorder import Recorder, RecordError
from providers import errors
from providers.catalogue.pricing import Pricer
from providers.completion import Completion, Cost, Timings
from providers.config.configuration import Configuration
from providers.config.connections import Connection
from providers.config.keep_rules import stricter
from providers.interface import Delta, Moved, Provider
from providers.measuring.measure import complete, monotonic, utc_now
from providers.registry import open_provider

log = logging.getLogger("collate")

Connections = Mapping[str, Connection]
Watch = Callable[[Lane], None]


class NotKeptError(ValueError):
    """What was asked is not on record, so it cannot be asked again."""


class NotLocalError(ValueError):
    """A target that is not near by, in a run that must not leave; the message says which."""


class Runner:
    """One per event loop: it owns the providers' clients. `recorder` is `None` where nothing is to be kept."""

    def __init__(self, configuration: Configuration, pricer: Pricer, recorder: Recorder | None) -> None:
        self.configuration, self.pricer, self.recorder = configuration, pricer, recorder
        self._providers: dict[Connection, Provider] = {}
        self._queues = Queues()

    def provider(self, connection: Connection) -> Provider:
        """The open provider of a connection; a session with its own key has a connection of its own."""
        if connection not in self._providers:
            self._providers[connection] = open_provider(connection)
        return self._providers[connection]

    async def begin(self, run: Run, connections: Connections) -> None:
        """Note what cannot be sent as given, and put the run on record.

        A run keeps at most what the configuration allows. Raises `RecordError` or `ValueError`: then nothing is sent.
        """
        run.keeps = stricter(run.keeps, self.configuration.record.keep)
        for lane in run.lanes:
            provider = self._provider(run, lane, connections)
            lane.adjustments = provider.adjustments(run.request(lane))
        if (recorder := self._recorder(run)) is not None:
            await recorder.begin_run(run)

    async def finish(self, run: Run, lanes: Sequence[Lane], connections: Connections) -> list[Lane]:
        """Claim those of `lanes` that a dead process left unfinished; returns the ones that are ours to `ask`.

        Raises what `begin` raises: then nothing is sent, and nothing claimed.
        """
        for lane in lanes:
            self._provider(run, lane, connections)
        recorder = self._recorder(run)
        taken = await recorder.claim([lane.id for lane in lanes]) if recorder else frozenset[str]()
        return [lane for lane in lanes if lane.id in taken]

    async def ask(
        self, run: Run, connections: Connections, watch: Watch = lambda _: None, lanes: Sequence[Lane] | None = None
    ) -> None:
        """Ask every lane, or only `lanes`, and return when all are done. Call `begin` or `finish` first."""
        asked = run.lanes if lanes is None else lanes
        providers = {lane: self._provider(run, lane, connections) for lane in asked}
        turns = Turns(run, {lane for lane in asked if not providers[lane].local}, self._queues)
        warmed = asyncio.create_task(_warm(providers.values()))
        async with asyncio.TaskGroup() as group:
            for lane in turns.order(asked):
                lane.begin()
                lane.task = group.create_task(self._ask(run, lane, providers[lane], warmed, turns, watch))

    async def retry(self, run: Run, lane: Lane, connections: Connections, watch: Watch = lambda _: None) -> None:
        """Ask one finished lane once more, as its next attempt; the lane has already begun it."""
        provider = self._provider(run, lane, connections)
        warmed = asyncio.create_task(_warm([provider]))
        turns = Turns(run, set(), self._queues)
        lane.task = asyncio.create_task(self._ask(run, lane, provider, warmed, turns, watch))
        await lane.task

    def stop(self, lane: Lane) -> None:
        """Stop one lane at once, also one that waits for its turn. From within the loop."""
        if lane.live and lane.task is not None and not lane.task.cancelling():  # once: twice would not be its own doing
            lane.task.cancel()

    async def aclose(self) -> None:
        """Close every provider's connections."""
        for provider in self._providers.values():
            await provider.aclose()

    def _recorder(self, run: Run) -> Recorder | None:
        return None if run.keeps == "nothing" else self.recorder

    def check(self, run: Run, lane: Lane, connections: Connections) -> None:
        """Raise `NotLocalError` or `TargetError`, in words for people, if the lane cannot be asked."""
        self._provider(run, lane, connections)

    def _provider(self, run: Run, lane: Lane, connections: Connections) -> Provider:
        """The provider of a lane. Raises `ValueError` in words for people: there is no other way to one from here."""
        if run.textless:
            raise NotKeptError("Only figures of this run are on record, so it cannot be asked again.")
        connection = connections.get(lane.target.provider)
        if connection is None:
            raise TargetError(f"{lane.target} cannot be asked: {lane.target.provider!r} is not a provider here.")
        if run.local_only and not connection.stays_local(lane.target.model):
            raise NotLocalError(f"{lane.target} is not on this machine or network, and this prompt is local only.")
        return self.provider(connection)

    async def _ask(
        self, run: Run, lane: Lane, provider: Provider, warmed: asyncio.Task[None], turns: Turns, watch: Watch
    ) -> None:
        lane.note = turns.reason(provider)
        lane.adjustments = provider.adjustments(run.request(lane))
        try:
            await asyncio.shield(warmed)
            async with turns.turn(lane, provider):
                lane.note, lane.state = None, "preparing"
                await self._attempt(run, lane, provider, watch)
        except asyncio.CancelledError:
            _swallow_cancel()
            await self._withdraw(run, lane, provider, "Stopped before it was sent.", watch)
        except RecordError as exc:
            await self._withdraw(run, lane, provider, f"Not sent: {exc}", watch)
        except Exception as exc:
            if not lane.live:
                raise  # the lane keeps its outcome; a reader of ours has failed, not the answer
            log.exception("%s: a defect of Collate itself", lane.target)
            lane.finish(defective(lane, provider, exc))  # else its column would wait for ever
            watch(lane)
        finally:
            turns.over(lane)

    async def _withdraw(self, run: Run, lane: Lane, provider: Provider, note: str, watch: Watch) -> None:
        """Nothing was sent and nothing will be. A lane that has its outcome keeps it."""
        if not lane.live:
            return
        lane.finish(never_sent(lane, provider), note)  # first: a second Stop finds nothing live
        watch(lane)
        if (recorder := self._recorder(run)) is not None:
            with suppress(RecordError):  # closed: then it has settled what was waiting
                await recorder.withdraw(lane.id)

    async def _attempt(self, run: Run, lane: Lane, provider: Provider, watch: Watch) -> None:
        """One attempt: its intent on record, the answer, its outcome on record."""
        recorder, attempt, whole = self._recorder(run), None, run.keeps == "everything"
        if recorder is not None:
            target = lane.target if whole else strip_text.of_target(lane.target)
            attempt = await recorder.begin_attempt(lane.id, lane.attempt, endpoint=provider.endpoint, target=target)

        def take(delta: Delta | Moved) -> None:
            lane.take(delta)
            if recorder is not None and attempt is not None and whole:
                if isinstance(delta, Moved):
                    recorder.note_move(attempt)
                else:
                    recorder.note_text(attempt, delta.text, delta.kind)
            watch(lane)

        lane.sent_at, lane.state = monotonic(), "sent"
        watch(lane)
        outcome = await complete(
            provider, run.request(lane), price=self.pricer, deadlines=self.configuration.deadlines, on_delta=take,
            attempt=lane.attempt,
        )  # fmt: skip
        lane.finish(outcome)  # first: from here on a Stop finds nothing live, and cannot lose a paid answer
        watch(lane)
        if recorder is not None and attempt is not None:
            try:
                await recorder.finish(attempt, outcome if whole else strip_text.of_completion(outcome))
            except RecordError as exc:
                lane.note = f"Not on record: {exc}"


async def _warm(providers: Iterable[Provider]) -> None:
    """Before the first clock starts, and one by one: imports hold the interpreter and would be measured."""
    for provider in dict.fromkeys(providers):
        with suppress(Exception):  # said again, and shown, when the lane itself is asked; other lanes go on
            await provider.warm()


def _swallow_cancel() -> None:
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()


def never_sent(lane: Lane, provider: Provider) -> Completion:
    """The outcome of a lane that was stopped before anything left."""
    return Completion(
        provider=provider.name, model=lane.target.model, endpoint=provider.endpoint, state="cancelled",
        text="", thinking="", started_at=utc_now(), timings=Timings(),
        cost=Cost("unknown", reason="nothing was sent"), conditions=("cancelled",), adjustments=lane.adjustments,
    )  # fmt: skip


def defective(lane: Lane, provider: Provider, exc: Exception) -> Completion:
    """The outcome of a lane that failed on our side, outside of what `complete` guards."""
    failed = errors.failure("protocol", f"Collate itself failed: {type(exc).__name__}: {exc}")
    return replace(never_sent(lane, provider), state="failed", conditions=(), error=failed)
