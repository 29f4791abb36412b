"""What every provider owes, through its real SDK. A new provider is tested by a row of `tests/wire/dialects.py`."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any, get_args

import pytest
from genai_prices import extract_usage

from prompts.core.plain_json import to_json
from providers.completion import Completion, Cost
from providers.config.connections import PRESETS, Connection
from providers.config.deadlines import Deadlines
from providers.errors import Kind, ProviderError
from providers.interface import EFFORTS, Delta, Done, ModelInfo, Provider, Request, Settings
from providers.measuring import measure, send_turns
from providers.measuring.measure import complete
from providers.network import cleaning
from providers.network.exchange import Exchange
from providers.registry import ADAPTERS, list_models, open_provider
from tests.patience import PATIENCE_S, patiently
from tests.stepped import SteppedClock
from tests.wire.dialects import DIALECTS, HELLO, KEY, Dialect
from tests.wire.server import Reply, Script, WireServer
from tests.wire.slowly import Part, Slowly

PLACE = {"run": "r", "id": "i", "repeat": 0}

PROMPT = "Say hello."
TEXT = "".join(HELLO)
every_wire = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


def unpriced(_: object) -> Cost:
    return Cost("unknown", reason="test")


@asynccontextmanager
async def opened(connection: Connection) -> AsyncIterator[Provider]:
    provider = open_provider(connection)
    try:
        yield provider
    finally:
        await provider.aclose()


def posts(dialect: Dialect, server: WireServer) -> int:
    """How often the model was asked; other questions (what is loaded) do not count."""
    return len(server.calls(dialect.path))


async def ask(dialect: Dialect, script: Script, settings: Settings = Settings(), **options: Any) -> Completion:
    """The completion of one request, and the certainty that it was one."""
    with WireServer() as server:
        server.routes[dialect.path] = script
        async with opened(dialect.connect(server.url)) as provider:
            done = await complete(provider, Request.ask(dialect.model, PROMPT, settings), price=unpriced, **options)
    assert posts(dialect, server) == 1
    return done


async def ask_slowly(
    dialect: Dialect, parts: list[Part] | None, clock: SteppedClock, exchanges: list[Exchange], **options: Any
) -> Completion:
    """The completion of one request, answered part by part; the clock shows the time at which the last was read."""
    slowly = Slowly(parts, dialect.content_type)
    with WireServer() as server:
        server.routes[dialect.path] = slowly.play
        async with opened(dialect.connect(server.url)) as provider:
            request = Request.ask(dialect.model, PROMPT)
            asked = asyncio.create_task(complete(provider, request, price=unpriced, clock=clock, **options))
            await slowly.be_heard(asked, clock, exchanges)
            if parts is None:
                clock.move(options["deadlines"].first_byte_s)
            return await asked


async def sent(dialect: Dialect, settings: Settings) -> tuple[Any, Completion]:
    """The body of a request with these settings, and its completion."""
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing()
        async with opened(dialect.connect(server.url)) as provider:
            done = await complete(provider, Request.ask(dialect.model, PROMPT, settings), price=unpriced)
    return server.calls(dialect.path)[0].json, done


def test_every_adapter_of_the_registry_is_tested_here() -> None:
    spoken = {(c.kind, c.api if c.kind == "openai" else "chat") for c in (d.connect("http://x") for d in DIALECTS)}
    assert spoken | {("builtin", "chat")} == set(ADAPTERS)


# What every provider owes, the built-in one included -----------------------------------------------------------------


@asynccontextmanager
async def answering(name: str) -> AsyncIterator[tuple[Provider, Request]]:
    """A provider that is about to answer, and what to ask it."""
    if name == "builtin":
        async with opened(PRESETS["builtin"]) as provider:
            yield provider, Request.ask("ngram-3", PROMPT, Settings(seed=1, max_output_tokens=30))
        return
    dialect = next(d for d in DIALECTS if d.name == name)
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing(dialect.answer(HELLO, ["Let me ", "think."]))
        server.routes[dialect.listing[0]] = _json(dialect.listing[1])
        async with opened(dialect.connect(server.url)) as provider:
            yield provider, Request.ask(dialect.model, PROMPT)


def _json(data: Any) -> Script:
    async def script(reply: Reply) -> None:
        await reply.json(data)

    return script


every_provider = pytest.mark.parametrize("name", ["builtin", *(dialect.name for dialect in DIALECTS)])


@every_provider
async def test_a_stream_is_deltas_and_then_exactly_one_done(name: str) -> None:
    async with answering(name) as (provider, request):
        await provider.prepare(request)
        items = [item async for item in provider.stream(request)]
    assert [type(item) for item in items] == [Delta] * (len(items) - 1) + [Done]
    assert all(item.text for item in items[:-1] if isinstance(item, Delta))
    if name != "builtin":
        thoughts, pieces = (
            [Delta("thinking", "Let me "), Delta("thinking", "think.")],
            [Delta("text", p) for p in HELLO],
        )
        assert items[:-1] == [*thoughts, *pieces]
        assert isinstance(items[-1], Done)
        assert items[-1].stop == "stop"


@every_provider
async def test_the_deltas_concatenate_to_the_text_and_to_the_thinking(name: str) -> None:
    deltas: list[Delta] = []
    async with answering(name) as (provider, request):
        done = await complete(provider, request, price=unpriced, on_delta=deltas.append)
    assert done.state in ("complete", "cut")
    assert len(deltas) > 1
    assert "".join(d.text for d in deltas if d.kind == "text") == done.text
    assert "".join(d.text for d in deltas if d.kind == "thinking") == done.thinking
    if name != "builtin":
        assert (done.text, done.thinking) == (TEXT, "Let me think.")


@every_provider
async def test_who_answered_where_is_said(name: str) -> None:
    async with answering(name) as (provider, request):
        done = await complete(provider, request, price=unpriced)
    assert (done.provider, done.model, done.endpoint) == (provider.name, request.model, provider.endpoint)
    assert done.versions
    assert all(done.versions.values())
    assert done.started_at.tzinfo is not None
    assert done.attempts[0].number == 1


@every_wire
async def test_what_served_the_answer_is_told_in_the_vendors_words(dialect: Dialect) -> None:
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing()
        if dialect.beside is not None:
            server.routes[dialect.beside[0]] = _json(dialect.beside[1])
        async with opened(dialect.connect(server.url)) as provider:
            done = await complete(provider, Request.ask(dialect.model, PROMPT), price=unpriced)
    assert done.fingerprint == dialect.fingerprint


@every_provider
async def test_the_times_of_an_answer_are_in_order(name: str) -> None:
    async with answering(name) as (provider, request):
        done = await complete(provider, request, price=unpriced)
    times = done.timings
    marks = [times.sent_s, times.headers_s, times.time_to_first_chunk_s, times.time_to_first_token_s, times.duration_s]
    known = [mark for mark in marks if mark is not None]
    assert known == sorted(known)
    assert known[0] >= 0
    assert len(known) == (3 if name == "builtin" else 5)


@every_provider
async def test_warming_and_closing_may_be_asked_for_at_any_time(name: str) -> None:
    async with answering(name) as (provider, request):
        await provider.warm()
        await provider.warm()
        done = await complete(provider, request, price=unpriced)
        await provider.aclose()
    assert done.error is None
    async with answering(name) as (provider, _):
        await provider.aclose()  # never used


@every_provider
async def test_models_are_listed(name: str) -> None:
    async with answering(name) as (provider, request):
        listed = await list_models(provider)
    assert all(isinstance(model, ModelInfo) and model.source == "live" for model in listed)
    assert request.model in [model.id for model in listed]


@every_provider
async def test_what_cannot_be_sent_as_given_is_said_without_a_network(name: str) -> None:
    async with answering(name) as (provider, request):
        everything = Settings("Be brief.", 0.5, 0.9, 50, 7, ("END",), "max")
        said = provider.adjustments(replace(request, settings=everything))
        again = provider.adjustments(replace(request, settings=everything))
        unset = provider.adjustments(replace(request, settings=Settings()))
    assert said == again
    assert all(each.setting == "max_output_tokens" and (each.sent or "").isdecimal() for each in unset)
    assert {adjustment.setting for adjustment in said} <= {field.name for field in fields(Settings)}
    assert all(adjustment.reason for adjustment in said)


async def test_stopping_the_built_in_provider_keeps_the_text() -> None:
    request = Request.ask("ngram-4", PROMPT, Settings(max_output_tokens=10**6, temperature=2.0))
    async with opened(PRESETS["builtin"]) as provider:
        stop = lambda _: task.cancel()  # noqa: E731 -- at the first word: the answer may have few
        task = asyncio.create_task(complete(provider, request, price=unpriced, on_delta=stop))
        done = await task
    assert done.state == "cancelled"
    assert "cancelled" in done.conditions
    assert done.text
    assert done.error is None


async def test_the_built_in_provider_fails_in_the_same_terms() -> None:
    async with opened(PRESETS["builtin"]) as provider:
        unknown = await complete(provider, Request.ask("gpt-5.4", PROMPT), price=unpriced)
        impossible = await complete(provider, Request.ask("ngram-3", PROMPT, Settings(top_p=2)), price=unpriced)
    assert [(done.state, done.error and done.error.kind) for done in (unknown, impossible)] == [
        ("failed", "not_found"),
        ("failed", "bad_request"),
    ]


# What is sent --------------------------------------------------------------------------------------------------------


@every_wire
async def test_unset_settings_are_absent_from_the_body(dialect: Dialect) -> None:
    body, _ = await sent(dialect, Settings())
    assert body == dialect.bare


ONE_BY_ONE = [
    Settings(system="Be brief."), Settings(temperature=0.0), Settings(top_p=0.0), Settings(max_output_tokens=9),
    Settings(seed=0), Settings(stop=("END",)), *(Settings(effort=effort) for effort in EFFORTS),
    Settings(num_ctx=8192),
]  # fmt: skip


@every_wire
async def test_a_setting_reaches_the_body_or_is_said_not_to(dialect: Dialect) -> None:
    for settings in ONE_BY_ONE:
        body, done = await sent(dialect, settings)
        (setting,) = [f.name for f in fields(Settings) if getattr(settings, f.name) != getattr(Settings(), f.name)]
        unsent = [a for a in done.adjustments if a.setting == setting and a.sent is None]
        assert (body == dialect.bare) == bool(unsent), settings


@every_wire
async def test_any_prompt_arrives_to_the_character(dialect: Dialect) -> None:
    prompt = "\x00\x07 é\u2028\u202e 🌍 日本語 {{x}} <b>" + "long " * 40_000
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing()
        async with opened(dialect.connect(server.url)) as provider:
            done = await complete(provider, Request.ask(dialect.model, prompt), price=unpriced)
    assert done.state == "complete"
    assert prompt in list(_strings(server.calls(dialect.path)[0].json))


def _strings(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else []
    return [text for child in children for text in _strings(child)]


# What comes back -----------------------------------------------------------------------------------------------------


@every_wire
async def test_one_byte_at_a_time_is_the_same_answer(dialect: Dialect) -> None:
    stream = b"".join(dialect.answer(HELLO, ["думаю"]))
    done = await ask(dialect, dialect.playing([stream[i : i + 1] for i in range(len(stream))]))
    assert (done.state, done.text, done.thinking) == ("complete", TEXT, "думаю")
    assert "repaired" not in done.flags


@every_wire
async def test_line_separators_in_the_text_survive(dialect: Dialect) -> None:
    pieces = ["a\u2028b", "c\u2029d", "e\u0085f", "g\r\nh"]
    done = await ask(dialect, dialect.playing(dialect.answer(pieces, ())))
    assert (done.state, done.text) == ("complete", "".join(pieces))


@every_wire
async def test_usage_is_inclusive_and_as_an_independent_reader_counts_it(dialect: Dialect) -> None:
    done = await ask(dialect, dialect.playing(dialect.counted.answer))
    assert done.usage == dialect.counted.usage
    assert done.raw_usage
    if dialect.counted.oracle is None:
        return
    provider, flavour, response = dialect.counted.oracle
    counted = extract_usage(response, provider_id=provider, api_flavor=flavour).usage
    assert (done.usage.input_tokens, done.usage.output_tokens) == (counted.input_tokens, counted.output_tokens)
    assert done.usage.cache_read_tokens == counted.cache_read_tokens
    assert (done.usage.cache_write_tokens or 0) == (counted.cache_write_tokens or 0)  # to them, untold is 0
    assert done.usage.reasoning_tokens == counted.output_reasoning_tokens


@every_wire
async def test_the_end_is_proved_or_the_answer_is_not_complete(dialect: Dialect) -> None:
    events = dialect.answer(HELLO, ["hm"])
    for kept in range(len(events) - dialect.proof + 1):
        done = await ask(dialect, dialect.playing(events[:kept]))
        begun = bool(done.text or done.thinking)
        assert done.state == "incomplete" if begun else done.state in ("incomplete", "failed", "unknown"), kept
        assert TEXT.startswith(done.text)
        assert done.error is not None
        assert done.error.retry != "yes" or not begun
        assert done.usage is None


@every_wire
async def test_a_stream_cut_inside_an_event_keeps_what_came_before(dialect: Dialect) -> None:
    events = dialect.answer(HELLO, ())
    last = len(events) - dialect.proof
    done = await ask(dialect, dialect.playing([*events[:last], events[last][:-9]]))
    assert done.state == "incomplete"
    assert TEXT.startswith(done.text)
    assert done.text


@every_wire
async def test_an_error_inside_the_stream_is_the_vendors_failure(dialect: Dialect) -> None:
    events = dialect.answer(HELLO, ())
    done = await ask(
        dialect, dialect.playing([*events[: len(events) - dialect.proof], dialect.error_event("It broke")])
    )
    assert done.error is not None
    assert (done.state, done.error.kind, done.error.message) == ("failed", "server", "It broke")
    assert done.error.retry == "ask"  # it had begun
    assert done.text
    assert TEXT.startswith(done.text)


# Failures ------------------------------------------------------------------------------------------------------------

REFUSALS = [(dialect, kind) for dialect in DIALECTS for kind in dialect.refusals]


@pytest.mark.parametrize(("dialect", "kind"), REFUSALS, ids=[f"{d.name}: {kind}" for d, kind in REFUSALS])
async def test_what_the_vendor_refuses_is_named_and_asked_once(dialect: Dialect, kind: Kind) -> None:
    status, body = dialect.refusals[kind]

    async def script(reply: Reply) -> None:
        headers = {"x-request-id": "req_1", "retry-after": "0", "x-should-retry": "true"}
        await reply.body(body, status, headers)

    done = await ask(dialect, script)
    assert done.error is not None
    assert (done.error.kind, done.error.status) == (kind, status)
    assert done.state == ("unknown" if status == 504 else "filtered" if kind == "filtered" else "failed")
    assert (done.text, done.usage, done.timings.time_to_first_token_s) == ("", None, None)
    assert done.attempts[0].status == status
    assert done.attempts[0].request_id == "req_1"


async def redirected(reply: Reply) -> None:
    await reply.head(307, {"location": "http://127.0.0.1:9/elsewhere"}, length=0)


async def html(reply: Reply) -> None:
    await reply.body(b"<!DOCTYPE html><html><body>Log in</body></html>", content_type="text/html")


async def reset(reply: Reply) -> None:
    reply.reset()


IN_COMMON: list[tuple[Script, str, str, str]] = [
    (redirected, "redirect", "failed", "no"),
    (html, "protocol", "failed", "no"),
    (reset, "connection", "unknown", "ask"),
]


@every_wire
@pytest.mark.parametrize(("script", "kind", "state", "retry"), IN_COMMON, ids=[row[0].__name__ for row in IN_COMMON])
async def test_what_goes_wrong_on_the_way_is_named_alike(dialect, script, kind: str, state: str, retry: str) -> None:
    done = await ask(dialect, script)
    assert done.error is not None
    assert (done.error.kind, done.state, done.error.retry) == (kind, state, retry)


@every_wire
async def test_silence_is_left_at_our_deadline(
    dialect: Dialect, clock: SteppedClock, exchanges: list[Exchange]
) -> None:
    done = await ask_slowly(dialect, None, clock, exchanges, deadlines=Deadlines(first_byte_s=2))
    assert done.error is not None
    assert (done.error.kind, done.state, done.error.retry) == ("timeout", "unknown", "ask")
    assert done.timings.duration_s == 2


PAGES = [
    (b"<html><body>Please log in</body></html>", "Please log in"),
    (b"<html>\n<body>\n\nLog in: here\n\n</body></html>\n", "Log in: here"),
]  # fmt: skip


@every_wire
@pytest.mark.parametrize(("body", "words"), PAGES, ids=[repr(words) for _, words in PAGES])
async def test_a_body_that_is_no_stream_is_told_in_its_words(dialect: Dialect, body: bytes, words: str) -> None:
    done = await ask(dialect, dialect.playing([body]))
    assert done.error is not None
    assert (done.state, done.error.kind, done.text) == ("failed", "protocol", "")
    assert words in done.error.message
    assert "<" not in done.error.message


@every_wire
@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"[]", b'"x"', b"data: {}\n\n"])
async def test_a_body_without_an_answer_is_never_an_empty_success(dialect: Dialect, body: bytes) -> None:
    async def script(reply: Reply) -> None:
        await reply.body(body, content_type=dialect.content_type)

    done = await ask(dialect, script)
    assert done.state in ("failed", "incomplete")
    assert done.error is not None


@every_wire
async def test_nothing_listens_there(dialect: Dialect) -> None:
    with WireServer() as server:
        url = server.url
    async with opened(dialect.connect(url)) as provider:
        done = await complete(provider, Request.ask(dialect.model, PROMPT), price=unpriced)
        with pytest.raises(ProviderError) as caught:
            await list_models(provider)
    assert done.error is not None
    kind = "local_unavailable" if provider.local else "connection"
    assert (done.state, done.error.kind, done.error.retry) == ("failed", kind, "yes")
    assert caught.value.failure.kind == kind


@every_wire
async def test_a_plain_port_behind_https_is_a_tls_failure(dialect: Dialect) -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with opened(dialect.connect(f"https://127.0.0.1:{port}")) as provider:
            done = await complete(provider, Request.ask(dialect.model, PROMPT), price=unpriced)
    assert done.error is not None
    assert (done.state, done.error.kind, done.error.retry) == ("failed", "tls", "no")


@every_wire
async def test_without_a_key_nothing_is_sent(dialect: Dialect) -> None:
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing()
        connection = replace(dialect.connect(server.url), key=None)
        async with opened(connection) as provider:
            done = await complete(provider, Request.ask(dialect.model, PROMPT), price=unpriced)
    if not connection.needs_key:
        assert done.state == "complete"
        return
    assert done.error is not None
    assert (done.state, done.error.kind) == ("failed", "missing_key")
    assert connection.key_variable in done.error.message
    assert server.requests == []


def test_every_kind_of_failure_is_reached_by_some_provider() -> None:
    reached = {kind for dialect in DIALECTS for kind in dialect.refusals} | {row[1] for row in IN_COMMON}
    assert reached | {"missing_key", "tls", "local_unavailable", "too_long"} == set(get_args(Kind))


@every_wire
async def test_a_redirect_carries_neither_prompt_nor_key_elsewhere(dialect: Dialect) -> None:
    with WireServer(dialect.playing()) as elsewhere:

        async def script(reply: Reply) -> None:
            await reply.head(307, {"location": f"{elsewhere.url}/v1{dialect.path}"}, length=0)

        done = await ask(dialect, script)
    assert elsewhere.requests == []
    assert done.error is not None
    assert elsewhere.url in done.error.message


@every_wire
async def test_stopping_closes_the_connection(dialect: Dialect) -> None:
    events = dialect.answer(HELLO, ())

    async def script(reply: Reply) -> None:
        await reply.stream(events[: len(events) - dialect.proof], content_type=dialect.content_type, end=False)
        await reply.stall()

    begun = asyncio.Event()
    with WireServer() as server:
        server.routes[dialect.path] = script
        async with opened(dialect.connect(server.url)) as provider:
            request = Request.ask(dialect.model, PROMPT)
            task = asyncio.create_task(complete(provider, request, price=unpriced, on_delta=lambda _: begun.set()))
            await begun.wait()
            task.cancel()
            done = await task
            received = server.calls(dialect.path)[0]
            assert await asyncio.to_thread(received.disconnected.wait, PATIENCE_S)
    assert received.client_left
    assert done.state == "cancelled"
    assert done.text
    assert TEXT.startswith(done.text)


# Keys and time -------------------------------------------------------------------------------------------------------


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
