"""The catalogue of faults, played to every provider of pictures: kept is a picture, a preview of it, or none."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import cast

import pytest

from providers.completion import Completion
from providers.config.deadlines import USUAL
from providers.measuring import measure
from providers.measuring.measure import complete
from providers.network.exchange import Exchange
from tests.contract.asking import opened, posts, unpriced
from tests.patience import until
from tests.stepped import SteppedClock
from tests.wire.every import request_of, serve_beside
from tests.wire.faults.catalogue import cells
from tests.wire.faults.fault import BEGUN, WHOLE, Fault
from tests.wire.picture_dialects import PICTURE_DIALECTS, PNG, PictureDialect
from tests.wire.server import Reply, WireServer


@pytest.fixture(autouse=True)
def bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for text, so that the bombs of the catalogue need not be larger."""
    monkeypatch.setattr(measure, "WIRE_BYTES", 32 * 2**20)


def every_cell(*when: str) -> pytest.MarkDecorator:
    found = cells(*when, dialects=PICTURE_DIALECTS)
    return pytest.mark.parametrize(("fault", "dialect"), found, ids=[f"{f.name}-{d.name}" for f, d in found])


def check(fault: Fault, dialect: PictureDialect, done: Completion) -> None:
    """As the row says; a picture stands where it says a text, and what may have been charged is not asked again."""
    kind = done.error.kind if done.error else None
    kind = "connection" if kind == "local_unavailable" else kind
    assert (done.state in fault.states.split(), kind) == (True, fault.kind), (done.state, done.error)
    kept = [(each.width, each.partial) for each in done.pictures]
    if fault.text == WHOLE and done.state == "complete":
        assert kept == [(64, False)]
        assert done.pictures[0].arrived_bytes == len(PNG)
    elif fault.text in (BEGUN, WHOLE):
        assert kept in ([(16, True)] if dialect.previews else [], [(64, False)] if fault.text == WHOLE else [])
    else:
        assert [each for each in kept if not each[1]] == []
    if done.error is not None:
        usual = "yes" if kind in ("connection", "server") else "no"
        assert done.error.retry == (usual if done.state == "failed" else "ask")
    if fault.flags and dialect.counted.usage.output_tokens:
        assert set(fault.flags) <= set(done.flags)


@every_cell("asked", "connected")
async def test_a_fault_has_one_outcome_in_every_format(fault: Fault, dialect: PictureDialect) -> None:
    greeted = fault.when == "connected"
    with WireServer(tls=fault.tls() if fault.tls else None) as server:
        server.greeting = (lambda reply: fault.play(reply, dialect)) if greeted else None
        if not greeted:
            serve_beside(server, dialect)
        server.routes[dialect.path] = Reply.close if greeted else lambda reply: fault.play(reply, dialect)
        async with opened(dialect.connect(server.url)) as provider:
            done = await complete(provider, request_of(dialect), price=unpriced)
    check(fault, dialect, done)
    assert posts(dialect, server) == (0 if fault.tls else 1) or greeted


@every_cell("waited for")
async def test_what_stalls_is_left_at_our_deadline(
    fault: Fault, dialect: PictureDialect, clock: SteppedClock, exchanges: list[Exchange]
) -> None:
    with WireServer() as server:
        serve_beside(server, dialect)
        # Of one that goes on for ever, what comes before that.
        begun = sum(map(len, cast(partial[object], fault.play).keywords["pieces"](dialect))) if fault.text else 0
        server.routes[dialect.path] = lambda reply: fault.play(reply, dialect)
        async with opened(dialect.connect(server.url)) as provider:
            asked = asyncio.create_task(complete(provider, request_of(dialect), price=unpriced, clock=clock))
            await until(lambda: posts(dialect, server) and (not begun or exchanges[-1].received >= begun))
            await until(lambda: fault.states == "unknown" or exchanges[-1].received)
            await clock.idle()
            clock.move(max(usual.call_s or 0 for usual in USUAL.values()))
            check(fault, dialect, await asked)
    assert posts(dialect, server) == 1


@every_cell("read")
async def test_a_break_behind_what_was_read_keeps_it(
    fault: Fault, dialect: PictureDialect, exchanges: list[Exchange]
) -> None:
    async def script(reply: Reply) -> None:
        await fault.play(reply, dialect)
        await reply.reset_when_read(exchanges)

    with WireServer() as server:
        serve_beside(server, dialect)
        server.routes[dialect.path] = script
        async with opened(dialect.connect(server.url)) as provider:
            check(fault, dialect, await complete(provider, request_of(dialect), price=unpriced))
