"""What was special about a call stands beside its times."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from providers import errors
from providers.interface import Condition, Delta, Done, Request, Usage
from providers.measuring.lateness import BEAT_S, LATE_S
from providers.measuring.measure import complete
from providers.registry import open_provider
from tests.providers.measuring.scripted import (
    ASK,
    CHAT,
    END,
    Local,
    Scripted,
    Wait,
    ask,
    free,
    text,
)
from tests.stepped import SteppedClock
from tests.wire.server import WireServer


class Attended(Scripted):
    """Its numbers are seconds in which the loop runs and is felt to."""

    def __init__(self, loops: SteppedClock, *steps: object) -> None:
        super().__init__(*steps)
        self._loops = loops

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Done]:
        for step in self.steps:
            if isinstance(step, float):
                for _ in range(round(step / BEAT_S)):
                    self._loops.move(BEAT_S)
                    await self._loops.idle()
            elif isinstance(step, Delta | Done):
                yield step
            else:
                step()


pytestmark = pytest.mark.usefixtures("still", "nobody_called_before")


async def test_the_first_call_of_a_provider_is_marked_once() -> None:
    states = [(await ask(Scripted(text("a"), END))).conditions for _ in range(2)]
    assert states == [("first_call",), ()]
    other = Scripted(text("a"), END)
    other.endpoint = "http://elsewhere"
    assert (await ask(other)).conditions == ("first_call",)


async def test_a_call_that_never_left_is_not_the_first_call() -> None:
    async def prepare() -> None:
        raise errors.error("missing_key", "no key")

    assert (await ask(Scripted(prepare=prepare))).conditions == ()
    assert (await ask(Scripted(text("a"), END))).conditions == ("first_call",)


async def test_retries_cache_hits_and_what_the_adapter_knew_are_marked() -> None:
    async def prepare() -> tuple[Condition, ...]:
        return ("cold_load",)

    cached = Done("stop", usage=Usage(10, 9, cache_read_tokens=5))
    await ask(Scripted(text("a"), END))
    done = await ask(Scripted(text("a"), cached, prepare=prepare), attempt=3)
    assert done.conditions == ("cold_load", "cache_hit", "retried")
    assert done.attempts[0].number == 3


async def test_a_new_connection_is_marked_and_an_old_one_is_not() -> None:
    with WireServer(CHAT.playing()) as server:
        provider = open_provider(CHAT.connect(server.url))
        found = [(await complete(provider, ASK, price=free)).conditions for _ in range(2)]
        await provider.aclose()
    assert [[c for c in conditions if c != "cache_hit"] for conditions in found] == [
        ["first_call", "new_connection"],
        [],
    ]


@pytest.mark.parametrize(("kind", "contended"), [(Local, True), (Scripted, False)])
async def test_local_models_that_run_at_once_both_say_so(kind: type[Scripted], contended: bool) -> None:
    begun = [asyncio.Event(), asyncio.Event()]
    tasks = [
        asyncio.create_task(ask(kind(text("a"), Wait), on_delta=lambda _, event=event: event.set())) for event in begun
    ]
    for event in begun:
        await event.wait()
    for task in tasks:
        task.cancel()
    assert {"contended" in (await task).conditions for task in tasks} == {contended}
    alone = await ask(kind(text("a"), END))
    assert "contended" not in alone.conditions


async def test_times_that_our_own_absence_made_longer_say_so_and_no_others(still: SteppedClock) -> None:
    def away() -> None:
        still.pause(3 * LATE_S)

    async def say(*steps: object) -> bool:
        return "contended" in (await ask(Attended(still, *steps), clock=still)).conditions

    assert await say(away, text("a"), 0.5, text("b"), 0.5, END)  # the first token was read late
    assert await say(0.5, text("a"), 0.5, text("b"), away, END)  # the end
    assert not await say(0.5, text("a"), 0.25, away, 0.25, text("b"), 0.5, END)  # neither
    assert not await say(0.5, text("a"), 8.0, text("b"), away, END)  # by less than is stated
    assert not await say(text("a"), 0.5, text("b"), 0.5, END)


async def test_a_server_at_home_that_takes_no_connection_is_not_running() -> None:
    home, away = (
        await ask(Local(ConnectionRefusedError("refused"))),
        await ask(Scripted(ConnectionRefusedError("refused"))),
    )
    assert home.error is not None
    assert away.error is not None
    assert (home.error.kind, away.error.kind) == ("local_unavailable", "connection")


async def test_what_is_learnt_after_the_answer_is_in_the_outcome_and_on_no_clock() -> None:
    async def learn(done: Done) -> Done:
        return replace(done, fingerprint={"digest": "abc"}, flags=("prompt_cut",), conditions=("cold_load",))

    done = await ask(Scripted(0.5, text("Hi"), 0.5, Done("stop"), learn=learn))
    assert (done.fingerprint, done.timings.duration_s) == ({"digest": "abc"}, 1.0)
    assert "prompt_cut" in done.flags
    assert "cold_load" in done.conditions


async def test_a_stop_after_the_end_takes_nothing_back() -> None:
    async def learn(_: Done) -> Done:
        task.cancel()
        await asyncio.Event().wait()
        raise AssertionError

    task = asyncio.create_task(ask(Scripted(0.5, text("Hi"), 0.5, Done("stop"), learn=learn)))
    done = await task
    assert (done.state, done.text, done.stop_reason) == ("complete", "Hi", None)
    assert "cancelled" not in done.conditions


async def test_nothing_is_learnt_of_what_never_ended() -> None:
    async def learn(_: Done) -> Done:
        raise AssertionError

    assert (await ask(Scripted(0.5, text("Hi"), learn=learn))).state == "incomplete"
