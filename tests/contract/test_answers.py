"""What every provider owes, the built-in one included, and what it makes of an answer."""

import asyncio
from dataclasses import fields, replace

from genai_prices import extract_usage

from providers.config.connections import PRESETS
from providers.interface import Delta, Done, ModelInfo, Request, Settings
from providers.measuring.measure import complete
from providers.registry import ADAPTERS, list_models
from tests.contract.asking import (
    PROMPT,
    TEXT,
    answering,
    ask,
    every_provider,
    every_wire,
    in_json,
    opened,
    unpriced,
)
from tests.wire.dialects import DIALECTS, HELLO, Dialect
from tests.wire.server import WireServer

PLACE = {"run": "r", "id": "i", "repeat": 0}


def test_every_adapter_of_the_registry_is_tested_here() -> None:
    spoken = {(c.kind, c.api if c.kind == "openai" else "chat") for c in (d.connect("http://x") for d in DIALECTS)}
    assert spoken | {("builtin", "chat")} == set(ADAPTERS)


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
            server.routes[dialect.beside[0]] = in_json(dialect.beside[1])
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
        assert done.usage is None or done.usage.output_tokens is None


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
