"""Asks the lanes of a run, fairly and on record.

Owns concurrency (remote targets at once, the targets of one local host in turn, repeats of one
target one after another) and the order of contract C1: on record first, then on the wire. Refuses
retries by itself: `retry` is somebody's decision.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from prompts.record import Recorder, RecordError
from prompts.run import Lane, Run
from providers import errors
from providers.completion import Completion, Cost, Timings
from providers.configuration import Configuration
from providers.connections import Connection
from providers.interface import Delta, Provider
from providers.measure import complete, monotonic, utc_now
from providers.pricing import Pricer
from providers.registry import open_provider

log = logging.getLogger("collate")

Connections = Mapping[str, Connection]
Watch = Callable[[Lane], None]


class Runner:
    """One per event loop: it owns the providers' clients. `recorder` is `None` where nothing is to be kept."""

    def __init__(self, configuration: Configuration, pricer: Pricer, recorder: Recorder | None) -> None:
        self.configuration, self.pricer, self.recorder = configuration, pricer, recorder
        self._providers: dict[Connection, Provider] = {}
        self._local_turns: defaultdict[str, asyncio.Semaphore] = defaultdict(_one_at_a_time)

    def provider(self, connection: Connection) -> Provider:
        """The open provider of a connection; a session with its own key has a connection of its own."""
        if connection not in self._providers:
            self._providers[connection] = open_provider(connection)
        return self._providers[connection]

    async def begin(self, run: Run, connections: Connections) -> None:
        """Note what cannot be sent as given, and put the run on record. Raises `RecordError`: then nothing is sent."""
        for lane in run.lanes:
            provider = self.provider(connections[lane.target.provider])
            lane.adjustments = provider.adjustments(run.request(lane))
        if self.recorder is not None:
            await self.recorder.begin_run(run)

    async def ask(self, run: Run, connections: Connections, watch: Watch = lambda _: None) -> None:
        """Ask every lane and return when all are done. Call `begin` first."""
        providers = {lane: self.provider(connections[lane.target.provider]) for lane in run.lanes}
        turns: defaultdict[int, asyncio.Semaphore] = defaultdict(_one_at_a_time)
        warmed = asyncio.create_task(_warm(providers.values()))
        lanes = run.lanes[:]
        if lanes[-1].repeat:
            random.shuffle(lanes)  # so that no target always goes first
            lanes.sort(key=lambda lane: lane.repeat)
        async with asyncio.TaskGroup() as group:
            for lane in lanes:
                lane.begin()
                asking = self._ask(run, lane, providers[lane], warmed, turns[lane.column], watch)
                lane.task = group.create_task(asking)

    async def retry(self, run: Run, lane: Lane, connections: Connections, watch: Watch = lambda _: None) -> None:
        """Ask one finished lane once more, as its next attempt; the lane has already begun it."""
        provider = self.provider(connections[lane.target.provider])
        warmed = asyncio.create_task(_warm([provider]))
        lane.task = asyncio.create_task(self._ask(run, lane, provider, warmed, _one_at_a_time(), watch))
        await lane.task

    def stop(self, lane: Lane) -> None:
        """Stop one lane at once, also one that waits for its turn. From within the loop."""
        if lane.live and lane.task is not None and not lane.task.cancelling():  # once: twice would not be its own doing
            lane.task.cancel()

    async def aclose(self) -> None:
        """Close every provider's connections."""
        for provider in self._providers.values():
            await provider.aclose()

    async def _ask(
        self,
        run: Run,
        lane: Lane,
        provider: Provider,
        warmed: asyncio.Task[None],
        turn: asyncio.Semaphore,
        watch: Watch,
    ) -> None:
        if provider.local:
            turn = self._local_turns[provider.endpoint]
            lane.note = f"Models on {provider.endpoint} take turns, so that their timings stay clean."
        lane.adjustments = provider.adjustments(run.request(lane))
        try:
            await asyncio.shield(warmed)
            async with turn:
                lane.note, lane.state = None, "preparing"
                await self._attempt(run, lane, provider, watch)
        except asyncio.CancelledError:
            _swallow_cancel()
            await self._withdraw(lane, provider, "Stopped before it was sent.", watch)
        except RecordError as exc:
            await self._withdraw(lane, provider, f"Not sent: {exc}", watch)
        except Exception as exc:
            if not lane.live:
                raise  # the lane keeps its outcome; a reader of ours has failed, not the answer
            log.exception("%s: a defect of Collate itself", lane.target)
            lane.finish(defective(lane, provider, exc))  # else its column would wait for ever
            watch(lane)

    async def _withdraw(self, lane: Lane, provider: Provider, note: str, watch: Watch) -> None:
        """Nothing was sent and nothing will be. A lane that has its outcome keeps it."""
        if not lane.live:
            return
        lane.finish(never_sent(lane, provider), note)  # first: a second Stop finds nothing live
        watch(lane)
        if self.recorder is not None:
            with suppress(RecordError):  # closed: then it has settled what was waiting
                await self.recorder.withdraw(lane.id)

    async def _attempt(self, run: Run, lane: Lane, provider: Provider, watch: Watch) -> None:
        """One attempt: its intent on record, the answer, its outcome on record."""
        recorder, attempt = self.recorder, None
        if recorder is not None:
            attempt = await recorder.begin_attempt(
                lane.id, lane.attempt, endpoint=provider.endpoint, target=lane.target
            )

        def take(delta: Delta) -> None:
            lane.take(delta)
            if recorder is not None and attempt is not None:
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
                await recorder.finish(attempt, outcome)
            except RecordError as exc:
                lane.note = f"Not on record: {exc}"


def _one_at_a_time() -> asyncio.Semaphore:
    return asyncio.Semaphore(1)


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
