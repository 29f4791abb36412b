"""Asks the waiting cells of an experiment until none is left: claim, gate, intent and money, answer, result, checks.

Owns what happens to one cell, and when to stop; what a call waits for is in `hosts`. A cell that was claimed but not
sent waits again; one that is sent is recorded before its first byte leaves, so a process that dies never asks twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

from prompts.asking.runner import Connections, Runner
from prompts.core.answer import Answer
from prompts.core.forecast import History
from prompts.core.targets import Target
from prompts.experiments.asked import Ending
from prompts.experiments.cell_store import START, Claimed, Place
from prompts.experiments.cell_work import UNCHECKED, Work
from prompts.experiments.desk import Desk, refused
from prompts.experiments.gate import Gate
from prompts.experiments.halts import Halts
from prompts.experiments.hosts import Host, Hosts
from prompts.experiments.idle import Idle
from prompts.experiments.pace import Pace
from prompts.experiments.plan import Plan
from prompts.experiments.plan_store import OutOfMoneyError, OverError
from prompts.experiments.purse import Purse
from prompts.record.recorder import Recorder, RecordError
from prompts.record.writes import TakenError
from providers.completion import Completion
from providers.interface import Provider

log = logging.getLogger("collate")

TRIES = 5
"""The most attempts at a cell that a provider refuses without
a charge while it answers others; then it stays failed."""
BLOCK = 20
"""How many cells of one local target are asked in a row."""
MONEY_S = 0.5
"""Seconds between checks whether calls of other processes have cost less than was reserved."""
FIRST_WAIT_S = 1.0
"""Seconds before the second attempt at a cell, doubled before each further one."""

P = TypeVar("P", bound="Pump")


class Pump:
    """Asks one experiment, on the runner's event loop; `only`: just the part of one provider.

    With `only`, other processes ask it too, so money and limits are waited for as long as any of them may release some.
    """

    def __init__(
        self, id: str, plan: Plan, runner: Runner, recorder: Recorder, connections: Connections,
        gate_of: Callable[[Provider], Gate], history: History, person: str = "", only: str | None = None,
    ) -> None:  # fmt: skip
        self.id, self.plan, self._only = id, plan, only
        self._desk = Desk(recorder, id, shared=only is not None)
        self._runner, self._recorder, self._connections = runner, recorder, connections
        self._gate_of, self._history, self.person = gate_of, history, person
        self._clock = clock = asyncio.get_running_loop().time
        self.paces = defaultdict[int, Pace](lambda: Pace(clock))
        self.halts = Halts()
        self._ending: Ending | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = Idle()
        self._purse = Purse(
            id, limited=plan.budget.usd is not None, connections=connections, price=runner.pricer, history=history
        )
        self.hosts = self._made_hosts()

    async def run(self) -> Ending:
        """Ask until nothing is left or it is told to end; calls in progress end first."""
        for host in self.hosts:
            host.gate.outage.hope()
        if self._only is not None:
            await self._desk.release([n for host in self.hosts for n in host.targets])
        await self._runner.warm([host.provider for host in self.hosts])
        async with asyncio.TaskGroup() as group:
            for host in self.hosts:
                group.create_task(self._ask_host(host, group))
        if self._ending is not None:
            return self._ending
        if self.halts.reasons:
            return Ending("paused", f"{self.halts.said} Resume when that is fixed.")
        return Ending("finished")

    def pause(self, reason: str = "") -> None:
        """Send nothing new; calls in progress end normally."""
        self._end(Ending("paused", reason))

    def leave(self) -> None:
        """Send nothing new in this process; calls in progress end normally, and other processes go on."""
        self._end(Ending("paused", ours=True))

    def stop(self, reason: str = "") -> None:
        """Send nothing new, and stop calls in progress."""
        self._end(Ending("stopped", reason))
        for task in self._tasks:
            if not task.cancelling():
                task.cancel()

    def again(self, kind: type[P]) -> P:
        """A pump of another class for the same experiment, with the same parameters."""
        return kind(
            self.id, self.plan, self._runner, self._recorder, self._connections, self._gate_of, self._history,
            self.person, self._only,
        )  # fmt: skip

    @property
    def ending(self) -> bool:
        """Whether it was told to end."""
        return self._ending is not None

    def says(self, target: int) -> str:
        """What a target waits for, in a sentence; empty while it goes on."""
        host = self.host_of(target)
        return self.halts.reasons.get(target) or (host.gate.says if host else "")

    def host_of(self, target: int) -> Host | None:
        """Where the target is asked; `None` if not by this process, or not at present."""
        return next((host for host in self.hosts if target in host.targets), None)

    def _end(self, ending: Ending) -> None:
        self._ending = self._ending or ending
        self._purse.wake()
        self._idle.call_off()

    def _made_hosts(self) -> list[Host]:
        return self._hosts_of(dict(enumerate(self.plan.targets)))

    def _hosts_of(self, targets: Mapping[int, Target]) -> list[Host]:
        return Hosts(self._runner, self._connections, self._gate_of, self.person, self._only).of(targets)

    async def _ask_host(self, host: Host, group: asyncio.TaskGroup) -> None:
        if not host.provider.local:
            await self._walk(host, group, host.targets)
            return
        # Avoid making a machine that loads one model at a time switch models for every call.
        while sum([await self._walk(host, group, (target,), BLOCK) for target in host.targets]):
            pass

    async def _walk(
        self, host: Host, group: asyncio.TaskGroup, targets: Sequence[int], most: int | None = None
    ) -> int:  # fmt: skip
        """Claim and ask waiting cells of these targets, all or about `most`; returns how many."""
        after, count = START, 0
        while self._ending is None and (most is None or count < most):
            wanted = [n for n in targets if n not in self.halts.reasons]
            room = await host.room()
            claimed = await self._claim(wanted, after, room) if wanted and self._ending is None else ()
            host.free(room - len(claimed))
            if not claimed and after == START:
                break
            after = claimed[-1].place if claimed else START  # from the start again: some may have come back
            count += len(claimed)
            for cell in claimed:
                task = group.create_task(self._ask(host, cell))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return count

    async def _claim(self, targets: list[int], after: Place, room: int) -> Sequence[Claimed]:
        try:
            return await self._desk.claim(targets, after, room)
        except OverError:
            self.leave()
        except RecordError as exc:
            self._away(exc)
        return ()

    def _away(self, exc: RecordError) -> None:
        """The record is not available: without it nothing is sent from here."""
        self._end(Ending("paused", f"Nothing more was sent: {exc}", ours=self._only is not None))

    async def _ask(self, host: Host, claimed: Claimed) -> None:
        """Handle one cell from claim to verdict; exceptions that concern only this cell are not raised."""
        work = self._work(claimed, host)
        try:
            await self._tries(work)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self._over_for(work) or task is None or task.uncancel() > 0:
                raise
        except TakenError:
            log.info("a cell of an experiment was asked by another process meanwhile")
        except OverError:
            self.leave()
        except RecordError as exc:
            self._away(exc)
        except Exception as exc:
            log.exception("%s: a defect of Collate itself", work.target)
            self.pause(f"Collate itself failed: {type(exc).__name__}: {exc}")
        finally:
            if work.live.now.sent_at is None:
                await asyncio.shield(self._desk.put_back(work, self._purse))
            if self._desk.holds(work):
                await asyncio.shield(self._desk.let_go(work))
            host.free()

    async def _tries(self, work: Work) -> None:
        n = 0
        while n < TRIES:
            if self._over_for(work):
                return
            if n:
                with self._idle.waiting(work.claimed.cell.target):
                    await asyncio.sleep(FIRST_WAIT_S * 2 ** (n - 1))
            if not await self._attempt(work):
                return
            done = work.live.now.completion
            if done is None or not refused(done):
                break
            n += not work.host.gate.outage.lasting  # what affects all calls is not counted as a failed try of this cell
        await self._over(work)

    async def _attempt(self, work: Work) -> bool:
        """One attempt with its turn and its money;
        `False` if there is no money or asking ends: then nothing was sent."""
        while not self._over_for(work):
            turn = partial(self._idle.turn, work.claimed.cell.target, work.host.turn)
            with suppress(OutOfMoneyError):
                return await work.host.let_in(turn, partial(self._send, work), partial(self._over_for, work))
            if not self._over_for(work) and not await self._refilled():
                self._end(Ending("stopped", money=True))
        return False

    async def _refilled(self) -> bool:
        """Wait for a call in progress, here or elsewhere,
        which may cost less than was reserved; `False` if there is none."""
        if await self._purse.refilled():
            return True
        if self._only is None or not await self._desk.others_under_way():
            return False
        await asyncio.sleep(MONEY_S)
        return True

    def _over_for(self, work: Work) -> bool:
        return self._ending is not None or work.claimed.cell.target in self.halts.reasons

    async def _send(self, work: Work, leave: Callable[[], None], let_through: Callable[[], None]) -> None:
        began, news = self._clock(), False

        def watch(now: Answer) -> None:
            nonlocal news
            let_through()
            if now.completion is not None:
                news = self._learn(work, now.completion, began)  # first, as it may close the gate for the next call
                leave()  # the next may go while this one is recorded

        with self._purse.paying(work) as along:
            work.live.begin()
            try:
                await self._runner.attempt(
                    work.run, work.live, work.host.provider, watch, self._desk.along(work, along)
                )
            except RecordError:
                if work.live.now.sent_at is None:  # nothing was sent, so it does not count
                    work.live.change(attempt=work.live.now.attempt - 1)
                raise
        if news:
            await self._desk.note_limits(work)

    def _learn(self, work: Work, done: Completion, began: float) -> bool:
        """Learn from a finished call; returns whether other processes should know."""
        target, host, gate = work.claimed.cell.target, work.host, work.host.gate
        if done.error is None or done.error.retry != "yes":
            self.halts.note(target, str(work.target), done)
        self._purse.learn(target, done)
        if host.provider.local:
            return False
        news = gate.learn(done, began)
        if gate.outage.hopeless:
            self.halts.give_up(host.targets, gate.outage.reason(host.provider.name))
            self._idle.call_off(host.targets)
        return news

    async def _over(self, work: Work) -> None:
        done = work.live.now.completion
        if done is None:
            return
        self.paces[work.claimed.cell.target].over()
        if done.error is not None and done.error.retry == "yes":
            self.halts.note(work.claimed.cell.target, str(work.target), done)
        if done.state not in UNCHECKED:
            await self._desk.check(work, done)

    def _work(self, claimed: Claimed, host: Host) -> Work:
        return Work.planned(self.plan, claimed, host, self.person)
