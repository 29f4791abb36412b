"""The four steps of a connection check: each with its result and what to do next."""

import asyncio
from dataclasses import replace

import pytest

from providers.catalogue.pricing import Pricer
from providers.check import Step, check
from providers.config.connections import PRESETS, Connection, configured
from providers.interface import Provider
from providers.registry import open_provider
from tests.contract.asking import in_json
from tests.wire import webui
from tests.wire.dialects import DIALECTS, Dialect
from tests.wire.server import Reply, Script, WireServer

CHAT = DIALECTS[1]


async def steps(connection: Connection, model: str | None = None) -> list[Step]:
    provider: Provider = open_provider(connection)
    try:
        return [step async for step in check(connection, provider, Pricer({}), model=model)]
    finally:
        await provider.aclose()


def serving(server: WireServer, dialect: Dialect = CHAT, answer: Script | None = None) -> Connection:
    """A connection to a server that lists models and answers."""

    async def listing(reply: Reply) -> None:
        await reply.json(dialect.listing[1])

    server.routes[dialect.listing[0]] = listing
    server.routes[dialect.path] = answer or dialect.playing()
    return dialect.connect(server.url)


def outcome(found: list[Step]) -> list[tuple[str, bool | None]]:
    return [(step.name, step.ok) for step in found]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
async def test_a_good_connection_passes_every_step(dialect: Dialect) -> None:
    with WireServer() as server:
        found = await steps(replace(serving(server, dialect), customised=True))
    assert outcome(found) == [("key", True), ("host", True), ("models", True), ("answer", True)]
    assert all(step.detail and step.next_step is None for step in found)
    assert f"127.0.0.1:{server.port}" in found[1].detail
    assert dialect.model in found[3].detail
    assert len(server.calls(dialect.path)) == 1


async def test_the_built_in_models_pass_without_key_or_host() -> None:
    found = await steps(PRESETS["builtin"])
    assert outcome(found) == [("key", None), ("host", None), ("models", True), ("answer", True)]
    assert found[2].detail == "3 listed"


async def test_a_host_that_lists_models_and_has_no_path_for_text_may_still_draw() -> None:
    """As stable-diffusion.cpp's server answers: its OpenAI-compatible address has only pictures."""

    async def no_such_path(reply: Reply) -> None:
        await reply.body(b"", 404)

    with WireServer() as server:
        found = await steps(serving(server, answer=no_such_path))
    assert outcome(found)[-2:] == [("models", True), ("answer", None)]
    assert "use Images" in found[-1].detail


async def test_a_host_that_draws_alone_is_not_asked_for_text() -> None:
    with WireServer() as server:
        server.routes[webui.LISTING] = in_json(webui.MODELS)
        found = await steps(replace(PRESETS["webui"], base_url=server.url))
    assert outcome(found) == [("key", None), ("host", True), ("models", True), ("answer", None)]


async def test_a_missing_key_names_its_variable_and_ends_the_check() -> None:
    found = await steps(PRESETS["openai"])
    assert outcome(found) == [("key", False)]
    assert "OPENAI_API_KEY" in found[0].detail
    assert "OPENAI_API_KEY" in (found[0].next_step or "")


async def test_a_wrong_address_is_said_at_once() -> None:
    found = await steps(configured(PRESETS["ollama"], environ={"OLLAMA_HOST": "http://host:port"}))
    assert outcome(found) == [("key", False)]
    assert "http://host:port" in found[0].detail


@pytest.mark.parametrize(("name", "words"), [("openai", "Check the network"), ("ollama", "ollama serve")])
async def test_a_host_that_is_down_is_named_with_what_to_do(name: str, words: str) -> None:
    with WireServer() as server:
        url = server.url
    connection = configured(PRESETS[name], environ={PRESETS[name].key_variable: "key-of-mine"}, base_url=url)
    found = await steps(connection)
    assert outcome(found) == [("key", True), ("host", False)]
    assert words in (found[1].next_step or "")
    assert url in (found[1].next_step or "")


