"""Calls are told after they are settled, in another thread, and never by what is measured."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from prompts.asking import attempt as attempt_module
from prompts.asking.runner import Runner
from prompts.observing.call import Call
from prompts.observing.spans import ENDPOINT_VARIABLE
from prompts.observing.teller import Teller, teller_of
from providers.catalogue.pricing import Pricer
from providers.config.configuration import Configuration
from providers.config.connections import Connection
from providers.config.deadlines import Deadlines
from providers.config.telemetry import TelemetryRules
from tests.patience import PATIENCE_S, until
from tests.prompts.asking.asked import CHAT, asking, at, fail, go
from tests.prompts.observing.calls import SETTINGS, completion
from tests.wire.otlp import collecting, named
from tests.wire.server import Reply, WireServer

TELLS = ("prompts.observing", "opentelemetry", "prometheus_client", "requests", "urllib3")


@asynccontextmanager
async def running(connections: dict[str, Connection], rules: TelemetryRules) -> AsyncIterator[Runner]:
    setup = Configuration(connections, Deadlines(), Path("none.toml"), Path("none.toml"), telemetry=rules)
    runner = Runner(setup, Pricer(connections), None)
    try:
        yield runner
    finally:
        await runner.aclose()


class Noting:
    """A listener that says in which thread it was told, and may fail."""

    def __init__(self) -> None:
        self.told: list[Call] = []
        self.threads: set[int] = set()
        self.closed = False

    def tell(self, call: Call) -> None:
        self.threads.add(threading.get_ident())
        self.told.append(call)
        if len(self.told) == 1:
            raise ValueError("the first one fails")

    def close(self) -> None:
        self.closed = True


def test_a_listener_is_told_elsewhere_and_its_failure_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    first, second = Noting(), Noting()
    teller = Teller([first, second])
    for _ in range(3):
        teller.tell(completion(), "c-1", SETTINGS)
    teller.close()
    assert [len(each.told) for each in (first, second)] == [3, 3]
    assert threading.get_ident() not in first.threads | second.threads
    assert first.closed
    assert second.closed
    assert caplog.text.count("could not be reported") == 2


def test_where_nothing_is_switched_on_there_is_no_thread_and_nothing_is_imported() -> None:
    before = threading.active_count()
    teller, counts = teller_of(TelemetryRules())
    teller.tell(completion(), "c-1", SETTINGS)
    teller.close()
    assert counts is None
    assert threading.active_count() == before


@pytest.fixture
def work_while_measuring(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The functions of telemetry that the event loop ran between the start of a measurement and its outcome."""
    found: list[str] = []
    measuring = 0
    complete = attempt_module.complete

    def note(frame: FrameType, event: str, _: Any) -> None:
        name = str(frame.f_globals.get("__name__", ""))
        if measuring and event == "call" and name.startswith(TELLS):
            found.append(f"{name}.{frame.f_code.co_name}")

    async def measured(*arguments: Any, **named: Any) -> Any:
        nonlocal measuring
        measuring += 1
        try:
            return await complete(*arguments, **named)
        finally:
            measuring -= 1

    monkeypatch.setattr(attempt_module, "complete", measured)
    sys.setprofile(note)
    yield found
    sys.setprofile(None)


async def test_nothing_of_it_runs_on_the_loop_while_an_answer_is_measured(
    work_while_measuring: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with collecting() as collector, WireServer(lambda reply: reply.stream(CHAT.answer(["Hel", "lo"], ()))) as server:
        monkeypatch.setenv(ENDPOINT_VARIABLE, collector.url)
        connections = at(server)
        async with running(connections, TelemetryRules("json", True)) as runner:
            for _ in range(2):
                await go(runner, asking("groq:a"), connections)
        assert len(collector.spans) == 2
    assert work_while_measuring == []


async def test_each_attempt_is_told_once_with_its_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector, WireServer(lambda reply: reply.stream(CHAT.answer(["Hel", "lo"], ()))) as server:
        monkeypatch.setenv(ENDPOINT_VARIABLE, collector.url)
        connections = at(server)
        server.routes[CHAT.path] = lambda reply: _by_model(reply)
        async with running(connections, TelemetryRules(metrics=True)) as runner:
            run = asking("groq:good", "mistral:bad")
            await go(runner, run, connections)
            counts = runner.counts
            assert counts is not None
            await until(lambda: "mistral" in counts.text() and "groq" in counts.text())
        told = {named(each)["gen_ai.request.model"]: named(each) for each in collector.spans}
    outcomes = {answer.target.model: answer for answer in run.answers}
    assert set(told) == {"good", "bad"}
    for model, span in told.items():
        assert span["collate.outcome"] == outcomes[model].state
        assert span["collate.completion.id"] == outcomes[model].id
    assert told["bad"]["error.type"] == outcomes["bad"].completion.error.kind  # type: ignore[union-attr]
    assert 'collate_calls_total{outcome="complete",provider="groq"} 1.0' in counts.text()


async def _by_model(reply: Reply) -> None:
    if reply.received.json["model"] == "bad":
        await fail(reply)
    else:
        await reply.stream(CHAT.answer(["Hel", "lo"], ()))


async def test_what_was_never_sent_is_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector, WireServer(lambda reply: reply.stall()) as server:
        monkeypatch.setenv(ENDPOINT_VARIABLE, collector.url)
        connections = at(server)
        async with running(connections, TelemetryRules()) as runner:
            run = asking("vllm:first", "vllm:waits")
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: server.calls(CHAT.path))
            for each in reversed(run.live):
                runner.stop(each)
            await asked
        told = [named(each) for each in collector.spans]
    assert [(each["gen_ai.request.model"], each["collate.outcome"]) for each in told] == [("first", "cancelled")]


async def test_a_collector_that_is_away_takes_nothing_from_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT_VARIABLE, "http://127.0.0.1:9")
    monkeypatch.setattr("prompts.observing.teller.LAST_S", 0.0)
    with WireServer(lambda reply: reply.stream(CHAT.answer(["Hel", "lo"], ()))) as server:
        connections = {name: replace(each) for name, each in at(server).items()}
        async with running(connections, TelemetryRules()) as runner:
            run = asking("groq:a")
            await go(runner, run, connections)
        for each in threading.enumerate():  # nobody waited for it, but it still tries to tell
            if each.name == "teller":
                await asyncio.to_thread(each.join, PATIENCE_S)
    assert [answer.state for answer in run.answers] == ["complete"]
