"""What was counted before an answer broke off is known: what it read, and that it cost at least so much."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from prompts.core import format as text_of
from prompts.core.reservation import may_be_charged
from providers.catalogue.pricing import Pricer
from providers.completion import Completion
from providers.config.connections import PRESETS
from providers.interface import Deadlines, Request
from providers.measuring.measure import complete
from providers.network.exchange import Exchange
from tests.contract.asking import PROMPT, TEXT, every_wire, opened
from tests.patience import until
from tests.stepped import SteppedClock
from tests.wire.dialects import HELLO, Dialect
from tests.wire.server import Reply, Script, WireServer

READ, WROTE = 1000, 400
KNOWN = Decimal("0.005")
"""1,000 tokens at $1 per million, 400 at $10."""


@pytest.fixture
def price(tmp_path: Path) -> Pricer:
    """One price for all, so that the answer of a local model has one as well."""
    file = tmp_path / "prices.toml"
    file.write_text('["*:*"]\ninput = 1\noutput = 10\nas_of = 2026-11-01\n')
    return Pricer(PRESETS, file)


def so_far(dialect: Dialect) -> list[bytes]:
    return dialect.counting(READ, WROTE) if dialect.counting else dialect.answer(HELLO, ())[:-1]


def check(dialect: Dialect, done: Completion) -> None:
    assert may_be_charged(done)
    assert (done.cost.kind, done.text) == ("unknown", TEXT)
    assert done.timings.output_tokens_per_s is None
    if dialect.counting is None:
        assert (done.cost.amount, done.usage) == (None, None)
        return
    assert done.usage is not None
    assert (done.cost.amount, done.usage.input_tokens, done.usage.output_tokens) == (KNOWN, READ, None)
    assert text_of.cost(done.cost) == "≥ $0.005"
    assert "it broke off" in (done.cost.reason or "")
    assert "counted_so_far" in done.flags
    assert "stop_reason_unknown" not in done.flags


async def breaking(dialect: Dialect, price: Pricer, script: Script) -> Completion:
    with WireServer() as server:
        server.routes[dialect.path] = script
        async with opened(dialect.connect(server.url)) as provider:
            return await complete(provider, Request.ask(dialect.model, PROMPT), price=price)


@every_wire
async def test_an_answer_whose_connection_is_lost_costs_at_least_what_was_counted(
    dialect: Dialect, price: Pricer, exchanges: list[Exchange]
) -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(so_far(dialect), content_type=dialect.content_type, end=False)
        await reply.reset_when_read(exchanges)

    done = await breaking(dialect, price, script)
    assert done.state == "incomplete"
    check(dialect, done)


@every_wire
async def test_an_answer_that_ends_without_proof_costs_at_least_what_was_counted(
    dialect: Dialect, price: Pricer
) -> None:
    done = await breaking(dialect, price, dialect.playing(so_far(dialect)))
    assert done.state == "incomplete"
    check(dialect, done)


@every_wire
async def test_an_answer_that_fails_on_its_way_costs_at_least_what_was_counted(dialect: Dialect, price: Pricer) -> None:
    done = await breaking(dialect, price, dialect.playing([*so_far(dialect), dialect.error_event("Boom.")]))
    assert done.state == "failed"
    check(dialect, done)


@every_wire
@pytest.mark.parametrize("by", ["a person", "our limit"])
async def test_an_answer_that_is_stopped_costs_at_least_what_was_counted(
    dialect: Dialect, price: Pricer, by: str, clock: SteppedClock, exchanges: list[Exchange]
) -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(so_far(dialect), content_type=dialect.content_type, end=False)
        await reply.stall()

    with WireServer() as server:
        server.routes[dialect.path] = script
        async with opened(dialect.connect(server.url)) as provider:
            request, limit = Request.ask(dialect.model, PROMPT), Deadlines(call_s=60)
            asked = asyncio.create_task(complete(provider, request, price=price, clock=clock, deadlines=limit))
            await until(lambda: exchanges and exchanges[-1].received == sum(map(len, so_far(dialect))))
            await clock.idle()
            if by == "a person":
                asked.cancel()
            else:
                clock.move(60)
            done = await asked
    assert done.state == ("cancelled" if by == "a person" else "incomplete")
    check(dialect, done)


@every_wire
async def test_what_was_counted_of_an_answer_that_never_began_is_no_cost(dialect: Dialect, price: Pricer) -> None:
    """A failure before the first word is not charged: it may be asked again, and nothing is held back for it."""
    before = [event for event in so_far(dialect) if not any(piece.encode() in event for piece in HELLO)]
    done = await breaking(dialect, price, dialect.playing([*before, dialect.error_event("Boom.")]))
    assert (done.state, done.cost.amount, may_be_charged(done)) == ("failed", None, False)


@every_wire
async def test_an_answer_that_was_cut_behind_its_count_costs_at_least_the_words_that_came(
    dialect: Dialect, price: Pricer
) -> None:
    events = dialect.counting(READ, 1) if dialect.counting else []
    done = await breaking(dialect, price, dialect.playing(events))
    if events:
        words = Decimal(len(TEXT.split()))
        assert done.cost.amount == (READ + 10 * words) / 1_000_000
