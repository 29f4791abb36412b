"""Nothing is sent that is not on record, and a record in trouble loses no answer."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from prompts.record.recorder import Recorder, RecordError
from tests.patience import patiently, until
from tests.prompts.asking.asked import (
    CHAT,
    Record,
    asking,
    at,
    fail,
    go,
    running,
)
from tests.prompts.samples import rows
from tests.wire.server import Reply, WireServer


async def test_the_intent_is_on_record_before_the_server_sees_a_byte(recorder: Recorder, tmp_path: Path) -> None:
    seen: list[tuple[Any, ...]] = []

    async def script(reply: Reply) -> None:
        seen.extend(rows(tmp_path / "collate.db", "SELECT state, model, number FROM attempts ORDER BY model"))
        await reply.stream(CHAT.answer(["fine"], ()))

    with WireServer(script) as server:
        run, connections = asking("groq:a"), at(server)
        async with running(connections, recorder) as runner:
            await go(runner, run, connections)
    assert seen == [("sent", "a", 1)]
    assert rows(tmp_path / "collate.db", "SELECT state, text FROM completions") == [("complete", "fine")]


NO = RecordError("The disk is full.")


async def test_a_run_that_cannot_be_recorded_is_not_begun() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good"), at(server)
        async with running(connections, Record(begin_run=NO)) as runner:
            with pytest.raises(RecordError):
                await runner.begin(run, connections)
    assert server.requests == []


async def test_an_intent_that_cannot_be_recorded_is_not_sent() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good", "vllm:good"), at(server)
        record = Record(begin_attempt=NO, withdraw=NO)
        async with running(connections, record) as runner:
            await go(runner, run, connections)
    assert server.requests == []
    assert [(answer.state, answer.note) for answer in run.answers] == [("cancelled", "Not sent: The disk is full.")] * 2
    assert sorted(record.withdrawn) == sorted(answer.id for answer in run.answers)


async def test_an_answer_that_cannot_be_recorded_is_not_lost() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good", "groq:good"), at(server)
        async with running(connections, Record(finish=NO)) as runner:
            await go(runner, run, connections)
    for answer in run.answers:
        assert answer.completion is not None
        assert (answer.state, answer.completion.text, answer.note) == (
            "complete",
            "fine",
            "Not on record: The disk is full.",
        )


async def test_a_stop_that_comes_while_the_answer_is_written_is_too_late() -> None:
    written = asyncio.Event()
    with WireServer(fail) as server:
        run, connections = asking("groq:good"), at(server)
        async with running(connections, Record(finish=written)) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: run.finished)
            runner.stop(run.live[0])
            await asyncio.sleep(0)
            written.set()
            await patiently(asked)
    (answer,) = run.answers
    assert answer.completion is not None
    assert (answer.state, answer.completion.text) == ("complete", "fine")


async def test_cancelling_the_run_while_an_answer_is_written_keeps_it() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good"), at(server)
        async with running(connections, Record(finish=asyncio.Event())) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: run.finished)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
    (answer,) = run.answers
    assert answer.completion is not None
    assert (answer.state, answer.completion.text) == ("complete", "fine")


async def test_a_run_without_a_record_is_a_run() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good"), at(server)
        async with running(connections, None) as runner:
            await go(runner, run, connections)
    assert [answer.state for answer in run.answers] == ["complete"]


async def test_every_change_is_shown() -> None:
    states: list[str] = []
    with WireServer(fail) as server:
        run, connections = asking("groq:good"), at(server)
        async with running(connections) as runner:
            await runner.begin(run, connections)
            await runner.ask(run, connections, lambda answer: states.append(answer.state))
    assert list(dict.fromkeys(states)) == ["sent", "streaming", "complete"]
