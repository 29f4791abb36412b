"""When a verdict is recorded: with the result if the checks take no time, else after it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from prompts.experiments import cell_store
from prompts.experiments.checks import kinds
from prompts.experiments.checks.check import Check, Finding, Subject
from prompts.record import writes
from tests.prompts.experiments.wired import HELLO, connections, hello, laboratory, over, plan
from tests.wire.server import WireServer

SLOW = Check("similar", HELLO, at_least=0.9)


@pytest.mark.parametrize(("check", "together"), [(Check("contains", "wörld"), True), (SLOW, False)])
async def test_a_quick_verdict_is_recorded_once_in_the_transaction_of_the_result(
    record_url, monkeypatch, check, together
):
    within = list[object]()

    def seen(module: Any, name: str) -> None:
        real = getattr(module, name)

        def noting(connection: sa.Connection, *said: object) -> object:
            within.append(connection.get_transaction())
            return real(connection, *said)

        monkeypatch.setattr(module, name, noting)

    seen(writes, "end")
    seen(cell_store, "note_verdict")
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(plan(cases=1, checks=(check,)), known)
            await over(lab, id)
            (cell,) = lab.cells(id)
    assert cell.verdict is not None
    assert cell.verdict.passed
    of_result, of_verdict = within
    assert (of_result is of_verdict) == together


async def test_a_defect_of_a_check_is_reported_and_loses_no_answer(record_url, monkeypatch):
    def broken(_subject: Subject, _check: Check) -> Finding:
        raise RuntimeError("a defect")

    kind = kinds.KINDS["contains"]
    monkeypatch.setattr(kinds, "KINDS", {**kinds.KINDS, "contains": kinds.replace(kind, look=broken)})
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(plan(cases=1), known)
            await over(lab, id)
            found, cells = lab.find(id), lab.cells(id)
    assert [cell.completion.text for cell in cells if cell.completion] == [HELLO]
    assert found is not None
    assert (found.stage, found.reason) == ("paused", "Collate itself failed: RuntimeError: a defect")
