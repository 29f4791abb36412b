"""Experiments for pages and the command line: plan, ask, look, change, delete.

Owns which experiments are asked in this process. Coroutines belong on the runner's event loop; other methods may be
called from any thread and block for the disk. All raise `RecordError` or `PlanError` with a message for people.
"""

from __future__ import annotations

import asyncio
import builtins
import logging
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from uuid import uuid4

from prompts.asking.runner import Connections, Runner
from prompts.core.plan import Source
from prompts.experiments import cell_store, closing, judge_pump, plan_store, planning
from prompts.experiments.asked import AskedCell, Ending
from prompts.experiments.asked_as import names
from prompts.experiments.checks.check import Check
from prompts.experiments.gate import AT_ONCE
from prompts.experiments.gate_store import Gates
from prompts.experiments.judge import judged
from prompts.experiments.judge_pump import JudgePump
from prompts.experiments.judge_store import target_numbers
from prompts.experiments.plan import Plan, PlanError, check_plan
from prompts.experiments.plan_store import Head
from prompts.experiments.pump import Pump
from prompts.experiments.rechecking import recheck, rechecked
from prompts.experiments.room import answered, check_room, while_away
from prompts.experiments.sharing import Sharing
from prompts.experiments.shelf import Shelf
from prompts.experiments.taking_over import take_over
from prompts.history.archive import Archive
from prompts.record import rights
from prompts.record.recorder import Recorder, RecordError
from prompts.record.rights import OPERATOR, Actor
from providers.measuring.measure import utc_now

log = logging.getLogger("collate")


