"""Every stream that was reported comes to what it is: its text, its thinking, its end, its failure, its counts."""

import pytest

from providers.completion import Completion, Cost
from providers.interface import Request
from providers.measuring.measure import complete
from providers.network.exchange import Exchange
from providers.registry import open_provider
from tests.wire.dialects import DIALECTS, Dialect
from tests.wire.reported.row import RESET, UNKNOWN, Reported
from tests.wire.reported.table import REPORTED
from tests.wire.server import Reply, Script, WireServer

ROWS = [(dialect, row) for dialect in DIALECTS for row in REPORTED[dialect.name]]


def playing(row: Reported, exchanges: list[Exchange]) -> Script:
    async def script(reply: Reply) -> None:
        await reply.head(row.status, content_type=row.content_type)
        for piece in row.pieces:
            if piece == RESET:
                await reply.reset_when_read(exchanges)
                return
            assert isinstance(piece, bytes)
            await reply.send(piece) if piece else None
        await reply.end()

    return script


async def ask(dialect: Dialect, row: Reported, exchanges: list[Exchange]) -> Completion:
    with WireServer() as server:
        server.routes[dialect.path] = playing(row, exchanges)
        provider = open_provider(dialect.connect(server.url))
        done = await complete(provider, Request.ask(dialect.model, "Say hello."), price=lambda _: Cost("unknown"))
        await provider.aclose()
    return done


@pytest.mark.filterwarnings("ignore:.* is not a valid:UserWarning")
@pytest.mark.parametrize(("dialect", "row"), ROWS, ids=[f"{dialect.name}: {row.name}" for dialect, row in ROWS])
async def test_a_reported_stream_comes_to_what_it_is(dialect: Dialect, row: Reported, exchanges) -> None:
    done = await ask(dialect, row, exchanges)
    kind = done.error.kind if done.error else None
    assert (done.state, done.text, done.thinking) == (row.state, row.text, row.thinking), done.error
    if row.kind is not None or row.state == "complete":
        assert kind == row.kind
    if row.sentence is not None:
        assert done.error is not None
        assert done.error.message == row.sentence
    assert set(row.flags) <= set(done.flags)
    if row.usage is not UNKNOWN:
        assert done.usage is not None
        assert (done.usage.input_tokens, done.usage.output_tokens) == (row.usage.input_tokens, row.usage.output_tokens)
        assert done.usage.cache_read_tokens in (row.usage.cache_read_tokens, 0)
        assert done.usage.cache_write_tokens in (row.usage.cache_write_tokens, 0)
        assert row.usage.reasoning_tokens in (done.usage.reasoning_tokens, None)
        assert "usage_invalid" not in done.flags
    if "not_streamed" in done.flags:
        assert (done.timings.output_tokens_per_s, done.timings.output_characters_per_s) == (None, None)
