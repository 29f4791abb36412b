"""A budget is never passed: not by many calls at once, not by answers that are dearer than thought, not by the lost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from prompts.core.targets import Target
from prompts.experiments.experiments import Experiments
from prompts.experiments.plan import Budget, Plan, PlanError
from prompts.experiments.results import results
from prompts.experiments.results_text import replaced_text
from providers.interface import Settings
from tests.patience import patiently
from tests.prompts.experiments.wired import connections, hello, laboratory, over, plan
from tests.wire import openai_chat
from tests.wire.server import Reply, WireServer

MODEL = "groq:llama-3.3-70b-versatile"


def priced(usd: str, cases: int = 40) -> Plan:
    """Under a budget, for a model whose price is known."""
    whole = plan(MODEL, cases=cases, budget=Budget(Decimal(usd)))
    return replace(whole, targets=(Target("groq", "llama-3.3-70b-versatile", Settings(max_output_tokens=1000)),))


def spent(lab: Experiments, id: str) -> Decimal:
    """What every cell cost, read from the receipts and not from the sum that is kept."""
    costs = [cell.completion.cost.amount for cell in lab.cells(id) if cell.completion]
    return sum((cost for cost in costs if cost is not None), Decimal(0))


async def counted(reply: Reply) -> None:
    """An answer whose tokens are told, so that it has a price."""
    usage = {"prompt_tokens": 20, "completion_tokens": 900, "total_tokens": 920}
    await reply.stream(openai_chat.answer(["wörld"], usage=usage))


async def test_a_budget_is_not_passed_and_the_rest_is_asked_once_it_is_raised(record_url):
    with WireServer(counted) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=8) as lab:
            id = await lab.start(priced("0.005"), known)
            await over(lab, id)
            stopped, progress = lab.find(id), lab.progress(id)
            assert stopped is not None
            assert (stopped.stage, progress.reserved) == ("stopped", 0)
            assert "The budget of $0.005 is reached" in stopped.reason
            assert 0 < spent(lab, id) <= Decimal("0.005")
            assert 0 < stopped.counts["complete"] < 40
            await lab.extend(id, priced("50"), known)
            await over(lab, id)
            assert lab.progress(id).stage == "finished"
            assert lab.cells(id)[-1].state == "complete"
    assert len(server.requests) == 40


async def test_what_was_lost_stays_reserved(record_url):
    async def lose(reply: Reply) -> None:
        await reply.close()

    with WireServer(lose) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=1) as lab:
            id = await lab.start(priced("0.002", cases=8), known)
            await over(lab, id)
            lost, held = lab.cells(id), lab.progress(id).reserved
    assert {cell.state for cell in lost} == {"unknown", "waiting"}
    assert 0 < held <= Decimal("0.002")


async def test_what_the_vendor_broke_off_stays_reserved(record_url):
    async def break_off(reply: Reply) -> None:
        thoughts = [openai_chat.thinking("Let me see"), openai_chat.error_chunk("The engine went away.")]
        await reply.stream(thoughts)

    with WireServer(break_off) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=1) as lab:
            id = await lab.start(priced("0.002", cases=8), known)
            await over(lab, id)
            broken, held = lab.cells(id), lab.progress(id).reserved
    (state,) = {cell.state for cell in broken} - {"waiting"}
    assert state == "failed"
    assert 0 < held <= Decimal("0.002")
    assert len(server.requests) < 8


async def test_what_was_counted_before_a_break_is_spent_and_only_the_rest_stays_reserved(record_url):
    """Together they are what was set aside: no more calls are sent for it, and no fewer."""

    async def break_off(reply: Reply) -> None:
        events = openai_chat.counting(["wörld"], 20, 500) if counts else [openai_chat.text("wörld")]
        await reply.stream(events)

    with WireServer(break_off) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=1) as lab:
            sent: list[int] = []
            for counts in (False, True):  # noqa: B007 -- the script reads it
                before = len(server.requests)
                id = await lab.start(priced("0.002", cases=8), known)
                await over(lab, id)
                sent.append(len(server.requests) - before)
            told = lab.progress(id)
            assert told.spent == spent(lab, id) > 0
            assert told.targets[0].at_least
            assert told.reserved > 0
            assert told.spent + told.reserved <= Decimal("0.002")
            await lab.extend(id, priced("0.002", cases=9), known)  # what is kept is added up anew
            await over(lab, id)
            assert (lab.progress(id).spent, lab.progress(id).reserved) == (told.spent, told.reserved)
    assert sent[0] == sent[1] < 8


async def test_a_model_of_unknown_price_is_left_out_under_a_budget_and_that_is_said(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            both = plan(MODEL, "groq:nobody-knows-this", cases=2, budget=Budget(Decimal(5)))
            id = await lab.start(both, known)
            await over(lab, id)
            found = lab.find(id)
            assert found is not None
            assert [str(target) for target in found.plan.targets] == [MODEL]
            assert "groq:nobody-knows-this was left out" in found.reason
            with pytest.raises(PlanError, match="No model is left"):
                await patiently(lab.start(plan("groq:nobody-knows-this", budget=Budget(Decimal(5))), known))


async def test_what_was_spent_before_there_was_a_budget_counts(record_url):
    with WireServer(counted) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=2) as lab:
            free = replace(priced("1", cases=4), budget=Budget())
            id = await lab.start(free, known)
            await over(lab, id)
            before = spent(lab, id)
            await lab.extend(id, priced(str(before), cases=6), known)
            await over(lab, id)
            stopped = lab.find(id)
            assert stopped is not None
            assert (stopped.stage, stopped.counts) == ("stopped", {"complete": 4, "waiting": 2})
            assert spent(lab, id) == before > 0


async def test_an_answer_that_was_asked_again_is_told_and_what_it_cost_before_stays_spent(record_url):
    with WireServer(counted) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(replace(priced("1", cases=2), budget=Budget()), known)
            await over(lab, id)
            before = lab.progress(id).spent
            await lab.ask_again(id, lab.cells(id)[:1], known)
            await over(lab, id)
            experiment = lab.find(id)
            assert experiment is not None
            (side,) = results(experiment, lab.cells(id)).sides
            after = lab.progress(id).spent
    assert before is not None
    assert before > 0
    assert (side.replaced, side.answered) == (1, 2)
    assert side.spent == after == before * 3 / 2
    assert replaced_text(side).startswith("1 answer was asked again")
