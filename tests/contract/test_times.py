"""The times of every provider, and what of its work is on no clock."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from providers.interface import Request
from providers.measuring import measure, send_turns
from providers.measuring.measure import complete
from providers.network import cleaning
from providers.network.exchange import Exchange
from tests.contract.asking import (
    PROMPT,
    ask,
    ask_slowly,
    every_wire,
    opened,
    posts,
    unpriced,
)
from tests.patience import patiently
from tests.wire.dialects import Dialect
from tests.wire.server import Reply, WireServer
from tests.wire.slowly import Part

PLACE = {"run": "r", "id": "i", "repeat": 0}


@every_wire
async def test_times_are_those_of_the_servers_clock(dialect: Dialect, clock, exchanges) -> None:
    events = dialect.answer(["first", " word", " and", " last"], ())
    opening = next(n for n, event in enumerate(events) if b"first" in event) + 1
    words = [Part(0.5, events[opening]), Part(0.75, events[opening + 1]), Part(1.5, events[opening + 2])]
    parts = [Part(0.25, b"".join(events[:opening])), *words, Part(0.125, b"".join(events[opening + 3 :]))]
    times = (await ask_slowly(dialect, parts, clock, exchanges)).timings
    assert (times.sent_s, times.headers_s) == (0, 0.25)
    assert (times.time_to_first_chunk_s, times.time_to_first_token_s) == (0.25, 0.25)
    assert (times.time_to_last_token_s, times.duration_s) == (3.0, 3.125)


@every_wire
async def test_blank_space_is_not_the_first_token(dialect: Dialect, clock, exchanges) -> None:
    events = dialect.answer(["\n\n", "Hello"], ())
    word = next(n for n, event in enumerate(events) if b"Hello" in event)
    parts = [Part(0.25, b"".join(events[:word])), Part(0.5, b"".join(events[word:]))]
    times = (await ask_slowly(dialect, parts, clock, exchanges)).timings
    assert (times.time_to_first_chunk_s, times.time_to_first_token_s) == (0.25, 0.75)


@every_wire
@pytest.mark.parametrize("bursts", [1, 2, 4])
async def test_what_comes_in_a_few_bursts_has_no_rate(dialect: Dialect, bursts: int, clock, exchanges) -> None:
    """Told by when it came, it would be as fast as the network and not as the model."""
    events = dialect.answer(["ten or so "] * 80, ())
    ends = [len(events) * burst // bursts for burst in range(bursts + 1)]
    parts = [Part(0.25, b"".join(events[begin:end])) for begin, end in pairwise(ends)]
    done = await ask_slowly(dialect, parts, clock, exchanges)
    assert done.text == "ten or so " * 80
    assert (done.timings.output_tokens_per_s, done.timings.output_characters_per_s) == (None, None)


@every_wire
async def test_what_comes_piece_by_piece_has_a_rate(dialect: Dialect, clock, exchanges) -> None:
    events = dialect.answer([f"word{number:02} " for number in range(30)], ())
    words = [n for n, event in enumerate(events) if b"word" in event]
    cuts = [0, *(n + 1 for n in words[:29]), len(events)]
    parts = [Part(0.0625, b"".join(events[begin:end])) for begin, end in pairwise(cuts)]
    done = await ask_slowly(dialect, parts, clock, exchanges)
    assert done.state == "complete"
    assert done.timings.output_characters_per_s == pytest.approx(7 / 0.0625)


@every_wire
async def test_building_the_request_is_on_no_clock(dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = 0.0

    def slowly(request: Request) -> Any:
        nonlocal ahead
        ahead += 1000.0
        return build(request)

    now = measure.monotonic
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing()
        async with opened(dialect.connect(server.url)) as provider:
            build = provider.arguments  # type: ignore[attr-defined]
            await provider.warm()
            monkeypatch.setattr(provider, "arguments", slowly)
            request = Request.ask(dialect.model, PROMPT)
            done = await complete(provider, request, price=unpriced, clock=lambda: now() + ahead)
    assert (done.state, ahead) == ("complete", 1000.0)
    assert done.timings.duration_s is not None
    assert done.timings.duration_s < 1000


@every_wire
async def test_requests_are_written_one_after_another(dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the next starts when the one before is on its way, and does not wait for the answer."""
    told: list[str] = []
    together = asyncio.Event()

    class Told(Exchange):
        async def trace(self, event: str, info: object) -> None:
            if event == "http11.send_request_body.complete":
                told.append("written")
            await super().trace(event, info)

    async def script(reply: Reply) -> None:
        if posts(dialect, server) == 4:
            together.set()
        await patiently(together.wait())  # nobody is answered before all have asked
        await dialect.playing()(reply)

    monkeypatch.setattr(measure, "Exchange", Told)
    monkeypatch.setattr(send_turns, "LONGEST_S", 60)
    with WireServer() as server:
        server.routes[dialect.path] = script
        async with opened(dialect.connect(server.url)) as provider:
            await provider.warm()
            stream = provider.stream
            monkeypatch.setattr(provider, "stream", lambda request: (told.append("begun"), stream(request))[1])
            request = Request.ask(dialect.model, PROMPT)
            first = asyncio.gather(*(complete(provider, request, price=unpriced) for _ in range(4)))
            answers = await first
            opened_first = told.copy()
            told.clear()
            together.set()
            again = await asyncio.gather(*(complete(provider, request, price=unpriced) for _ in range(4)))
    assert {done.state for done in (*answers, *again)} == {"complete"}
    assert opened_first.count("begun") == opened_first.count("written") == 4
    assert told == ["begun", "written"] * 4  # over connections that are open


@every_wire
async def test_the_connection_is_used_again(dialect: Dialect) -> None:
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing()
        async with opened(dialect.connect(server.url)) as provider:
            request = Request.ask(dialect.model, PROMPT)
            await complete(provider, request, price=unpriced)
            again = await complete(provider, request, price=unpriced)
    assert "new_connection" not in again.conditions
    assert again.timings.connected_s is None


@every_wire
async def test_the_budget_on_the_wire_holds_for_answers_too(dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "WIRE_BYTES", 20_000)
    done = await ask(dialect, dialect.playing(dialect.answer(["x" * 1000] * 40, ())))
    assert done.error is not None
    assert (done.state, done.error.kind) == ("failed", "too_long")
    assert 0 < len(done.text) < 20_000
