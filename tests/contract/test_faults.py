"""Faults of the network and of what stands between: which state, which kind, which text, in every format.

What only one vendor does is in that vendor's tests.
"""

import asyncio
import threading

import pytest

from providers.adapters import ollama, ollama_serving
from providers.completion import Completion
from providers.config.deadlines import USUAL, Deadlines
from providers.interface import Request
from providers.measuring.measure import complete
from providers.network import transport
from providers.network.exchange import Exchange
from tests.contract.asking import PROMPT, ask, every_wire, opened, outcome, posts, unpriced
from tests.patience import PATIENCE_S, until
from tests.stepped import SteppedClock
from tests.wire.dialects import HELLO, Dialect
from tests.wire.faults.catalogue import cells
from tests.wire.faults.fault import Fault, events
from tests.wire.server import Reply, WireServer


def every_cell(*when: str) -> pytest.MarkDecorator:
    found = cells(*when)
    return pytest.mark.parametrize(("fault", "dialect"), found, ids=[f"{f.name}-{d.name}" for f, d in found])


def check(fault: Fault, done: Completion) -> None:
    """As the row says; and what may have been charged is never asked again by itself."""
    state, kind, text = outcome(done)
    if kind == "local_unavailable":  # what a connection that is never made is called on this machine
        kind = "connection"
    assert (state in fault.states.split(), kind, text) == (True, fault.kind, fault.text), (state, done.error)
    if done.error is not None:
        usual = "yes" if kind in ("connection", "server") else "no"
        assert done.error.retry == (usual if state == "failed" else "ask")
    if fault.flags is not None:
        assert done.flags == fault.flags
        assert (done.usage is None) is ("usage_invalid" in fault.flags)


@every_cell("asked", "connected")
async def test_a_fault_has_one_outcome_in_every_format(fault: Fault, dialect: Dialect) -> None:
    greeted = fault.when == "connected"
    with WireServer(tls=fault.tls() if fault.tls else None) as server:
        server.greeting = (lambda reply: fault.play(reply, dialect)) if greeted else None
        server.routes[dialect.path] = Reply.close if greeted else lambda reply: fault.play(reply, dialect)
        async with opened(dialect.connect(server.url)) as provider:
            done = await complete(provider, Request.ask(dialect.model, PROMPT), price=unpriced)
    check(fault, done)
    assert posts(dialect, server) == (0 if fault.tls else 1) or greeted


@every_cell("waited for")
async def test_what_stalls_is_left_at_our_deadline(
    fault: Fault, dialect: Dialect, clock: SteppedClock, exchanges: list[Exchange]
) -> None:
    shown: list[str] = []
    with WireServer() as server:
        server.routes[dialect.path] = lambda reply: fault.play(reply, dialect)
        async with opened(dialect.connect(server.url)) as provider:
            request, show = Request.ask(dialect.model, PROMPT), lambda delta: shown.append(delta.text)
            asked = asyncio.create_task(complete(provider, request, price=unpriced, clock=clock, on_delta=show))
            await until(lambda: posts(dialect, server) and "".join(shown) == fault.text)
            await until(lambda: fault.states == "unknown" or exchanges[-1].received)
            clock.move(max(usual.call_s or 0 for usual in USUAL.values()))
            check(fault, await asked)
    assert posts(dialect, server) == 1


@every_cell("read")
async def test_a_break_behind_what_was_read_keeps_it(fault: Fault, dialect: Dialect, exchanges: list[Exchange]) -> None:
    async def script(reply: Reply) -> None:
        await fault.play(reply, dialect)
        await reply.reset_when_read(exchanges)

    check(fault, await ask(dialect, script))


@every_wire
async def test_an_error_that_is_never_told_to_its_end_is_that_error(
    dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(reply: Reply) -> None:
        await reply.head(500, length=1000)
        await reply.stall()

    monkeypatch.setattr(transport, "ERROR_BODY_S", 0.1)
    assert outcome(await ask(dialect, script)) == ("failed", "server", "")


@every_wire
async def test_a_server_that_closes_unannounced_costs_no_answer(
    dialect: Dialect, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It closes while the next request is being prepared, which waits for that."""
    monkeypatch.setattr(transport, "SETTLE_S", 1)
    for module in (ollama, ollama_serving):  # what is loaded is not asked
        monkeypatch.setattr(module, "ASK_S", 0)
    preparing = threading.Semaphore(0)

    async def script(reply: Reply) -> None:
        await reply.stream(events(dialect), content_type=dialect.content_type)
        await asyncio.to_thread(preparing.acquire, timeout=PATIENCE_S)
        await reply.close()

    with WireServer() as server:
        server.routes[dialect.path] = script
        async with opened(dialect.connect(server.url)) as provider:
            await provider.warm()
            settled = provider._http_client.settled

            async def settle() -> None:
                settling = asyncio.create_task(settled())
                await clock.idle()
                if before := server.calls(dialect.path):
                    assert not settling.done()
                    preparing.release()
                    await until(before[-1].disconnected.is_set)
                clock.move(1)
                await settling

            monkeypatch.setattr(provider._http_client, "settled", settle)
            request = Request.ask(dialect.model, PROMPT)
            states = [(await complete(provider, request, price=unpriced)).state for _ in range(4)]
            preparing.release()
    assert states == ["complete"] * 4
    assert posts(dialect, server) == 4


@every_wire
async def test_the_vendor_is_told_at_once_when_an_answer_is_stopped_for_its_size(dialect: Dialect) -> None:
    first, *_ = (event for event in events(dialect) if HELLO[0].encode() in event)

    async def endless(reply: Reply) -> None:
        await reply.head(content_type=dialect.content_type)
        while True:
            await reply.send(first)
            await reply.pause()

    with WireServer() as server:
        server.routes[dialect.path] = endless
        async with opened(dialect.connect(server.url)) as provider:
            request, deadlines = Request.ask(dialect.model, PROMPT), Deadlines(text_bytes=100)
            done = await complete(provider, request, price=unpriced, deadlines=deadlines)
            told = await asyncio.to_thread(server.calls(dialect.path)[0].disconnected.wait, PATIENCE_S)
    assert outcome(done)[:2] == ("failed", "too_long")
    assert 90 < len(done.text.encode()) <= 100
    assert told
