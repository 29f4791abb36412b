"""No key of ours in anything that is kept, shown or logged, also where a host says it back within a good answer."""

import json
import logging
import re
import traceback
from base64 import b64encode
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from prompts.core.plain_json import to_json
from providers.completion import Completion, Cost
from providers.errors import ProviderError
from providers.interface import Delta, Moved, Request
from providers.measuring.measure import complete
from providers.registry import list_models, open_provider
from providers.secrets import MASK, Secret
from tests.wire.dialects import DIALECTS, KEY, Dialect
from tests.wire.server import Reply, Script, WireServer

every_wire = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)

NAMES = b"id|model|modelVersion|responseId|system_fingerprint|service_tier|inference_geo"
MARK = "Q7vX"
KEYS = (
    f"{MARK}\"quote'back\\slash%41+/=<&>9",
    f"{MARK}-first-line-0000\n{MARK}-second-line-11",
    f"\ufeff{MARK}-byte-order-mark-22",
    f"{MARK}\x07bell-and\x1bescape-33",
    f"{MARK}-schlüssel-mit-ümläuten-ß44",
    f"{MARK}-ключ-鍵-ASCII-5555",
    f"sk-proj-{MARK}AAAABBBBCCCCDDDD",
    f"AIza{MARK}0123456789abcdefghijk-_",
    f"{MARK}" + "x7" * 600,
)
"""What the configuration would refuse, too: whatever an SDK does with it, it must not be told on."""


def unpriced(_: object) -> Cost:
    return Cost("unknown", reason="test")


@asynccontextmanager
async def asking(dialect: Dialect, script: Script, key: str = KEY):
    """A provider with that key, at a server that answers by the script and lists its models."""
    with WireServer() as server:
        server.routes[dialect.path] = script
        server.routes[dialect.listing[0]] = _listing(dialect, key)
        provider = open_provider(replace(dialect.connect(server.url), key=Secret(key)))
        try:
            yield provider
        finally:
            await provider.aclose()


def _listing(dialect: Dialect, key: str) -> Script:
    told = json.dumps(dialect.listing[1]).replace(dialect.model, f"{dialect.model}-{json.dumps(key)[1:-1]}")

    async def script(reply: Reply) -> None:
        await reply.body(told.encode(), content_type="application/json")

    return script


def traces(key: str) -> set[str]:
    """Any ten characters of the key, and what cannot be taken for anything else in its encodings."""
    raw = key.encode()
    whole = (key, ascii(key)[1:-1], quote(key, safe=""), raw.hex(), b64encode(raw).decode()[:-4])
    return {text[at : at + 10] for text in whole for at in range(len(text) - 9)}


def found(key: str, texts: Sequence[str]) -> list[str]:
    """Where a trace of the key is left."""
    known = traces(key)
    return [text for text in texts if any(trace in text for trace in known)]


def saying(dialect: Dialect, key: str, pieces: Sequence[str]) -> list[bytes]:
    """A good answer of these pieces that says the key back in every name, and in its usage."""
    told = json.dumps(key)[1:-1].encode()
    events = dialect.answer(pieces, pieces)
    named = re.compile(rb'"(' + NAMES + rb')":\s?"([^"]*)"')
    counts = re.compile(rb'"(usage|usageMetadata)":\s?\{(?=")')
    return [
        counts.sub(lambda m: m[0] + b'"note":"' + told + b'",', named.sub(lambda m: m[0][:-1] + told + b'"', event))
        for event in events
    ]


