"""Asks for the answers of a run, fairly and on record.

Owns which answers are asked and how each ends: the run is recorded first, then each is asked by `attempt`, in the order
of `scheduler.py`, within the limits of the person who asks. Never retries by itself (`retry` is a person's decision),
and refuses a remote target for a run that is local only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace

from prompts.asking.allowance import Allowance, Call
from prompts.asking.attempt import Along, Attempt, Sender, Watch
from prompts.asking.scheduler import Queues, Turns
from prompts.asking.shares import Places
from prompts.core.answer import Answer, LiveAnswer
from prompts.core.plan import Plan
from prompts.core.run import Run
from prompts.core.targets import TargetError
from prompts.observing.teller import teller_of
from prompts.record.recorder import Recorder, RecordError
from providers import errors
from providers.catalogue.pricing import Pricer
from providers.completion import Completion, Cost, Timings
from providers.config.configuration import Configuration
from providers.config.connections import Connection, drawing
from providers.config.keep_rules import stricter
from providers.interface import Adjustment, Provider
from providers.measuring.measure import utc_now
from providers.registry import open_provider

log = logging.getLogger("collate")

Connections = Mapping[str, Connection]


class NotKeptError(ValueError):
    """The text of the run was not recorded, so it cannot be asked again."""


class NotLocalError(ValueError):
    """A remote target in a run that is local only; the message names the target."""


class Runner:
    """Asks for answers on one event loop; owns the providers' clients.

    `recorder`: `None` if nothing is to be recorded.
    """

    def __init__(self, configuration: Configuration, pricer: Pricer, recorder: Recorder | None) -> None:
        self.configuration, self.pricer, self.recorder = configuration, pricer, recorder
        self._providers: dict[Connection, Provider] = {}
        self._queues = Queues()
        self.places = Places(configuration.team, recorder)
        """Limits how many calls each person may have in progress."""
        self._allowance = Allowance(configuration.team.usd_per_day, pricer)
        self._teller, self.counts = teller_of(configuration.telemetry)
        self._sender = Sender(pricer, configuration.deadlines, self._teller)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def provider(self, connection: Connection) -> Provider:
        """The client for a connection, opened on first use; a session with its own key has its own connection."""
        if connection not in self._providers:
            self._providers[connection] = open_provider(connection)
        return self._providers[connection]

    def start(self, plan: Plan) -> Run:
        """A `Run` of `plan`, for `begin` and `ask`; it records at most what the configuration allows."""
        return Run.of(replace(plan, keeps=stricter(plan.keeps, self.configuration.record.keep)))

    async def begin(self, run: Run, connections: Connections) -> None:
        """Note for each answer what cannot be sent as given, and record the run.

        Raises `RecordError` or `ValueError`: then nothing is sent.
        """
        for each in run.live:
            each.change(adjustments=self._adjustments(run, each.now, connections))
        if (recorder := self._recorder(run)) is not None:
            await recorder.begin_run(run)

    async def finish(self, run: Run, answers: Sequence[Answer], connections: Connections) -> list[LiveAnswer]:
        """Claim those of `answers` that a dead process left unfinished, and return the claimed ones, to be passed to
        `ask`.

        Raises `RecordError` or `ValueError`: then nothing is sent, and nothing claimed.
        """
        for answer in answers:
            self._provider(run, answer, connections)
        recorder = self._recorder(run)
        taken = await recorder.claim([answer.id for answer in answers]) if recorder else frozenset[str]()
        return [run.answer(answer.id) for answer in answers if answer.id in taken]

    async def ask(
        self, run: Run, connections: Connections, watch: Watch = lambda _: None,
        only: Sequence[LiveAnswer] | None = None, session: str = "",
    ) -> None:  # fmt: skip
        """Ask for every answer, or for those in `only`, and return when all are done. Call `begin` or `finish` first.

        `watch` is called with each answer that changes. `session`: the browser session that asks.
        """
        asked = {each.now.id: each for each in (run.live if only is None else only)}
        providers = {key: self._provider(run, each.now, connections) for key, each in asked.items()}
        distant = {key for key in asked if not providers[key].local}
        turns = Turns(run, distant, self._queues, self.places, session)
        warmed = asyncio.create_task(_warm(providers.values()))
        async with asyncio.TaskGroup() as group:
            for cell in turns.order([each.now.cell for each in asked.values()]):
                asked[cell.id].begin()
                it = Attempt(run, asked[cell.id], providers[cell.id], watch)
                task = self._tasks[cell.id] = group.create_task(self._ask(it, turns, warmed))
                task.add_done_callback(lambda _, over=cell: turns.over(over))  # however it ends, as others wait for it

    async def retry(
        self, run: Run, live: LiveAnswer, connections: Connections, watch: Watch = lambda _: None, session: str = ""
    ) -> None:
        """Ask for one finished answer again; its next attempt must have begun already."""
        provider = self._provider(run, live.now, connections)
        warmed = asyncio.create_task(_warm([provider]))
        turns = Turns(run, set(), self._queues, self.places, session)
        it = Attempt(run, live, provider, watch)
        task = self._tasks[live.now.id] = asyncio.create_task(self._ask(it, turns, warmed))
        await task

    async def attempt(
        self, run: Run, live: LiveAnswer, provider: Provider, watch: Watch = lambda _: None, along: Along = Along()
    ) -> None:
        """Ask once for an answer that is on record and has begun; the caller handles turns and failures.

        Raises `RecordError`: then nothing was sent.
        """
        await self._attempt(Attempt(run, live, provider, watch, along))

    async def warm(self, providers: Iterable[Provider]) -> None:
        """Prepare the providers before anything is timed."""
        await _warm(providers)

    def machine(self, provider: Provider, person: str = "") -> AbstractAsyncContextManager[None]:
        """A turn of `person` at the machine that runs this local provider's models, shared with all other runs."""
        return self._queues.at(provider.endpoint).turn(person)

    def stop(self, live: LiveAnswer) -> None:
        """Stop one answer at once, even if it is waiting for its turn. Call it on the event loop."""
        task = self._tasks.get(live.now.id)
        if live.now.live and task is not None:
            # Not before its first step: a task cancelled before that would end without an outcome.
            asyncio.get_running_loop().call_soon(_cancel_once, task)

    async def aclose(self) -> None:
        """Close the connections of every provider."""
        for provider in self._providers.values():
            await provider.aclose()
        await asyncio.to_thread(self._teller.close)

    def _recorder(self, run: Run) -> Recorder | None:
        return None if run.keeps == "nothing" else self.recorder

    def _adjustments(self, run: Run, answer: Answer, connections: Connections) -> tuple[Adjustment, ...]:
        return self._provider(run, answer, connections).adjustments(run.request(answer.cell, answer.attempt))

    def check(self, run: Run, answer: Answer, connections: Connections) -> None:
        """Raise `ValueError` (`NotKeptError`, `NotLocalError`,
        `TargetError`), with a message for people, if it cannot be asked."""
        self._provider(run, answer, connections)

    def _provider(self, run: Run, answer: Answer, connections: Connections) -> Provider:
        """The provider for an answer's target, and the only way to one. Raises what `check` raises."""
        target = answer.target
        if run.textless:
            raise NotKeptError("The text of this run was not saved, so it cannot be asked again.")
        connection = connections.get(target.provider)
        if connection is None:
            raise TargetError(f"{target} cannot be asked: {target.provider!r} is not set up as a provider.")
        if run.local_only and not connection.stays_local(target.model):
            raise NotLocalError(f"{target} is not on this machine or network, and this prompt is local only.")
        if target.settings.picture is None and not connection.writes:
            raise TargetError(f"{target} draws pictures and writes no text: switch from Text to Images.")
        return self.provider(connection if target.settings.picture is None else drawing(connection))

    async def _ask(self, it: Attempt, turns: Turns, warmed: asyncio.Task[None]) -> None:
        live, provider, cell = it.live, it.provider, it.live.now.cell
        live.change(
            note=turns.reason(provider),
            adjustments=provider.adjustments(it.run.request(cell, live.now.attempt)),
        )
        try:
            await asyncio.shield(warmed)
            async with turns.turn(cell, provider, lambda said: live.change(note=said)):
                live.change(note=None, state="preparing")
                await self._attempt(it)
        except asyncio.CancelledError:
            _swallow_cancel()
            await self._withdraw(it, "Stopped before it was sent.")
        except RecordError as exc:
            await self._withdraw(it, f"Not sent: {exc}")
        except Exception as exc:
            if not live.now.live:
                raise  # the answer has its outcome; what failed is a callback of ours
            log.exception("%s: a defect of Collate itself", cell.target)
            live.finish(defective(live.now, provider, exc))  # else its column would wait for ever
            it.watch(live.now)
        finally:
            if self._tasks.get(cell.id) is asyncio.current_task():
                del self._tasks[cell.id]

    async def _withdraw(self, it: Attempt, note: str) -> None:
        """Record that nothing was sent and nothing will be. An answer that has an outcome keeps it."""
        live = it.live
        if not live.now.live:
            return
        live.finish(never_sent(live.now, it.provider), note)  # first, so that a second Stop finds nothing live
        it.watch(live.now)
        if (recorder := self._recorder(it.run)) is not None:
            with suppress(RecordError):  # the record is closed, and settled it when closing
                await recorder.withdraw(live.now.id)

    async def _attempt(self, it: Attempt) -> None:
        """One attempt, within the spending limit of the person. Raises `RecordError`: then nothing was sent."""
        asked, recorder = it.live.now, self._recorder(it.run)
        if not self._allowance.holds(it.run.person, it.provider):
            await self._sender.send(it, recorder)
            return
        connection = next(each for each, provider in self._providers.items() if provider is it.provider)
        call = Call(it.run.person, connection, it.provider, it.run.request(asked.cell, asked.attempt))
        async with self._allowance.paying(self.recorder, call) as paid:
            paid.outcome = await self._sender.send(it, recorder)


