"""Whom an experiment asks: which targets share a gate, how much is claimed ahead of it, and what a call waits for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from prompts.asking.runner import Runner
from prompts.core.targets import Target
from prompts.experiments.admission import Limits, ShutError
from prompts.experiments.gate import Gate
from prompts.experiments.hosts import Host, Hosts
from providers.catalogue.pricing import Pricer
from providers.config.configuration import Configuration
from providers.config.deadlines import Deadlines
from tests.prompts.experiments.wired import connections
from tests.stepped import SteppedClock
from tests.wire.server import WireServer

TARGETS = {n: Target(*name.split(":")) for n, name in enumerate(["groq:a", "vllm:b", "groq:c", "mistral:d"])}
AT_ONCE = 4


@pytest.fixture
async def hosts_of(clock: SteppedClock) -> AsyncIterator[Callable[[str | None], list[Host]]]:
    """The hosts of `TARGETS`, or of one provider's part of them."""
    with WireServer(lambda reply: reply.stall()) as server:
        known = connections(server)
        runner = Runner(
            Configuration(known, Deadlines(), Path("none.toml"), Path("none.toml")), Pricer(known), None
        )  # fmt: skip
        yield lambda only: Hosts(runner, known, lambda _: Gate(clock, AT_ONCE), "ada", only).of(TARGETS)
        await runner.aclose()


async def test_the_targets_of_a_connection_share_a_host(hosts_of: Callable[[str | None], list[Host]]) -> None:
    found = {host.connection.name: host for host in hosts_of(None)}
    assert {name: host.targets for name, host in found.items()} == {"groq": (0, 2), "vllm": (1,), "mistral": (3,)}
    assert [host.targets for host in hosts_of("groq")] == [(0, 2)]


async def test_a_machine_of_ones_own_is_limited_only_where_other_processes_ask_it_too(
    hosts_of: Callable[[str | None], list[Host]],
) -> None:
    (alone,) = (host for host in hosts_of(None) if host.provider.local)
    (shared,) = hosts_of("vllm")
    assert (alone.limits, shared.limits) == (Limits(), Limits(at_once=1))


async def test_twice_as_many_are_claimed_as_are_asked(hosts_of: Callable[[str | None], list[Host]]) -> None:
    (host,) = hosts_of("groq")
    assert await host.room() == 2 * AT_ONCE
    more = asyncio.create_task(host.room())
    host.free()
    await asyncio.sleep(0)
    assert not more.done()
    host.free(2)
    assert await more == 3


async def test_a_local_call_holds_its_machine_and_a_hosted_one_leaves_early(
    clock: SteppedClock, hosts_of: Callable[[str | None], list[Host]]
) -> None:
    (local,), (hosted,) = hosts_of("vllm"), hosts_of("groq")
    async with local.turn() as leave:
        leave()
        entered = asyncio.create_task(local.turn().__aenter__())
        await clock.idle()
        assert not entered.done()
    await clock.idle()
    assert entered.done()
    async with hosted.turn() as leave:
        assert hosted.gate.busy == 1
        leave()
        assert hosted.gate.busy == 0


async def test_what_is_not_let_through_knocks_again_and_says_what_it_waits_for(
    clock: SteppedClock, hosts_of: Callable[[str | None], list[Host]]
) -> None:
    (host,) = hosts_of("groq")
    shut = ShutError("10 calls a minute.", 0.25)
    answers = [shut, shut, None]  # the first makes it the one that knocks, after the second it waits by the clock

    async def send(_: Callable[[], None], let_through: Callable[[], None]) -> None:
        if (refusal := answers.pop(0)) is not None:
            raise refusal
        let_through()

    asked = asyncio.create_task(host.let_in(host.turn, send, lambda: False))
    await clock.idle()
    assert host.gate.says == "10 calls a minute."
    assert not asked.done()
    clock.move(0.25)
    assert (await asked, host.gate.says, answers) == (True, "", [])


async def test_what_is_over_is_not_sent(hosts_of: Callable[[str | None], list[Host]]) -> None:
    (host,) = hosts_of("groq")

    async def send(_: Callable[[], None], __: Callable[[], None]) -> None:
        raise AssertionError("it was sent")

    assert not await host.let_in(host.turn, send, lambda: True)


async def test_no_place_is_held_while_the_limits_of_others_are_waited_for(
    clock: SteppedClock, hosts_of: Callable[[str | None], list[Host]]
) -> None:
    (host,) = hosts_of("groq")
    held, held_then, refusals = list[str](), list[str](), [ShutError("Wait.", 0.25)] * 2

    @asynccontextmanager
    async def turn() -> AsyncIterator[Callable[[], None]]:
        held.append("place")
        yield lambda: None
        held.remove("place")

    async def send(_: Callable[[], None], __: Callable[[], None]) -> None:
        held_then.extend(held)
        if refusals:
            raise refusals.pop()

    asked = asyncio.create_task(host.let_in(turn, send, lambda: False))
    await clock.idle()
    assert (held, held_then) == ([], ["place"] * 2)
    clock.move(0.25)
    assert await asked
    assert (held, held_then) == ([], ["place"] * 3)


async def test_who_has_no_place_holds_up_nobody_else_at_the_door(hosts_of: Callable[[str | None], list[Host]]) -> None:
    (host,) = hosts_of("groq")
    ada, bob = host.gate.doors["ada"].visit(), host.gate.doors["bob"].visit()
    await ada.wait(0.0)
    await bob.queue()
    assert not bob.behind
    assert host.gate.doors["ada"].visit().behind
