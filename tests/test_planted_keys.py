"""A key is planted, said back in every way that can be driven, and found nowhere in what is kept or shown.

Owns the list of ways; each runs over every provider of `tests/wire/dialects.py`. The key is full of signs, so that
each encoding of it differs from the key itself.
"""

from __future__ import annotations

import base64
import html
import json
import logging
import re
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from prompts.core.plain_json import to_json
from prompts.observing.call import call_of
from prompts.observing.logs import JsonLines
from prompts.observing.spans import attributes
from providers.adapters import token_alternatives
from providers.catalogue.pricing import Pricer
from providers.check import check
from providers.completion import Completion, Cost
from providers.errors import ProviderError, failure
from providers.interface import Delta, Done, Provider, Request, Settings
from providers.measuring.measure import complete
from providers.registry import list_models, open_provider
from providers.secrets import PIECE, Secret
from tests.wire.dialects import DIALECTS, Dialect
from tests.wire.server import Reply, Script, WireServer

PLANTED = """Zq8"p\\l+a/n=t%e&d<'.5d1e7c42/b0~Kx9"""
LINES = "Zq8-first-line/5d1e\nb0~Kx9=second+line"
WINDOW = PIECE
"""So many characters of it in a row are a leak."""

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "as bytes in code": lambda key: f"Illegal header value {f'Bearer {key}'.encode()!r}",
    "as text in code": repr,
    "in JSON": json.dumps,
    "in JSON in JSON": lambda key: json.dumps(json.dumps({"key": key})),
    "in an address": lambda key: "https://x/?key=" + quote(key, safe=""),
    "in a form": lambda key: f"key={quote_plus(key)}&a=b",
    "in small letters of an address": lambda key: re.sub("%..", lambda found: found[0].lower(), quote(key, safe="")),
    "in a page": html.escape,
    "in base64": lambda key: base64.b64encode(key.encode()).decode(),
    "in base64 after a name": lambda key: "Basic " + base64.b64encode(f"user:{key}".encode()).decode(),
    "in base64 for addresses": lambda key: base64.urlsafe_b64encode(f"u:{key}".encode()).decode(),
    "in hex": lambda key: key.encode().hex(),
    "cut at its end": lambda key: f"we cut this sentence: {key[:-3]}",
    "after a wide space": lambda key: f"\ufeff{key}\u200b",
}
EVERYTHING = " | ".join(write(PLANTED) for name, write in FORMS.items() if "cut" not in name)

every_wire = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


def windows(text: str) -> set[str]:
    return {text[i : i + WINDOW] for i in range(len(text) - WINDOW + 1)}


FORBIDDEN = {
    window
    for key in (PLANTED, *LINES.splitlines())
    for text in (key, quote(key, safe=""), html.escape(key), repr(key.encode()), json.dumps(key), key.encode().hex())
    for window in windows(text.strip("b'\""))
}
ENCODED = {
    window
    for shift in range(3)
    for encode in (base64.b64encode, base64.urlsafe_b64encode)
    for window in windows(encode(b"\0" * shift + PLANTED.encode()).decode()[4:-4])
}


def leaks(texts: Iterable[str]) -> set[str]:
    """Pieces of the key, in whatever form, that stand in `texts`."""
    return {window for text in texts for window in windows(text) & (FORBIDDEN | ENCODED)}


def unpriced(_: object) -> Cost:
    return Cost("unknown", reason="test")


@asynccontextmanager
async def planted(dialect: Dialect, url: str, key: str = PLANTED) -> AsyncGenerator[Provider]:
    """A provider that holds the key."""
    provider = open_provider(replace(dialect.connect(url), key=Secret(key)))
    try:
        yield provider
    finally:
        await provider.aclose()