async def test_a_host_that_does_not_exist_is_named() -> None:
    found = await steps(replace(CHAT.connect(""), base_url="http://nowhere.invalid/v1"))
    assert outcome(found)[-1] == ("host", False)
    assert "cannot find the host" in found[-1].detail


async def test_a_rejected_key_fails_at_the_list() -> None:
    async def refuse(reply: Reply) -> None:
        status, body = CHAT.refusals["auth"]
        await reply.body(body, status)

    with WireServer() as server:
        connection = serving(server)
        server.routes[CHAT.listing[0]] = refuse
        found = await steps(connection)
    assert outcome(found) == [("key", True), ("host", True), ("models", False)]
    assert found[2].detail == "Incorrect API key provided."
    assert "key was not accepted" in (found[2].next_step or "")
    assert server.calls(CHAT.path) == []


async def test_a_model_that_does_not_answer_is_named() -> None:
    async def refuse(reply: Reply) -> None:
        status, body = CHAT.refusals["not_found"]
        await reply.body(body, status)

    with WireServer() as server:
        found = await steps(serving(server, answer=refuse), model="gpt-0")
    assert outcome(found)[-1] == ("answer", False)
    assert found[-1].detail == "The model does not exist."
    assert "gpt-0" in (found[-1].next_step or "")
    assert server.calls(CHAT.path)[0].json["model"] == "gpt-0"


async def test_a_short_answer_is_asked_for() -> None:
    with WireServer() as server:
        await steps(serving(server))
    assert server.calls(CHAT.path)[0].json["max_tokens"] == 16


async def test_an_answer_that_is_cut_short_is_an_answer() -> None:
    cut = [event.replace(b'"finish_reason":"stop"', b'"finish_reason":"length"') for event in CHAT.answer(["Hi"], ())]
    with WireServer() as server:
        found = await steps(serving(server, answer=CHAT.playing(cut)))
    assert outcome(found)[-1] == ("answer", True)
    assert "(cut)" in found[-1].detail


async def test_an_unproved_answer_fails() -> None:
    with WireServer() as server:
        found = await steps(serving(server, answer=CHAT.playing(CHAT.answer(["Hi"], ())[: -CHAT.proof])))
    assert outcome(found)[-1] == ("answer", False)
    assert found[-1].next_step


async def test_a_list_without_models_asks_for_a_name() -> None:
    async def empty(reply: Reply) -> None:
        await reply.json({"object": "list", "data": []})

    with WireServer() as server:
        connection = replace(serving(server), name="lab")  # the catalogue knows nothing of it either
        server.routes[CHAT.listing[0]] = empty
        found = await steps(connection)
    assert outcome(found) == [("key", True), ("host", True), ("models", True), ("answer", False)]
    assert "Name one" in (found[-1].next_step or "")


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (
            "Multiple exceptions: [Errno 111] Connect call failed ('::1', 9, 0, 0), [Errno 111] Connect call failed "
            "('127.0.0.1', 9)",
            "Multiple exceptions: nothing accepts connections at ::1:9, nothing accepts connections at 127.0.0.1:9",
        ),
        ("[Errno 113] No route to host", "No route to host"),
        ("[WinError 1231] The network location cannot be reached", "The network location cannot be reached"),
    ],
)
async def test_a_host_that_none_of_its_addresses_reaches_is_no_connection(
    monkeypatch: pytest.MonkeyPatch, raised: str, said: str
) -> None:
    """Python tells both as a plain OSError, which elsewhere is a fault of the answer."""

    async def unable(*_: object) -> None:
        raise OSError(raised)

    monkeypatch.setattr(asyncio, "open_connection", unable)
    *_, host = await steps(PRESETS["ollama"])
    assert (host.name, host.ok, host.detail) == ("host", False, f"no connection: {said}")
    assert "Start the server there" in str(host.next_step)
