"""An experiment from its plan to its verdicts, on both databases and over a real wire."""

from __future__ import annotations

import pytest

from prompts.experiments.plan import PlanError
from tests.prompts.experiments.wired import HELLO, connections, hello, laboratory, over, plan
from tests.wire.server import WireServer


async def test_every_cell_is_asked_once_and_checked(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(plan("groq:llama", "mistral:small", repeats=2), known)
            await over(lab, id)
            found, cells = lab.find(id), lab.cells(id)
    assert found is not None
    assert (found.stage, found.counts) == ("finished", {"complete": 12})
    assert [cell.completion.text for cell in cells if cell.completion] == [HELLO] * 12
    assert {cell.verdict.passed for cell in cells if cell.verdict} == {True}
    assert [cell.cell for cell in cells] == list(found.plan.cells())
    assert len(server.requests) == 12
    assert len({cell.run_id for cell in cells}) == 3


async def test_a_plan_that_cannot_be_run_leaves_nothing_on_record(record_url):
    async with laboratory(record_url, connections()) as lab:
        with pytest.raises(PlanError, match="nowhere:x cannot be asked"):
            await lab.start(plan("nowhere:x"), connections())
        assert lab.list() == []