def cuts(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@every_wire
@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize("write", [str, lambda key: quote(key, safe=""), lambda key: b64encode(key.encode()).decode()])
async def test_a_key_that_a_good_answer_says_back_is_masked_and_said_to_be(dialect: Dialect, size: int, write) -> None:
    deltas: list[Delta | Moved] = []
    pieces = ["Your key: ", *cuts(write(KEY), size), ", and the end."]
    async with asking(dialect, dialect.playing(saying(dialect, KEY, pieces))) as provider:
        done = await complete(provider, Request.ask(dialect.model, "Hi"), price=unpriced, on_delta=deltas.append)
        listed = await list_models(provider)
    texts = {kind: "".join(d.text for d in deltas if isinstance(d, Delta) and d.kind == kind) for kind in KINDS}
    assert found(KEY, [repr(done), _json_of(done), *texts.values(), repr(listed)]) == []
    assert done.state == "complete"
    assert "key_masked" in done.flags
    assert texts["text"] == done.text
    assert re.fullmatch(r"Your key: .{0,3}\*{3}\w?={0,2}, and the end\.", done.text)
    assert done.thinking in ("", done.text)
    assert MASK in repr(listed)


KINDS = ("text", "thinking")


def _json_of(done: Completion) -> str:
    return to_json(done, run="r", id="i", repeat=0)


@every_wire
async def test_an_answer_that_speaks_of_keys_is_left_as_it_is(dialect: Dialect) -> None:
    said = f"Set OPENAI_API_KEY=sk-proj-abcDEF1234567890xyz, {KEY[:9]} or Zq8"
    deltas: list[Any] = []
    async with asking(dialect, dialect.playing(dialect.answer(cuts(said, 4), ()))) as provider:
        done = await complete(provider, Request.ask(dialect.model, "Hi"), price=unpriced, on_delta=deltas.append)
    assert done.text == said
    assert "".join(delta.text for delta in deltas) == said
    assert "key_masked" not in done.flags


@every_wire
async def test_a_placeholder_that_is_a_word_is_no_key(dialect: Dialect) -> None:
    said = "Start lm-studio or ollama, with no-key-required."
    for word in ("lm-studio", "ollama", "no-key-required", "EMPTY"):
        async with asking(dialect, dialect.playing(dialect.answer([said], ())), word) as provider:
            done = await complete(provider, Request.ask(dialect.model, "Hi"), price=unpriced)
        assert done.text == said
        assert "key_masked" not in done.flags


def _failing(dialect: Dialect, way: str, key: str) -> Script:
    told = json.dumps(key)[1:-1].encode()
    header = {"x-request-id": f"req-{quote(key)}", "www-authenticate": quote(key, safe="/")}
    events = saying(dialect, key, ["Your key: ", key])

    async def refusal(reply: Reply) -> None:
        status, body = dialect.refusals["bad_request"]
        await reply.body(re.sub(rb"top_p|Unknown|Unsupported", lambda _: told, body), status, header)

    async def page(reply: Reply) -> None:
        await reply.body(f"<html><p>{key}</p></html>".encode(), 502, header, content_type="text/html")

    async def redirect(reply: Reply) -> None:
        await reply.head(307, {"location": f"http://127.0.0.1:9/?key={quote(key)}"}, length=0)

    scripts = {
        "refusal": refusal, "page": page, "redirect": redirect, "good": dialect.playing(events),
        "error in the stream": dialect.playing([*events[:2], dialect.error_event(json.dumps(key)[1:-1])]),
        "cut": dialect.playing(events[:-3]), "not JSON": dialect.playing([b"data: {" + told + b"}}\n\n"]),
    }  # fmt: skip
    return scripts[way]


WAYS = ("refusal", "page", "redirect", "good", "error in the stream", "cut", "not JSON", "nothing listens")


@every_wire
@pytest.mark.parametrize("way", WAYS)
async def test_no_key_is_found_whatever_it_is_made_of_and_whatever_goes_wrong(
    dialect: Dialect, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with WireServer() as server:
        for key in KEYS:
            server.routes[dialect.path] = _failing(dialect, "good" if way == "nothing listens" else way, key)
            server.routes[dialect.listing[0]] = _listing(dialect, key)
            url = "http://127.0.0.1:9" if way == "nothing listens" else server.url
            provider = open_provider(replace(dialect.connect(url), key=Secret(key)))
            done = await complete(provider, Request.ask(dialect.model, "Hi"), price=unpriced)
            left = [repr(provider), str(vars(provider)), repr(done), _json_of(done), *await _listed(provider)]
            await provider.aclose()
            left += [caplog.text, *(str(record.__dict__) for record in caplog.records)]
            caplog.clear()
            assert found(key, left) == []


async def _listed(provider) -> list[str]:
    """The list of models, or all that can be printed of why there is none."""
    try:
        return [repr(await list_models(provider))]
    except ProviderError as exc:
        return [repr(exc.failure), repr(exc), str(exc), *_causes(exc)]


def _causes(exc: BaseException) -> list[str]:
    """What a log would print of an exception that one of ours was made of: only ever through our own logger."""
    record = logging.LogRecord("collate", logging.ERROR, "", 0, "failed", (), (type(exc), exc, exc.__traceback__))
    for each in logging.getLogger("collate").filters:
        assert not isinstance(each, logging.Filter) or each.filter(record)
    assert traceback.format_exception(exc)
    return [logging.Formatter().format(record)]
