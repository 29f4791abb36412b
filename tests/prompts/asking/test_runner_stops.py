"""What a Stop ends and what it leaves, and that nothing is retried by itself."""

import asyncio
import threading

import pytest

from prompts.record.recorder import Recorder
from tests.patience import PATIENCE_S, patiently, until
from tests.prompts.asking.asked import (
    CHAT,
    Begun,
    asking,
    at,
    fail,
    go,
    running,
    streaming,
)
from tests.wire.server import Reply, WireServer

# Stop -----------------------------------------------------------------------------------------------------------------


async def test_stopping_one_answer_leaves_the_others(recorder: Recorder) -> None:
    released = threading.Event()

    async def script(reply: Reply) -> None:
        if reply.received.json["model"] == "a":
            await Begun()(reply)
        else:
            await asyncio.to_thread(released.wait, 10)
            await reply.stream(CHAT.answer(["fine"], ()))

    with WireServer(script) as server:
        run, connections = asking("groq:a", "groq:b"), at(server)
        async with running(connections, recorder) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: streaming(run.answers[0]))
            runner.stop(run.live[0])
            await until(lambda: not run.answers[0].live)
            stopped = next(r for r in server.requests if r.json["model"] == "a")
            assert await asyncio.to_thread(stopped.disconnected.wait, PATIENCE_S)
            assert run.answers[1].live
            released.set()
            await patiently(asked)
    one, other = run.answers
    assert (one.state, other.state) == ("cancelled", "complete")
    assert one.completion is not None
    assert "Hello".startswith(one.completion.text)
    assert one.completion.text
    stored = recorder.load_run(run.id)
    assert stored is not None
    assert [(row.state, row.text) for row in stored.completions] == [
        ("cancelled", one.completion.text), ("complete", "fine"),
    ]  # fmt: skip


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_stopping_more_than_once_is_stopping_once(times: int, recorder: Recorder) -> None:
    with WireServer(Begun()) as server:
        run, connections = asking("groq:a", "vllm:b", "vllm:c"), at(server)
        async with running(connections, recorder) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: streaming(*run.answers[:2]))
            for _ in range(times):
                for live in run.live:
                    runner.stop(live)
            await patiently(asked)
    assert [answer.state for answer in run.answers] == ["cancelled"] * 3
    assert [bool(answer.completion and answer.completion.text) for answer in run.answers] == [True, True, False]
    assert run.answers[2].note == "Stopped before it was sent."
    assert len(server.requests) == 2
    stored = recorder.load_run(run.id)
    assert stored is not None
    assert [row.state for row in stored.completions] == ["cancelled"] * 3
    assert [row.completion is None for row in stored.completions] == [False, False, True]


async def test_an_answer_stopped_while_it_waits_lets_the_next_one_go() -> None:
    released = threading.Event()

    async def script(reply: Reply) -> None:
        await asyncio.to_thread(released.wait, 10)
        await reply.stream(CHAT.answer(["fine"], ()))

    with WireServer(script) as server:
        run, connections = asking("vllm:a", "vllm:b", "vllm:c"), at(server)
        async with running(connections) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: server.requests)
            runner.stop(run.live[1])
            await until(lambda: not run.answers[1].live)
            released.set()
            await patiently(asked)
    assert [answer.state for answer in run.answers] == ["complete", "cancelled", "complete"]
    assert [r.json["model"] for r in server.requests] == ["a", "c"]
    stopped = run.answers[1].completion
    assert stopped is not None
    assert (stopped.cost.kind, stopped.cost.reason) == ("unknown", "nothing was sent")
    assert stopped.attempts == ()


async def test_stopping_what_is_finished_changes_nothing() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
            before = run.answers[0].completion
            runner.stop(run.live[0])
    assert run.answers[0].completion is before


async def test_cancelling_the_whole_run_settles_every_answer(recorder: Recorder) -> None:
    with WireServer(Begun()) as server:
        run, connections = asking("groq:a", "vllm:b", "vllm:c"), at(server)
        async with running(connections, recorder) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: streaming(*run.answers[:2]))
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
    assert [answer.state for answer in run.answers] == ["cancelled"] * 3
    stored = recorder.load_run(run.id)
    assert stored is not None
    assert [row.state for row in stored.completions] == ["cancelled"] * 3


# Retry ----------------------------------------------------------------------------------------------------------------


async def test_a_retry_is_the_next_attempt_and_nothing_retries_by_itself(recorder: Recorder) -> None:
    async def script(reply: Reply) -> None:
        if len(server.requests) == 1:
            await reply.body(CHAT.refusals["overloaded"][1], 503, {"retry-after": "0"})
        else:
            await reply.stream(CHAT.answer(["fine"], ()))

    with WireServer(script) as server:
        run, connections = asking("groq:a"), at(server)
        (answer,) = run.answers
        async with running(connections, recorder) as runner:
            await go(runner, run, connections)
            (answer,) = run.answers
            assert (answer.state, answer.attempt, len(server.requests)) == ("failed", 1, 1)
            run.live[0].begin()
            await patiently(runner.retry(run, run.live[0], connections))
    (answer,) = run.answers
    assert (answer.state, answer.attempt, len(server.requests)) == ("complete", 2, 2)
    assert answer.completion is not None
    assert "retried" in answer.completion.conditions
    assert answer.completion.attempts[0].number == 2
    stored = recorder.load_run(run.id)
    assert stored is not None
    (row,) = stored.completions
    assert (row.state, row.text, [old.state for old in row.earlier]) == ("complete", "fine", ["failed"])
