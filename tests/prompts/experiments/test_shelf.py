"""How far an experiment is while its provider lets nothing through."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime

from prompts.experiments import shelf
from prompts.experiments.checks.check import Check
from prompts.experiments.judge_progress import LATER
from prompts.experiments.plan_store import Head
from prompts.experiments.shelf import Shelf
from tests.patience import until
from tests.prompts.experiments.wired import CHAT, connections, hello, laboratory, plan, said
from tests.threads import together
from tests.wire.server import Reply, WireServer


async def test_a_rate_limit_of_an_hour_shows_as_an_hour_that_is_left(record_url):
    served = list[str]()

    async def used_up(reply: Reply) -> None:
        served.append(said(reply))
        if len(served) <= 5:
            await hello(reply)
            return
        await reply.json({"error": {"message": "slow down"}}, 429, {"retry-after": "3600"})

    with WireServer(used_up) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=1) as lab:
            id = await lab.start(plan(cases=20), known)
            await until(lambda: lab.progress(id).targets[0].says)
            (row,) = (await asyncio.to_thread(lab.progress, id)).targets
    assert row.says.startswith("Its rate limit is reached: continues in 60 min")
    assert row.left_s is not None
    assert 3_500 < row.left_s < 3_700


async def test_the_questions_to_judges_count_before_they_are_asked_and_while_they_are(record_url):
    answering, judging = threading.Event(), threading.Event()

    async def script(reply: Reply) -> None:
        if "criterion" not in said(reply):
            await asyncio.to_thread(answering.wait)
            await hello(reply)
            return
        await asyncio.to_thread(judging.wait)
        await reply.stream(CHAT.answer(['{"verdict": "pass"}'], ()))

    with WireServer(script) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(plan(cases=6, checks=(Check("judge", "It greets.", ("mistral:small",)),)), known)
            (before,) = (await asyncio.to_thread(lab.progress, id)).judges
            answering.set()
            await until(lambda: lab.progress(id).judges[0].running)
            now = await asyncio.to_thread(lab.progress, id)
            judging.set()
            await lab.wait(id)
            (after,) = (await asyncio.to_thread(lab.progress, id)).judges
    assert (before.planned, before.done, before.says) == (6, 0, LATER)
    assert (now.targets[0].done, now.judges[0].planned, now.judges[0].says) == (6, 6, "")
    assert (after.done, after.left_s) == (6, None)


def test_pages_that_look_at_more_experiments_than_are_held_do_not_disturb_each_other(archive, monkeypatch):
    monkeypatch.setattr(shelf, "HELD", 1)
    ours, a_plan = Shelf(archive), plan(cases=1)

    def page(number: int) -> None:
        for n in range(100):
            head = Head(f"{number} {n}", datetime.now(UTC), "", None, 1, 1, 1, "finished", None, None, None, None, 0, 0)
            assert ours._ahead_of(head, a_plan, running=False) is not None

    together(page)
