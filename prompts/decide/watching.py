"""Repeats watched experiments when they are due, within a budget, and records what that showed.

If several processes see that one is due, only one repeats it. One that cannot be asked is recorded with its problem.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from prompts.asking.calls import GoneError
from prompts.asking.runner import Connections
from prompts.decide import watch_store
from prompts.decide.drift import moved
from prompts.decide.pool import Asked
from prompts.decide.watch_store import Look, Watch, new_id
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.plan import Plan
from prompts.history.archive import Archive
from prompts.record.recorder import RecordError

log = logging.getLogger("collate")

LOOK_S = 3600.0
"""Seconds between checks whether something is due."""
NAME = "{name} (watch {at:%Y-%m-%d})"
GONE = "The experiment is no longer on record, so there is nothing to compare with. Stop watching it."


class Asks(Protocol):
    """Access to the experiments, here or in the asking process. Awaited methods belong on the event loop that asks."""

    def find(self, id: str) -> Experiment | None: ...
    def cells(self, id: str) -> Sequence[AskedCell]: ...
    async def start(self, plan: Plan, connections: Connections, *, person: str = "") -> str: ...
    async def wait(self, id: str) -> None: ...


async def ask_due(
    archive: Archive, asks: Asks, connections: Connections, now: datetime, *, most: Decimal | None = None,
    only: str | None = None,
) -> list[tuple[Watch, Look]]:  # fmt: skip
    """Repeat what is due, one after another; returns what each showed.

    `most`: US dollars for all together; what would exceed it is left for the next time. `only`: just this experiment,
    even if it is not due. Raises `RecordError` if the record is not available.
    """
    found: list[tuple[Watch, Look]] = []
    left = most
    for watch in await asyncio.to_thread(archive.read, watch_store.every):
        wanted = watch.due(now) if only is None else watch.plan_id == only
        if not wanted or (left is not None and watch.budget > left):
            continue
        if not await asyncio.to_thread(archive.write, lambda c, watch=watch: watch_store.claim(c, watch, now)):
            continue
        left = None if left is None else left - watch.budget
        look = await _look(archive, asks, connections, watch, now)
        await asyncio.to_thread(archive.write, lambda c, look=look: watch_store.add_look(c, look))
        found.append((watch, look))
    return found


async def keep_watching(
    archive: Archive, asks: Callable[[], Asks | None], connections: Connections, clock: Callable[[], datetime]
) -> None:  # fmt: skip
    """Repeat what is due, again and again, until cancelled."""
    while True:
        try:
            if (there := asks()) is not None:
                await ask_due(archive, there, connections, clock())
        except RecordError as exc:
            log.warning("the watched experiments could not be checked: %s", exc)
        await asyncio.sleep(LOOK_S)


async def _look(archive: Archive, asks: Asks, connections: Connections, watch: Watch, now: datetime) -> Look:
    look = Look(new_id(), watch.id, now, None, (), None)
    before = await asyncio.to_thread(asks.find, watch.plan_id)
    if before is None:
        return replace(look, problem=GONE)
    name = NAME.format(name=before.plan.name, at=now)
    plan = replace(before.plan, name=name, budget=replace(before.plan.budget, usd=watch.budget))
    try:
        id = await asks.start(plan, connections, person=watch.person)
        await asks.wait(id)
    except (ValueError, RecordError, GoneError) as exc:
        return replace(look, problem=str(exc))
    earlier = await asyncio.to_thread(archive.read, lambda c: watch_store.looks_of(c, watch.id))
    ids = [watch.plan_id, *(each.plan_id for each in reversed(earlier) if each.plan_id)]
    asked = [found for each in ids if (found := await asyncio.to_thread(_asked, asks, each)) is not None]
    after = await asyncio.to_thread(_asked, asks, id)
    if after is None or after[0].stage != "finished":
        why = after[0].reason if after else ""
        return replace(look, plan_id=id, problem=why or "Not all of it was asked.")
    last = next((each.moved for each in earlier if each.problem is None), ())
    return replace(look, plan_id=id, moved=moved(asked, after, last))


def _asked(asks: Asks, id: str) -> Asked | None:
    found = asks.find(id)
    return None if found is None else (found, asks.cells(id))
