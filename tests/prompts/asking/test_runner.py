"""Asking many answers: who waits for whom, and one failure stays in its own column."""

import asyncio
from dataclasses import replace

import pytest

from prompts.asking import scheduler
from prompts.core.targets import Target
from providers.adapters.openai_chat import OpenAIChat
from providers.config.connections import PRESETS
from providers.interface import Settings
from providers.secrets import Secret
from tests.patience import patiently, until
from tests.prompts.asking.asked import (
    CHAT,
    HELLO,
    Begun,
    Crowd,
    Meeting,
    asking,
    at,
    fail,
    go,
    running,
    streaming,
)
from tests.runs import started
from tests.stepped import SteppedClock
from tests.wire.server import Reply, WireServer

# Who waits for whom ---------------------------------------------------------------------------------------------------


async def test_remote_targets_are_asked_at_once() -> None:
    with WireServer(Meeting(3)) as server:
        run, connections = asking("groq:a", "groq:b", "mistral:c"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert [answer.state for answer in run.answers] == ["complete"] * 3
    assert ["".join(answer.text_parts) for answer in run.answers] == [HELLO] * 3
    assert run.finished


async def test_no_request_waits_for_the_connection_of_another() -> None:
    """HTTP libraries open at most a hundred connections unless told otherwise, and the wait would be measured."""
    arrived, all_here = 0, asyncio.Event()

    async def script(reply: Reply) -> None:
        nonlocal arrived
        arrived += 1
        if arrived == 110:
            all_here.set()
        await patiently(all_here.wait())
        await reply.stream(CHAT.answer(["Hel", "lo"], ()))

    with WireServer(script) as server:
        run, connections = asking(*(f"groq:m{number}" for number in range(110))), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert {answer.state for answer in run.answers} == {"complete"}


async def test_models_of_one_local_host_take_turns_and_say_so(clock: SteppedClock) -> None:
    crowd, notes = Crowd(), set[str | None]()
    with WireServer(crowd) as server:
        run, connections = asking("vllm:a", "vllm:b", "vllm:c"), at(server)
        async with running(connections) as runner:
            await runner.begin(run, connections)
            await runner.ask(run, connections, lambda _: notes.update(answer.note for answer in run.answers))
    assert crowd.most["all"] == 1
    assert [answer.state for answer in run.answers] == ["complete"] * 3
    assert any(note and "take turns" in note for note in notes)
    assert [answer.note for answer in run.answers] == [None] * 3
    assert all("contended" not in answer.completion.conditions for answer in run.answers if answer.completion)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_two_servers_on_one_machine_take_turns(name: str) -> None:
    """They share its processor, whatever port and name they go by."""
    crowd = Crowd()
    with WireServer(crowd) as one, WireServer(crowd) as other:
        near = other.url.replace("127.0.0.1", name)
        connections = at(one) | {"lmstudio": replace(PRESETS["lmstudio"], base_url=f"{near}/v1")}
        run = asking("vllm:a", "lmstudio:b", "vllm:c", "lmstudio:d")
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert crowd.most["all"] == 1
    assert [answer.state for answer in run.answers] == ["complete"] * 4


async def test_two_machines_do_not_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "machine_of", str)  # two ports stand for two machines
    meeting = Meeting(2)
    with WireServer(meeting) as one, WireServer(meeting) as other:
        connections = at(one) | {"lmstudio": replace(PRESETS["lmstudio"], base_url=f"{other.url}/v1")}
        run = asking("vllm:a", "lmstudio:b")
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert [answer.state for answer in run.answers] == ["complete"] * 2


async def test_a_local_model_does_not_hold_up_a_remote_one() -> None:
    with WireServer(Meeting(2)) as server:
        run, connections = asking("vllm:a", "groq:b"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert run.finished


async def test_hosted_repeats_are_asked_in_step() -> None:
    """A fast model waits for a slow one: both are asked in the same minutes, under the same load of the network."""
    crowd = Crowd()

    async def script(reply: Reply) -> None:
        await crowd(reply)
        if reply.received.json["model"] == "a":
            for _ in range(200):  # turns of the server's loop, in which the others are done long before
                await asyncio.sleep(0)

    with WireServer(script) as server:
        run, connections = asking("groq:a", "groq:b", "mistral:c", repeats=4), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert [set(crowd.order[n : n + 3]) for n in range(0, 12, 3)] == [{"a", "b", "c"}] * 4
    assert (crowd.most["a"], crowd.most["b"], crowd.most["c"]) == (1, 1, 1)
    assert [answer.state for answer in run.answers] == ["complete"] * 12


async def test_neither_a_failure_nor_a_stop_holds_up_the_next_repeat() -> None:
    async def script(reply: Reply) -> None:
        if reply.received.json["model"] == "stuck":
            await Begun()(reply)
        await fail(reply)

    with WireServer(script) as server:
        run, connections = asking("groq:bad", "groq:good", "groq:stuck", repeats=2), at(server)
        async with running(connections) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            for each in [live for live in run.live if live.now.target.model == "stuck"]:
                await until(lambda each=each: streaming(each.now))
                runner.stop(each)
            await patiently(asked)
    states = {answer.target.model: answer.state for answer in run.answers}
    assert states == {"bad": "failed", "good": "complete", "stuck": "cancelled"}


async def test_an_answer_that_is_stopped_before_its_task_began_has_its_outcome() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good", "groq:other", repeats=2), at(server)
        async with running(connections) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await asyncio.sleep(0)  # the tasks are there, and none has begun
            runner.stop(run.live[0])
            runner.stop(run.live[0])
            await patiently(asked)
    assert [answer.state for answer in run.answers] == ["cancelled", "complete", "complete", "complete"]


async def test_the_same_model_in_two_columns_is_asked_at_once() -> None:
    with WireServer(Meeting(2)) as server:
        run, connections = asking("groq:a", "groq:a"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert run.finished


# One failure never touches another column -----------------------------------------------------------------------------


async def test_a_failure_stays_in_its_own_answer() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:bad", "groq:good", "builtin:none", "builtin:ngram-2"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert [answer.state for answer in run.answers[:3]] == ["failed", "complete", "failed"]
    assert run.answers[3].state in ("complete", "cut")
    errors = [answer.completion.error if answer.completion else None for answer in run.answers[:3]]
    assert [error and error.kind for error in errors] == ["server", None, "not_found"]
    assert len(server.requests) == 2


async def test_an_sdk_that_cannot_be_used_stays_in_its_own_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ImportError("no such module")

    monkeypatch.setattr(OpenAIChat, "make_client", broken)
    with WireServer(fail) as server:
        run, connections = asking("groq:good", "builtin:ngram-2"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert run.answers[0].state == "failed"
    assert run.answers[1].state in ("complete", "cut")
    assert server.requests == []


async def test_what_cannot_be_sent_is_noted_before_anything_is_sent() -> None:
    with WireServer() as server:
        connections = at(server)
        run = started("Say hello.", [Target("builtin", "ngram-2", Settings(effort="high"))])
        async with running(connections) as runner:
            await runner.begin(run, connections)
    assert "effort" in [adjustment.setting for adjustment in run.answers[0].adjustments]


async def test_another_key_is_another_client() -> None:
    connection = CHAT.connect("http://127.0.0.1:9")
    async with running({"groq": connection}) as runner:
        mine = runner.provider(replace(connection, key=Secret("key-of-mine")))
        assert runner.provider(connection) is runner.provider(replace(connection))
        assert mine is not runner.provider(connection)
