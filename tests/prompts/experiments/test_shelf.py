"""How far an experiment is while its provider lets nothing through."""

from __future__ import annotations

import asyncio

from tests.patience import until
from tests.prompts.experiments.wired import connections, hello, laboratory, plan, said
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
    assert row.says.startswith("Limits the rate: goes on in 60 min")
    assert row.left_s is not None
    assert 3_500 < row.left_s < 3_700
