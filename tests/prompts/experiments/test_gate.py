"""The gate of a provider: how many pass at once, and what it learns from a refusal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from prompts.experiments import gate_store, worker_store
from prompts.experiments.gate import Gate
from prompts.experiments.worker_store import Listening
from prompts.record.experiment_tables import gates
from providers.completion import RateLeft
from providers.config.connections import Connection
from providers.errors import failure
from tests.stepped import SteppedClock

NOW = datetime(2026, 11, 20, tzinfo=UTC)
HOST: Any = SimpleNamespace(name="groq", endpoint="https://api.groq.com")


class Crowd:
    """Callers that pass a gate and stay until they are sent away."""

    def __init__(self, gate: Gate, size: int) -> None:
        self.inside: list[asyncio.Event] = []
        self.tasks = [asyncio.create_task(self._pass(gate)) for _ in range(size)]

    async def _pass(self, gate: Gate) -> None:
        async with gate.passed():
            self.inside.append(gone := asyncio.Event())
            await gone.wait()
        self.inside.remove(gone)

    def let_go(self, number: int) -> None:
        """So many leave."""
        for gone in self.inside[:number]:
            gone.set()


@pytest.fixture
async def crowds() -> AsyncIterator[list[Crowd]]:
    """Whoever still waits is sent away at the end."""
    made: list[Crowd] = []
    yield made
    tasks = [task for crowd in made for task in crowd.tasks]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_only_so_many_pass_at_once(clock: SteppedClock, crowds: list[Crowd]) -> None:
    gate = Gate(clock, most=3)
    crowds.append(crowd := Crowd(gate, 8))
    await clock.idle()
    assert len(crowd.inside) == 3
    crowd.let_go(2)
    await clock.idle()
    assert (len(crowd.inside), gate.busy) == (3, 3)


async def test_who_gives_up_waiting_leaves_room(clock: SteppedClock, crowds: list[Crowd]) -> None:
    gate = Gate(clock, most=1)
    crowds.append(crowd := Crowd(gate, 3))
    await clock.idle()
    crowd.tasks[1].cancel()
    crowd.let_go(1)
    await clock.idle()
    assert (len(crowd.inside), gate.busy) == (1, 1)


async def test_a_refusal_shuts_it_for_as_long_as_the_provider_says_and_halves_it(clock, crowds) -> None:
    gate = Gate(clock, most=8)
    gate.refused(failure("rate_limit", "slow down", retry_after_s=30), clock())
    crowds.append(crowd := Crowd(gate, 8))
    await clock.idle()
    assert crowd.inside == []
    assert gate.says == "Its rate limit is reached: continues in 30 s, 4 at once instead of 8."
    clock.move(30)
    await clock.idle()
    assert len(crowd.inside) == 4


async def test_a_burst_of_refusals_halves_it_once_and_each_minute_lets_one_more_in(clock: SteppedClock) -> None:
    gate, sent = Gate(clock, most=8), clock()
    clock.move(1)
    for _ in range(5):
        gate.refused(failure("rate_limit", "slow down", retry_after_s=0), sent)
    assert gate.at_once == 4
    clock.move(60)
    assert gate.at_once == 5
    clock.move(600)
    assert (gate.at_once, gate.says) == (8, "")


async def test_without_a_time_it_waits_longer_each_time(clock: SteppedClock) -> None:
    gate, waits = Gate(clock, most=8), list[float]()
    for _ in range(8):
        gate.refused(failure("overloaded", "busy"), clock())
        waits.append(gate.shut_s)
        clock.move(gate.shut_s)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_what_was_learnt_is_known_to_the_next_and_forgotten_after_an_hour(clock, engine) -> None:
    gate = Gate(clock, most=16)
    gate.refused(failure("rate_limit", "slow down", retry_after_s=90), clock())
    with engine.begin() as connection:
        for _ in range(2):
            gate_store.save(connection, HOST, gate, NOW)
        learnt = gate_store.load(connection, HOST, NOW + timedelta(minutes=1))
        assert learnt is not None
        assert gate_store.load(connection, HOST, NOW + timedelta(hours=2)) is None
    later = Gate(clock, most=16)
    gate_store.apply(later, learnt, NOW + timedelta(minutes=1))
    assert (later.at_once, later.shut_s, later.learnt_from) == (9, 30, "slow down")


async def test_what_is_left_of_a_limit_goes_at_once_and_the_rest_when_it_is_there_again(clock, crowds) -> None:
    gate = Gate(clock, most=8)
    assert gate.told((RateLeft("requests", 3, 60, 20.0),))
    crowds.append(crowd := Crowd(gate, 8))
    await clock.idle()
    assert len(crowd.inside) == 3
    assert gate.says == "Its limit (60 calls a minute) is used up: continues in 20 s."
    clock.move(20)
    await clock.idle()
    assert (len(crowd.inside), gate.says) == (8, "")


async def test_calls_under_way_may_not_be_counted_yet_and_never_shut_it_for_good(clock, crowds) -> None:
    gate = Gate(clock, most=4)
    crowds.append(crowd := Crowd(gate, 8))
    await clock.idle()
    gate.told((RateLeft("requests", 2, 60, 30.0),))
    crowd.let_go(4)
    await clock.idle()
    assert crowd.inside == []
    gate.told((RateLeft("requests", 2, 60, 30.0),))
    await clock.idle()
    assert len(crowd.inside) == 2


async def test_tokens_that_are_used_up_shut_it_and_a_limit_of_a_day_is_none_of_a_minute(clock, crowds) -> None:
    gate = Gate(clock, most=4)
    assert gate.told((RateLeft("requests", 900, 1000, 3600.0), RateLeft("tokens", 0, 6000, 12.0)))
    assert (gate.shut_s, gate.per_minute, gate.tokens_per_minute) == (12.0, None, 6000)


async def test_a_limit_that_is_used_up_for_long_is_for_everybody_to_know(clock) -> None:
    gate = Gate(clock, most=4)
    assert gate.told((RateLeft("requests", 0, 1000, 3600.0),))
    assert gate.shut_s == 3600.0
    assert gate.says == "Its limit is used up: continues in 60 min."


async def test_the_limit_of_a_minute_is_known_to_the_next_start(clock, engine) -> None:
    gate = Gate(clock, most=16)
    gate.told((RateLeft("requests", 40, 60, 30.0), RateLeft("tokens", 9_000, 40_000, 5.0)))
    with engine.begin() as connection:
        gate_store.save(connection, HOST, gate, NOW)
        learnt = gate_store.load(connection, HOST, NOW)
    assert learnt is not None
    later = Gate(clock, most=16)
    gate_store.apply(later, learnt, NOW)
    assert (later.per_minute, later.tokens_per_minute, later.at_once) == (60, 40_000, 16)


LAB = Connection("lab", "openai", "Lab", "https://lab.example.com/v1", needs_key=False)


def row(**known: object) -> dict[str, object]:
    """What is on record of it."""
    return {"provider": "lab", "account": LAB.endpoint, "at_once": 4, "changed_at": NOW, **known}


@pytest.mark.parametrize(
    ("set_here", "known", "said"),
    [
        ({}, None, "16 at once"),
        ({"at_once": 3, "per_minute": 90}, None, "3 at once, the limit set here of 90 calls a minute"),
        (
            {},
            {"per_minute": 60, "tokens_per_minute": 40_000, "at_once": gate_store.UNLIMITED},
            "16 at once, its own limit of 60 calls a minute, its own limit of 40,000 tokens a minute",
        ),
        (
            {},
            {"shut_until": NOW + timedelta(minutes=58)},
            "4 at once since it refused (one more each minute, up to 16), and nothing for the next 58 min",
        ),
        ({}, {"changed_at": NOW - timedelta(hours=2), "shut_until": NOW + timedelta(minutes=58)}, "16 at once"),
    ],
)
def test_what_is_let_through_is_what_was_set_and_what_was_told_within_the_hour(
    engine, monkeypatch, set_here, known, said
) -> None:
    monkeypatch.setattr(gate_store.clock, "now", lambda _: NOW)
    with engine.begin() as connection:
        if known is not None:
            connection.execute(gates.insert(), row(**known))
        assert gate_store.throughput(connection, replace(LAB, **set_here), 16).says == said
        told = gate_store.throughputs(connection, {"lab": "lab"})["lab"]
        assert told == gate_store.throughput(connection, LAB, 16)


def test_several_workers_ask_as_many_at_once_as_all_of_them_together(engine) -> None:
    with engine.begin() as connection:
        for n, at_once in enumerate((16, 40)):
            worker_store.beat(connection, f"w{n}", Listening("worker", "box", ("lab", "vllm@box"), at_once), None)
        assert gate_store.throughput(connection, LAB, 16).at_once == 56
        assert gate_store.throughput(connection, replace(LAB, name="other"), 16).at_once == 16
        assert gate_store.throughputs(connection, {"lab": "lab", "other": "other"})["lab"].at_once == 56


async def test_a_host_that_cannot_be_reached_is_waited_for_without_going_slower_afterwards(clock) -> None:
    gate, waits = Gate(clock, most=8), list[float]()
    for _ in range(8):
        gate.refused(failure("connection", "refused", retry="yes"), clock())
        waits.append(gate.shut_s)
        clock.move(gate.shut_s)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert gate.at_once == 8
    gate.refused(failure("connection", "refused", retry="yes"), clock())
    assert gate.says == "Cannot be reached: tried again in 60 s."


async def test_calls_that_overlap_are_tries_all_the_same(clock: SteppedClock) -> None:
    """Of two that are always under way one failed while the other was."""
    gate, start = Gate(clock, most=2), clock()
    for n in range(8):  # one begins every 5 s and takes 8
        clock.move(8 if n == 0 else 5)
        gate.refused(failure("overloaded", "busy", retry_after_s=0), start + 5 * n)
    assert gate.outage.tries == 4
    assert gate.outage.lasting


async def test_one_failure_on_the_side_of_the_provider_may_be_of_that_request_only(clock) -> None:
    gate = Gate(clock, most=8)
    gate.refused(failure("server", "it broke"), clock())
    assert gate.shut_s == 0
    gate.refused(failure("server", "it broke"), clock())
    assert gate.says == "Fails on its side: tried again in 2 s."
