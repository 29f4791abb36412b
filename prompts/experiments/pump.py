"""Asks what waits of an experiment until nothing does: claim, gate, intent and money, answer, result, checks.

Owns the way of one cell and when to stop. What was claimed and not sent goes back to waiting; what was sent is on
record before its first byte leaves, so a process that dies here never asks twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from prompts.asking.runner import Connections, Runner
from prompts.asking.shares import Asker
from prompts.core.answer import Answer
from prompts.core.forecast import History
from prompts.core.targets import Target
from prompts.experiments import cell_store, gate_store
from prompts.experiments.asked import Stage
from prompts.experiments.cell_store import START, Claimed, Place
from prompts.experiments.cell_work import Host, Work, at_host, at_machine, at_once, room_in, subject
from prompts.experiments.checks.kinds import judge
from prompts.experiments.gate import Gate
from prompts.experiments.halts import Halts
from prompts.experiments.pace import Pace
from prompts.experiments.plan import Plan
from prompts.experiments.plan_store import OutOfMoneyError
from prompts.experiments.purse import Purse
from prompts.record.recorder import Recorder, RecordError
from providers.completion import Completion
from providers.interface import Provider
from providers.measuring.measure import utc_now

log = logging.getLogger("collate")

TRIES = 5
"""Attempts at a cell that a provider refused without a charge; the last failure stays."""
BLOCK = 20
"""Cells of one local target in a row."""
FIRST_WAIT_S = 1.0
"""Before the second try at a cell; doubled before each further one."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a pump ended."""

    stage: Stage
    reason: str = ""
    money: bool = False
    """The budget would be passed."""


P = TypeVar("P", bound="Pump")


