"""No error, log or record of any provider shows the key."""

import logging

import pytest

from prompts.core.plain_json import to_json
from providers.errors import ProviderError
from providers.interface import Request
from providers.measuring.measure import complete
from providers.registry import list_models
from tests.contract.asking import (
    PROMPT,
    every_wire,
    opened,
    unpriced,
)
from tests.wire.dialects import KEY, Dialect
from tests.wire.server import Reply, Script, WireServer

PLACE = {"run": "r", "id": "i", "repeat": 0}


def _echo(dialect: Dialect, way: str) -> Script:
    """A server that says the key back in one of the ways it has."""
    header = {"x-request-id": f"req-{KEY}", "www-authenticate": KEY}

    async def refusal(reply: Reply) -> None:
        body = dialect.refusals["bad_request"][1]
        for word in (b"top_p", b"Unknown", b"Unsupported"):
            body = body.replace(word, f"no {KEY} for you".encode())
        await reply.body(body, 400, header)

    async def page(reply: Reply) -> None:
        await reply.body(f"<html>{KEY}</html>".encode(), headers=header, content_type="text/html")

    async def redirect(reply: Reply) -> None:
        await reply.head(307, {"location": f"http://127.0.0.1:9/?key={KEY}"}, length=0)

    told = dialect.error_event(f"bad {KEY}").replace(b'"param":null', f'"param":"{KEY}"'.encode())
    event = dialect.playing([told])
    return {"refusal": refusal, "page": page, "redirect": redirect, "event": event, "answer": dialect.playing()}[way]


@every_wire
@pytest.mark.parametrize("way", ["refusal", "page", "redirect", "event", "answer"])
async def test_a_key_is_found_nowhere(dialect: Dialect, way: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with WireServer() as server:
        server.routes[dialect.path] = _echo(dialect, way)
        connection = dialect.connect(server.url)
        async with opened(connection) as provider:
            done = await complete(provider, Request.ask(dialect.model, PROMPT), price=unpriced)
            with pytest.raises(ProviderError) as listing:
                await list_models(provider)
            left = [repr(connection), repr(provider), str(vars(provider))]
    assert KEY in str(server.calls(dialect.path)[0].headers)  # it was indeed sent
    left += [repr(done), to_json(done, **PLACE), repr(listing.value.failure), str(listing.value), caplog.text]
    left += [str(record.__dict__) for record in caplog.records]
    assert [text for text in left if KEY in text] == []
    if way not in ("answer", "page"):
        assert done.error is not None
        assert "***" in done.error.message