class Experiments(Shelf):
    """The experiments on record, and asking them. `at_once`: calls to each hosted provider at the same time."""

    def __init__(self, runner: Runner, recorder: Recorder, *, at_once: int = AT_ONCE, source: Source = "page") -> None:
        self._runner, self._recorder = runner, recorder
        self._source: Source = source
        super().__init__(Archive(recorder.database))
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._gates = Gates(runner, self._archive, at_once)
        self.sharing = Sharing(runner, recorder, self, self._gates, source)

    async def start(
        self, plan: Plan, connections: Connections, *, person: str = "", from_record: bool = False,
        leave_out: Sequence[str] = (), by: Actor = OPERATOR,
    ) -> str:  # fmt: skip
        """Record `plan` and begin to ask; returns its id. `leave_out`: targets that are not asked.

        `from_record`: reuse the answers of identical requests. `person`: the owner if nobody is logged in. Nothing is
        sent if it raises.
        """
        person = by.person or person
        self._check_kept()
        planning.check_code(plan.checks, self._source)
        priced, left_out = planning.affordable(
            plan, connections, self._runner.pricer, await asyncio.to_thread(self._recorder.output_history), leave_out
        )
        planning.check_targets(check_plan(priced), connections)
        await asyncio.to_thread(check_room, self._recorder.database, priced, priced.size)
        if from_record and plan.repeats > 1:
            raise PlanError("Repeats are asked to see how answers differ, so none of them is taken from the record.")
        id, at = str(uuid4()), utc_now()
        await self._recorder.write(lambda c: plan_store.add(c, id, priced, person, at))
        await self._fill(id, priced, person)
        if from_record:
            await take_over(self._recorder, self._archive, id, priced)
        await self._begin(id, priced, connections, person, left_out)
        return id

    async def resume(self, id: str, connections: Connections, by: Actor = OPERATOR) -> None:
        """Ask for what is missing, and again for what failed without a charge."""
        head = await self._theirs(id, by)
        await self._go_on(head, await asyncio.to_thread(self.plan_of, head), connections)

    async def extend(self, id: str, plan: Plan, connections: Connections, by: Actor = OPERATOR) -> None:
        """Continue with more cases, wordings, targets or repeats, or another budget; existing answers are kept."""
        head = await self._theirs(id, by)
        planning.check_extension(await asyncio.to_thread(self.plan_of, head), check_plan(plan))
        planning.check_targets(plan, connections)
        await self._ended(id)
        await self._recorder.write(lambda c: plan_store.change(c, id, plan))
        await self._go_on(head, plan, connections)

    async def ask_again(
        self, id: str, cells: Sequence[AskedCell | str], connections: Connections, by: Actor = OPERATOR
    ) -> None:
        """Ask these cells again, with the consent of whoever pays; earlier attempts still count as spent."""
        ids = [cell if isinstance(cell, str) else cell.completion_id for cell in cells]
        head = await self._theirs(id, by)
        plan = await asyncio.to_thread(self.plan_of, head)
        await self._ended(id)
        await self._recorder.write(lambda c: cell_store.ask_again(c, id, ids))
        await self._begin(id, plan, connections, head.person or "")

    async def pause(self, id: str, by: Actor = OPERATOR) -> None:
        """Send nothing new; calls in progress end normally."""
        await self._theirs(id, by)
        if id in self._pumps:
            self._pumps[id].pause()
        else:
            await self.sharing.halt(id, "paused")

    async def stop(self, id: str, by: Actor = OPERATOR) -> None:
        """Send nothing new, and stop calls in progress, keeping what has arrived. Returns when they have ended."""
        await self._theirs(id, by)
        if id in self._pumps:
            self._pumps[id].stop()
            await self._ended(id, patiently=True)
        else:
            await self.sharing.halt(id, "stopped")

    @property
    def busy(self) -> bool:
        """Whether this process is asking any experiment."""
        return bool(self._tasks) or self.sharing.busy

    async def wait(self, id: str) -> None:
        """Wait until it is no longer asked by this process or by workers that share it."""
        if id in self._tasks:
            await asyncio.shield(self._tasks[id])
        else:
            await self.sharing.wait(id)

    async def recheck(self, id: str, checks: Sequence[Check], by: Actor = OPERATOR) -> AsyncGenerator[float]:
        """Apply other checks to the existing answers, without asking anything.

        Yields the fraction done, from 0 to 1.
        """
        head = await self._theirs(id, by)
        planning.check_code(checks, self._source)
        if id in self._pumps or head.shared:
            raise RecordError("It is still running. Pause it, then change its checks.")
        plan = check_plan(replace(await asyncio.to_thread(self.plan_of, head), checks=tuple(checks)))
        await self._recorder.write(lambda c: plan_store.change(c, id, plan))
        steps = rechecked(self._archive, id, plan)
        while (part := await asyncio.to_thread(next, steps, None)) is not None:
            yield part
        if judged(plan):
            await asyncio.to_thread(judge_pump.apply_now, self._archive, id, plan)

    def rename(self, id: str, name: str, by: Actor = OPERATOR) -> None:
        """Change the name of an experiment."""
        head = self._head(id, by)
        plan = check_plan(replace(self.plan_of(head), name=name))
        if id in self._pumps or head.shared:
            raise RecordError("It is still running. Rename it when it has finished.")
        self._archive.write(lambda c: plan_store.change(c, id, plan))

    def delete(self, id: str, by: Actor = OPERATOR) -> None:
        """Delete an experiment with all its answers."""
        head = self._head(id)
        rights.check(by, "delete an experiment", head.person)
        if head.asked:
            raise RecordError("It is still running. Stop it before you delete it.")
        self._archive.delete(self._archive.read(lambda c: plan_store.run_ids(c, id)), by=by)
        self._archive.write(lambda c: plan_store.delete(c, id, by))

    async def aclose(self) -> None:
        """Stop what this process asks; it can be resumed. Other workers continue shared experiments."""
        await self.sharing.leave(0)
        for pump in builtins.list(self._pumps.values()):
            pump.stop("Collate was ended while it ran. Resume it to ask for the missing answers.")
        for id in builtins.list(self._tasks):
            await self._ended(id, patiently=True)

    async def _go_on(self, head: Head, plan: Plan, connections: Connections) -> None:
        self._check_kept()
        planning.check_targets(plan, connections)
        there = await asyncio.to_thread(self._archive.read, lambda c: answered(c, head.id))
        await asyncio.to_thread(check_room, self._recorder.database, plan, max(0, plan.size - there))
        if head.shared and await self._join(head, plan, connections):
            return
        await self._ended(head.id)
        await self._fill(head.id, plan, head.person or "")
        await self._recorder.write(
            lambda c: cell_store.ask_again(c, head.id, cell_store.resumable(c, head.id))
        )  # fmt: skip
        await self._begin(head.id, plan, connections, head.person or "")

    async def _join(self, head: Head, plan: Plan, connections: Connections) -> bool:
        """Invite workers to a shared experiment that nobody is asking any more; pauses it if workers cannot ask it.

        `False`: it was paused, or calls of it are still in progress.
        """
        if await asyncio.to_thread(self._archive.read, lambda c: cell_store.under_way(c, head.id)):
            return False
        if await self.sharing.takes({*(target.provider for target in plan.targets), *_judges(plan)}, connections):
            await self.sharing.invite(head.id, (head.asked_as or {}).values())
            return True
        await self.sharing.halt(head.id, "paused")
        return False

    async def _fill(self, id: str, plan: Plan, person: str) -> None:
        """Insert the cells that are not on record yet."""
        there, known = await asyncio.to_thread(self._archive.read, lambda c: cell_store.missing(c, id))
        rows = cell_store.rows(plan, id, person, self._source, utc_now(), there, known)
        while (some := await asyncio.to_thread(next, rows, None)) is not None:
            await self._recorder.write(lambda c, some=some: cell_store.put(c, some), hasty=True)

    async def _begin(self, id: str, plan: Plan, connections: Connections, person: str, note: str = "") -> None:
        asked = {*(target.provider for target in plan.targets), *_judges(plan)}
        if await self.sharing.takes(asked, connections):
            await self.sharing.begin(id, names(asked, connections), note)
            return
        await self._recorder.write(lambda c: plan_store.begin(c, self._recorder.me, id))
        self._recorder.own(id)
        self._ended_unwritten.pop(id, None)
        history = await asyncio.to_thread(self._recorder.output_history)
        await self._gates.remember(asked, connections)
        pump = Pump(id, plan, self._runner, self._recorder, connections, self._gates.of, history, person)
        self._pumps[id] = pump
        if judged(plan):
            self._judge_pumps[id] = pump.again(JudgePump)
        self._tasks[id] = asyncio.create_task(self._run(id, pump, note))

    async def _run(self, id: str, pump: Pump, note: str) -> None:
        try:
            ending = await pump.run()
            await self._check_rest(id, pump.plan)
            if ending.stage == "finished" and judged(pump.plan):
                ending = await self._judge(id, pump)
        except asyncio.CancelledError:
            ending = Ending("paused", "Collate was ended while it ran. Resume it to ask for the missing answers.")
        except Exception as exc:
            log.exception("an experiment ended with an unexpected error")
            ending = Ending("paused", f"Collate itself failed: {type(exc).__name__}: {exc}")
        if self._recorder.problem is not None:
            ending = self._ended_unwritten[id] = await asyncio.to_thread(while_away, ending, self._archive, id)
        try:
            await self._recorder.settle(lambda c: closing.close(c, self._recorder.me, id, ending, note))
        except RecordError as exc:
            log.warning("an experiment's end could not be recorded: %s", exc)
        finally:
            self._recorder.disown(id)
            del self._pumps[id], self._tasks[id]
            self._judge_pumps.pop(id, None)

    async def _check_rest(self, id: str, plan: Plan) -> None:
        """Check answers that were not checked because the process was killed or the record was not available."""
        if not plan.checks:
            return
        try:
            await asyncio.to_thread(recheck, self._archive, id, plan)
        except RecordError as exc:
            log.warning("some answers are checked when the experiment is resumed: %s", exc)

    async def _judge(self, id: str, pump: Pump) -> Ending:
        """Ask the judges and record their verdicts; what is not asked because of a stop has no verdict yet."""
        plan, person = pump.plan, pump.person
        await judge_pump.prepare(self._recorder, self._archive, id, plan, person, self._source)
        judges = self._pumps[id] = self._judge_pumps[id]
        if pump.ending:
            judges.pause()
        ending = await judges.run()
        await judge_pump.apply(self._recorder, self._archive, id, plan)
        return ending

    async def _ended(self, id: str, *, patiently: bool = False) -> None:
        """Wait for a paused experiment to end. Raises `RecordError` if it is still being asked."""
        pump = self._pumps.get(id)
        if not patiently and (await asyncio.to_thread(self._head, id)).shared:
            raise RecordError(plan_store.RUNNING)
        if pump is not None and not pump.ending and not patiently:
            raise RecordError(plan_store.RUNNING)
        if id in self._tasks:
            await asyncio.shield(self._tasks[id])

    def _check_kept(self) -> None:
        if self._recorder.problem is not None:
            raise RecordError(self._recorder.problem)
        keep = self._runner.configuration.record.keep
        if keep != "everything":
            raise PlanError(
                "An experiment needs its cases and answers on record, and this Collate is set to keep "
                f"{'figures only' if keep == 'figures' else 'nothing'} ([record] keep)."
            )

    async def _theirs(self, id: str, by: Actor) -> Head:
        return await asyncio.to_thread(self._head, id, by)


def _judges(plan: Plan) -> set[str]:
    """The names of the providers of its judges."""
    return {name.partition(":")[0] for name in target_numbers(plan).values()}