class Pump:
    """One experiment while it is asked, on the runner's event loop."""

    def __init__(
        self, id: str, plan: Plan, runner: Runner, recorder: Recorder, connections: Connections,
        gate_of: Callable[[Provider], Gate], history: History, person: str = "",
    ) -> None:  # fmt: skip
        self.id, self.plan = id, plan
        self._runner, self._recorder, self._connections = runner, recorder, connections
        self._gate_of, self._history, self.person = gate_of, history, person
        self._clock = clock = asyncio.get_running_loop().time
        self.paces = defaultdict[int, Pace](lambda: Pace(clock))
        self.halts = Halts()
        self._ending: Ending | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._purse = Purse(
            id, limited=plan.budget.usd is not None, connections=connections, price=runner.pricer, history=history
        )
        self.hosts: list[Host] = []

    async def run(self) -> Ending:
        """Ask until nothing is left, or until it has to end; what is under way ends first."""
        self.hosts = self._made_hosts()
        await self._runner.warm([host.provider for host in self.hosts])
        async with asyncio.TaskGroup() as group:
            for host in self.hosts:
                group.create_task(self._ask_host(host, group))
        if self._ending is not None:
            return self._ending
        if self.halts.reasons:
            return Ending("paused", " ".join(self.halts.reasons.values()) + " Resume once that is mended.")
        return Ending("finished")

    def pause(self, reason: str = "") -> None:
        """Send nothing new; what is under way ends."""
        self._end(Ending("paused", reason))

    def stop(self, reason: str = "") -> None:
        """Send nothing new, and stop what is under way."""
        self._end(Ending("stopped", reason))
        for task in self._tasks:
            if not task.cancelling():
                task.cancel()

    def again(self, kind: type[P]) -> P:
        """A pump of another kind over the same experiment, with the same means."""
        return kind(
            self.id, self.plan, self._runner, self._recorder, self._connections, self._gate_of, self._history,
            self.person,
        )  # fmt: skip

    @property
    def ending(self) -> bool:
        """Whether it has been told to end."""
        return self._ending is not None

    def says(self, target: int) -> str:
        """What a target waits for, in a sentence; empty while it goes on."""
        if target in self.halts.reasons:
            return self.halts.reasons[target]
        return next((host.gate.says for host in self.hosts if target in host.targets), "")

    def _end(self, ending: Ending) -> None:
        self._ending = self._ending or ending
        self._purse.wake()

    def _made_hosts(self) -> list[Host]:
        return self._hosts_of(dict(enumerate(self.plan.targets)))

    def _hosts_of(self, targets: Mapping[int, Target]) -> list[Host]:
        found: dict[Provider, list[int]] = {}
        for n, target in targets.items():
            found.setdefault(self._runner.provider(self._connections[target.provider]), []).append(n)
        return [
            Host(
                provider, tuple(numbers), gate := self._gate_of(provider),
                asyncio.Semaphore(2 * at_once(provider, gate)),
            )
            for provider, numbers in found.items()
        ]  # fmt: skip

    async def _ask_host(self, host: Host, group: asyncio.TaskGroup) -> None:
        if not host.provider.local:
            await self._walk(host, group, host.targets)
            return
        # A machine that loads one model at a time must not load another for every call.
        while sum([await self._walk(host, group, (target,), BLOCK) for target in host.targets]):
            pass

    async def _walk(
        self, host: Host, group: asyncio.TaskGroup, targets: Sequence[int], most: int | None = None
    ) -> int:  # fmt: skip
        """Claim what waits of these targets and ask for it, all or about `most`; returns how many cells that were."""
        after, count = START, 0
        while self._ending is None and (most is None or count < most):
            wanted = [n for n in targets if n not in self.halts.reasons]
            room = await room_in(host.ahead, max(1, at_once(host.provider, host.gate) // 2))
            claimed = await self._claim(wanted, after, room) if wanted and self._ending is None else ()
            for _ in range(room - len(claimed)):
                host.ahead.release()
            if not claimed and after == START:
                break
            after = claimed[-1].place if claimed else START  # once more from the top: some may have come back
            count += len(claimed)
            for cell in claimed:
                task = group.create_task(self._ask(host, cell))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return count

    async def _claim(self, targets: list[int], after: Place, room: int) -> Sequence[Claimed]:
        me = self._recorder.me
        try:
            return await self._recorder.write(
                lambda c: cell_store.claim(c, me, self.id, targets, after, room), hasty=True
            )
        except RecordError as exc:
            self.pause(f"Nothing more was sent: {exc}")
            return ()

    async def _ask(self, host: Host, claimed: Claimed) -> None:
        """One cell, from its claim to its verdict; never raises what belongs to it alone."""
        work = self._work(claimed, host)
        try:
            await self._tries(work)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._ending is None or task is None or task.uncancel() > 0:
                raise
        except RecordError as exc:
            self.pause(f"Nothing more was sent: {exc}")
        except Exception as exc:
            log.exception("%s: a defect of Collate itself", work.target)
            self.pause(f"Collate itself failed: {type(exc).__name__}: {exc}")
        finally:
            if work.live.now.sent_at is None:
                await asyncio.shield(self._put_back(work))
            host.ahead.release()

    async def _tries(self, work: Work) -> None:
        for n in range(TRIES):
            if self._over_for(work):
                return
            if n:
                await asyncio.sleep(FIRST_WAIT_S * 2 ** (n - 1))
            if not await self._attempt(work):
                return
            done = work.live.now.completion
            if done is None or done.error is None or done.state != "failed" or done.error.retry != "yes":
                break
        await self._over(work)

    async def _attempt(self, work: Work) -> bool:
        """One attempt with its turn and its money; `False`: there is no money, and nothing was sent."""
        while not self._over_for(work):
            async with self._turn(work.host) as leave:
                if self._over_for(work):
                    return False
                began = self._clock()
                try:
                    await self._send(work, leave)
                except OutOfMoneyError:
                    pass
                else:
                    await self._learn(work, began)
                    return True
            if not await self._purse.refilled():
                self._end(Ending("stopped", money=True))
        return False

    def _over_for(self, work: Work) -> bool:
        return self._ending is not None or work.claimed.cell.target in self.halts.reasons

    async def _send(self, work: Work, leave: Callable[[], None]) -> None:
        def watch(now: Answer) -> None:
            done = now.completion
            if done is not None:
                if done.error is None or done.error.retry != "yes":
                    self.halts.note(work.claimed.cell.target, str(work.target), done)
                leave()  # the next may go while this one is written

        with self._purse.paying(work) as along:
            work.live.begin()
            await self._runner.attempt(work.run, work.live, work.host.provider, watch, along)

    async def _learn(self, work: Work, began: float) -> None:
        done = work.live.now.completion
        if done is None:
            return
        self._purse.learn(work.claimed.cell.target, done)
        gate, provider = work.host.gate, work.host.provider
        if gate.learn(done, began) and gate.shared:
            await self._recorder.write(lambda c: gate_store.save(c, provider, gate, utc_now()), hasty=True)

    async def _over(self, work: Work) -> None:
        done = work.live.now.completion
        if done is None:
            return
        self.paces[work.claimed.cell.target].over()
        if done.error is not None and done.error.retry == "yes":
            self.halts.note(work.claimed.cell.target, str(work.target), done)
        if done.state not in ("failed", "cancelled", "unknown"):
            await self._check(work, done)

    async def _check(self, work: Work, done: Completion) -> None:
        """What the checks find in an answer, on record."""
        if not self.plan.checks:
            return
        values, id = self.plan.values(work.claimed.cell.case), work.claimed.completion_id
        verdict = await asyncio.to_thread(judge, self.plan.checks, subject(done), values)
        await self._recorder.write(lambda c: cell_store.note_verdict(c, id, verdict), hasty=True)

    def _work(self, claimed: Claimed, host: Host) -> Work:
        plan, cell = self.plan, claimed.cell
        whole = plan.targets[cell.target]
        settings = plan.settings_of(cell.case, cell.wording, cell.target)
        target = Target(whole.provider, whole.model, settings)
        return Work(target, plan.prompt(cell.case, cell.wording), plan.settings, claimed, host, self.person)

    async def _put_back(self, work: Work) -> None:
        """What was claimed and not sent waits again; money that its intent had set aside is free."""
        id = work.claimed.completion_id

        def write(connection: sa.Connection) -> None:
            if cell_store.give_back(connection, self._recorder.me, id):
                self._purse.give_back(connection, id)

        try:
            await self._recorder.write(write, hasty=True)
        except RecordError as exc:
            log.warning("a cell of an experiment stays claimed until Collate starts again: %s", exc)

    def _turn(self, host: Host) -> AbstractAsyncContextManager[Callable[[], None]]:
        if host.provider.local:
            return at_machine(self._runner.machine(host.provider, self.person))
        return at_host(self._runner.places.place(Asker(self.person)), host.gate)