def kept(provider: Provider, done: Completion, *more: object) -> list[str]:
    """Everything that is shown, kept or exported of it."""
    told = call_of(done, "i", Settings())
    held = [repr(provider), str(vars(provider)), repr(told), str(attributes(told))]
    return [*held, repr(done), to_json(done, run="r", id="i", repeat=0), *map(repr, more), *map(str, more)]


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was written into any log, tracebacks included, as text and as JSON, and what is told of calls elsewhere."""
    lines = [JsonLines().format(record) for record in caplog.records]
    return [caplog.text, *(str(record.__dict__) for record in caplog.records), *lines]


# Said back by the server ---------------------------------------------------------------------------------------------


def _refusals(dialect: Dialect) -> dict[str, Script]:
    """Each failure of the vendor, with the key in its sentence and in its headers."""

    def script(status: int, body: bytes) -> Script:
        async def refuse(reply: Reply) -> None:
            said = json.dumps(EVERYTHING)[1:-1].encode()
            for quoted in (b'"message": "', b'"message":"', b'"error": "', b'"error":"', b"<body>", b"<html>"):
                if quoted in body:
                    await reply.body(body.replace(quoted, quoted + said + b" ", 1), status, _headers())
                    return
            raise AssertionError(body)

        return refuse

    return {f"refused: {kind}": script(status, body) for kind, (status, body) in dialect.refusals.items()}


def _headers() -> dict[str, str]:
    names = ("request-id", "www-authenticate", "retry-after")
    return {"x-request-id": f"req-{PLANTED}", **dict.fromkeys(names, PLANTED)}


def _bodies(dialect: Dialect) -> dict[str, Script]:
    """What is no answer, and answers that name the key among their facts."""

    def body(data: str, status: int = 200, kind: str = "text/html") -> Script:
        async def script(reply: Reply) -> None:
            await reply.body(data.encode(), status, _headers(), content_type=kind)

        return script

    async def redirect(reply: Reply) -> None:
        await reply.head(307, {"location": f"http://127.0.0.1:9/?key={quote(PLANTED, safe='')}"}, length=0)

    async def broken(reply: Reply) -> None:
        await reply.head(content_type=dialect.content_type)
        await reply.send(b"".join(dialect.answer(["Hi."], ())[:-2]))
        await reply.raw(f"not a chunk {PLANTED}\r\n".encode())

    pads = {f"a page cut {n} characters into it": body("x" * (200 - n) + PLANTED) for n in (10, 12, 20)}
    named = [_naming(event) for event in dialect.answer(["Hi."], ())]
    return {
        "a page": body(f"<html>{EVERYTHING}</html>"), "plain text": body(EVERYTHING, 502, "text/plain"),
        "a JSON string": body(json.dumps(EVERYTHING), 500, "application/json"),
        "a list": body(json.dumps([{"msg": EVERYTHING, "loc": ["body", PLANTED]}]), 422, "application/json"),
        "nested": body(json.dumps({"error": {"metadata": {"raw": json.dumps({"detail": EVERYTHING})}}}), 400),
        "a redirect": redirect, "an event": dialect.playing([dialect.error_event(EVERYTHING)]),
        "an event after text": dialect.playing(
            [*dialect.answer(["Hi."], ())[: -dialect.proof], dialect.error_event(EVERYTHING)]
        ),
        "names of an answer": dialect.playing(named), "a broken stream": broken, **pads,
    }  # fmt: skip


def _naming(event: bytes) -> bytes:
    """The event with the key in its names: ids, models, tiers, what stands beside the counts."""
    said = json.dumps(PLANTED)[1:-1].encode()
    for name in (b"service_tier", b"system_fingerprint", b"model", b"id", b"modelVersion", b"responseId"):
        for colon in (b'": "', b'":"'):
            event = event.replace(b'"' + name + colon, b'"' + name + colon + said)
    return event


WAYS = sorted({way for dialect in DIALECTS for way in (*_refusals(dialect), *_bodies(dialect))})


@every_wire
@pytest.mark.parametrize("way", WAYS)
async def test_what_a_server_says_back_is_found_nowhere(
    dialect: Dialect, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    script = {**_refusals(dialect), **_bodies(dialect)}.get(way)
    if script is None:
        assert way.startswith("refused: ")  # this vendor never refuses so
        return
    caplog.set_level(logging.DEBUG)
    with WireServer() as server:
        server.routes[dialect.path] = server.routes[dialect.listing[0]] = script
        async with planted(dialect, server.url) as provider:
            request = Request.ask(dialect.model, "Hello?")
            held = replace(dialect.connect(server.url), key=Secret(PLANTED))
            done = await complete(provider, request, price=unpriced)
            words = await token_alternatives.ask(provider, request, 5, price=unpriced)
            checked = [step async for step in check(held, provider, Pricer({}), model=dialect.model)]
            try:
                listed: object = await list_models(provider)
            except ProviderError as exc:
                listed = (exc, exc.failure)
            left = kept(provider, done, words, checked, listed)
    assert leaks([*left, *logged(caplog)]) == set()


@every_wire
@pytest.mark.parametrize("form", FORMS)
async def test_no_form_of_a_key_is_found(dialect: Dialect, form: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said = FORMS[form](PLANTED)
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing([dialect.error_event(f"no {said}")])
        async with planted(dialect, server.url) as provider:
            done = await complete(provider, Request.ask(dialect.model, "Hello?"), price=unpriced)
            left = kept(provider, done)
    assert done.error is not None
    assert "***" in done.error.message
    assert leaks([*left, *logged(caplog)]) == set()


# Raised by a library -------------------------------------------------------------------------------------------------


@dataclass
class Raising:
    """A provider whose library raises: the rest is that of a real one."""

    provider: Provider
    raised: BaseException

    def __getattr__(self, name: str) -> Any:
        return getattr(self.provider, name)

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Done]:
        del request
        yield Delta("text", "Hi.")
        raise self.raised


def _chained(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


EXCEPTIONS: dict[str, Callable[[], Exception]] = {
    "a value": lambda: ValueError(EVERYTHING),
    "a header": lambda: RuntimeError(f"Illegal header value {f'Bearer {PLANTED}'.encode()!r}"),
    "a cause": lambda: _chained(RuntimeError("it failed"), ValueError(EVERYTHING)),
    "a group": lambda: ExceptionGroup(f"several: {PLANTED}", [ValueError(PLANTED), OSError(5, PLANTED, PLANTED)]),
    "a system call": lambda: OSError(5, PLANTED, PLANTED),
    "a lookup": lambda: KeyError(PLANTED),
    "an encoding": lambda: UnicodeEncodeError("ascii", f"Bearer {PLANTED}é", 40, 41, f"not in range: {PLANTED}"),
    "a failure": lambda: ProviderError(failure("server", EVERYTHING)),
    "arguments": lambda: Exception({"headers": {"Authorization": f"Bearer {PLANTED}"}}, [PLANTED]),
    "a reset": lambda: ConnectionResetError(104, f"peer of {PLANTED}"),
}


@every_wire
@pytest.mark.parametrize("what", EXCEPTIONS)
async def test_what_a_library_raises_is_found_nowhere(
    dialect: Dialect, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with WireServer() as server:
        async with planted(dialect, server.url) as provider:
            raising: Any = Raising(provider, EXCEPTIONS[what]())
            done = await complete(raising, Request.ask(dialect.model, "Hello?"), price=unpriced)
            left = kept(provider, done)
    assert done.error is not None
    assert leaks([*left, *logged(caplog)]) == set()


@every_wire
async def test_a_key_of_two_lines_is_found_nowhere_by_line(dialect: Dialect, caplog: pytest.LogCaptureFixture) -> None:
    """Such a key is refused where it is read; should one come through, the HTTP library prints it."""
    caplog.set_level(logging.DEBUG)
    header = f"Bearer {LINES}".encode()
    with WireServer() as server:
        async with planted(dialect, server.url, LINES) as provider:
            raised = RuntimeError(f"Illegal header value {header!r}, {header.splitlines()}", *LINES.splitlines())
            raising: Any = Raising(provider, raised)
            done = await complete(raising, Request.ask(dialect.model, "Hello?"), price=unpriced)
            left = kept(provider, done)
    assert done.error is not None
    assert leaks([*left, *logged(caplog)]) == set()


@every_wire
@pytest.mark.parametrize("place", ["closed", "no such host"])
async def test_a_key_in_an_address_that_fails_is_found_nowhere(
    dialect: Dialect, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    safe = quote(PLANTED, safe="")
    places = {"closed": f"u:{safe}@127.0.0.1:9/?key={safe}", "no such host": f"u:{safe}@nowhere.invalid/{safe}"}
    async with planted(dialect, f"http://{places[place]}") as provider:
        done = await complete(provider, Request.ask(dialect.model, "Hello?"), price=unpriced)
        left = kept(provider, done)
    assert done.error is not None
    assert leaks([*left, *logged(caplog)]) == set()


def test_the_test_finds_a_leak() -> None:
    for write in FORMS.values():
        assert leaks([write(PLANTED)]) != set()
