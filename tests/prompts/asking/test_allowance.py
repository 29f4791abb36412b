"""A limit of spending holds before anything is sent, whatever becomes of the calls."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from prompts.asking.allowance import Allowance
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record import spending
from prompts.record.recorder import Recorder, RecordError
from prompts.record.spending import Spent
from providers.catalogue.pricing import Bill
from providers.completion import Cost
from providers.interface import Settings
from tests.patience import patiently, until
from tests.prompts.asking.asked import Begun, Crowd, at, fail, go, running, streaming
from tests.runs import started
from tests.wire import openai_chat
from tests.wire.server import Reply, Script, WireServer

HALF = Decimal("0.5")


def half_a_dollar(_: Bill) -> Cost:
    return Cost("amount", HALF)


def unpriced(_: Bill) -> Cost:
    return Cost("unknown", reason="no price is known")


def openai_chat_counting(written: int) -> Script:
    async def script(reply: Reply) -> None:
        await reply.stream(openai_chat.counting(["Hello"], 20, written))

    return script


def run_of(*targets: str, person: str = "ada") -> Run:
    settings = Settings(max_output_tokens=5)
    return started("Say hello.", [Target(*each.split(":"), settings) for each in targets], person=person)


async def spent(recorder: Recorder, person: str = "ada") -> Spent:
    return await recorder.write(lambda c: spending.today(c, person))


async def test_no_more_is_sent_than_a_day_allows(recorder: Recorder) -> None:
    with WireServer(Crowd()) as server:
        connections = at(server)
        async with running(connections, recorder) as runner:
            runner._allowance = Allowance(Decimal(1), half_a_dollar)
            run = run_of("groq:a", "groq:b", "mistral:c", "vllm:d")
            await go(runner, run, connections)
        sent = [call.json["model"] for call in server.calls("/chat/completions")]
    refused = [answer for answer in run.answers if answer.state == "cancelled"]
    assert len(sent) == 3
    assert "d" in sent  # no fee is charged at home
    assert [answer.note for answer in refused] == [
        "Not sent: You may spend $1.00 a day here: $0 is spent today, $1.00 more is set aside for calls in progress, "
        "and this call may cost $0.500. The next day begins at midnight UTC."
    ]
    assert await spent(recorder) == Spent(Decimal(1), Decimal(0))  # what they cost is not known: all that was set aside


async def test_what_failed_without_a_charge_costs_nothing(recorder: Recorder) -> None:
    with WireServer(fail) as server:
        connections = at(server)
        async with running(connections, recorder) as runner:
            runner._allowance = Allowance(Decimal(1), half_a_dollar)
            await go(runner, run_of("groq:bad"), connections)
    assert await spent(recorder) == Spent()


async def test_what_was_stopped_under_way_may_have_been_charged(recorder: Recorder) -> None:
    with WireServer(Begun()) as server:
        connections = at(server)
        async with running(connections, recorder) as runner:
            runner._allowance = Allowance(Decimal(1), half_a_dollar)
            await runner.begin(run := run_of("groq:a"), connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: streaming(run.answers[0]))
            runner.stop(run.live[0])
            await patiently(asked)
    assert run.answers[0].state == "cancelled"
    assert await spent(recorder) == Spent(HALF)


@pytest.mark.parametrize(("written", "counted"), [(100, HALF), (1_000_000, Decimal("0.7900118"))])
async def test_what_broke_off_counts_as_what_was_set_aside_or_as_what_it_cost_by_then(
    recorder: Recorder, written: int, counted: Decimal
) -> None:
    with WireServer() as server:
        server.script = openai_chat_counting(written)
        connections = at(server)
        async with running(connections, recorder) as runner:
            runner._allowance = Allowance(Decimal(1), half_a_dollar)
            await go(runner, run := run_of("groq:llama-3.3-70b-versatile"), connections)
    assert run.answers[0].state == "incomplete"
    assert await spent(recorder) == Spent(counted)


async def test_what_has_no_price_is_not_sent_under_a_limit(recorder: Recorder) -> None:
    with WireServer(Crowd()) as server:
        connections = at(server)
        async with running(connections, recorder) as runner:
            runner._allowance = Allowance(Decimal(1), unpriced)
            run = run_of("groq:a")
            await go(runner, run, connections)
        assert server.calls("/chat/completions") == []
    assert "is not known, so your daily limit cannot be applied" in str(run.answers[0].note)


@pytest.mark.parametrize(("limit", "person"), [(None, "ada"), (Decimal(1), "")])
async def test_without_a_limit_or_a_login_nothing_is_kept(
    recorder: Recorder, limit: Decimal | None, person: str
) -> None:
    with WireServer(Crowd()) as server:
        connections = at(server)
        async with running(connections, recorder) as runner:
            runner._allowance = Allowance(limit, unpriced)
            run = run_of("groq:a", "groq:b", "groq:c", person=person)
            await go(runner, run, connections)
    assert [answer.state for answer in run.answers] == ["complete"] * 3
    assert await spent(recorder, person) == Spent()


async def test_a_limit_that_cannot_be_kept_lets_nothing_out() -> None:
    with WireServer(Crowd()) as server:
        connections = at(server)
        async with running(connections) as runner:
            runner._allowance = Allowance(Decimal(1), half_a_dollar)
            run = run_of("groq:a")
            await go(runner, run, connections)
        assert server.calls("/chat/completions") == []
    assert "no record to count it in" in str(run.answers[0].note)
    assert issubclass(spending.OverDayError, RecordError)