async def _warm(providers: Iterable[Provider]) -> None:
    """Prepare providers before anything is timed, one by one: imports block the interpreter and would distort times."""
    for provider in dict.fromkeys(providers):
        with suppress(Exception):  # reported when its answer is asked for; the other providers go on
            await provider.warm()


def _cancel_once(task: asyncio.Task[None]) -> None:
    """Cancel a task unless it is being cancelled already: a second time would interrupt its clean-up."""
    if not task.cancelling():
        task.cancel()


def _swallow_cancel() -> None:
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()


def never_sent(answer: Answer, provider: Provider) -> Completion:
    """The outcome of an answer that was stopped before anything was sent."""
    return Completion(
        provider=provider.name, model=answer.target.model, endpoint=provider.endpoint, state="cancelled",
        text="", thinking="", started_at=utc_now(), timings=Timings(),
        cost=Cost("unknown", reason="nothing was sent"), conditions=("cancelled",), adjustments=answer.adjustments,
    )  # fmt: skip


def defective(answer: Answer, provider: Provider, exc: Exception) -> Completion:
    """The outcome of an answer that failed through a defect of ours, outside of what `complete` handles."""
    failed = errors.failure("protocol", f"Collate itself failed: {type(exc).__name__}: {exc}")
    return replace(never_sent(answer, provider), state="failed", conditions=(), error=failed)
