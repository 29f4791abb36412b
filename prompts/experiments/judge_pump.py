"""Asks the judges of an experiment once its answers are there: a pump whose cells are questions to judges."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from prompts.core.plan import Source
from prompts.core.targets import Target
from prompts.experiments import cell_store, judge_store
from prompts.experiments.cell_store import Claimed, Place
from prompts.experiments.cell_work import Work
from prompts.experiments.hosts import Host
from prompts.experiments.plan import Plan
from prompts.experiments.pump import Pump
from prompts.history.archive import Archive
from prompts.record.recorder import Recorder
from providers.interface import Message, Settings
from providers.measuring.measure import utc_now


class JudgePump(Pump):
    """A pump for the hosts of the judges."""

    def _made_hosts(self) -> list[Host]:
        self._judges = judge_store.target_numbers(self.plan)
        self._messages: dict[str, Message] = {}
        return self._hosts_of({n: _target(name) for n, name in self._judges.items()})

    async def _claim(self, targets: list[int], after: Place, room: int) -> Sequence[Claimed]:
        """Claims cells, and loads the messages recorded for them."""
        claimed = await super()._claim(targets, after, room)
        if claimed:
            ids = [each.run_id for each in claimed]
            read = Archive(self._recorder.database).read
            self._messages |= await asyncio.to_thread(read, lambda c: judge_store.messages(c, ids))
        return claimed

    def _work(self, claimed: Claimed, host: Host) -> Work:
        target = _target(self._judges[claimed.cell.target])
        asked = self._messages.pop(claimed.run_id)
        return Work(target, asked.text, Settings(), claimed, host, self.person, asked.attachments)


def _target(name: str) -> Target:
    provider, _, model = name.partition(":")
    return Target(provider, model)


async def prepare(recorder: Recorder, archive: Archive, plan_id: str, plan: Plan, person: str, source: Source) -> None:
    """Record every question that is not on record yet, for some answers at a time."""
    ids = await asyncio.to_thread(archive.read, lambda c: judge_store.answered(c, plan_id))
    for some in _portions(ids):
        await recorder.write(
            lambda c, some=some: cell_store.put(
                c, judge_store.prepare(c, plan_id, plan, some, person, source, utc_now())
            ),
            hasty=True,
        )


async def apply(recorder: Recorder, archive: Archive, plan_id: str, plan: Plan) -> None:
    """Write the findings that result from all replies."""
    ids = await asyncio.to_thread(archive.read, lambda c: judge_store.answered(c, plan_id))
    for some in _portions(ids):
        await recorder.write(lambda c, some=some: judge_store.apply(c, plan_id, plan, some), hasty=True)


def apply_now(archive: Archive, plan_id: str, plan: Plan) -> None:
    """Like `apply`, but blocking and for any thread, while nothing is being asked."""
    for some in _portions(archive.read(lambda c: judge_store.answered(c, plan_id))):
        archive.write(lambda c, some=some: judge_store.apply(c, plan_id, plan, some))


def _portions(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[n : n + judge_store.AT_ONCE] for n in range(0, len(ids), judge_store.AT_ONCE)]
