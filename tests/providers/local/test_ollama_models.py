"""The management of a local Ollama, through the real SDK, against a server that speaks its formats."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.adapters.ollama import Ollama
from providers.config.connections import Connection
from providers.errors import ProviderError
from providers.local import ollama_models
from providers.local.ollama_facts import Details, Progress, advice
from providers.local.ollama_models import OllamaModels
from providers.network import cleaning
from providers.network.exchange import exchange
from providers.secrets import Secret
from tests.patience import PATIENCE_S
from tests.wire import ollama as wire
from tests.wire.ollama_host import DIGEST, OllamaHost
from tests.wire.server import Reply, WireServer

NAME = "llama3.3:latest"


@asynccontextmanager
async def models_at(url: str, **fields: Any) -> AsyncIterator[OllamaModels]:
    provider = Ollama(Connection("ollama", "ollama", "Ollama", url, **{"needs_key": False, "local": True} | fields))
    yield OllamaModels(provider)
    await provider.aclose()


def saying(data: Any, status: int = 200) -> Callable[[Reply], Any]:
    async def script(reply: Reply) -> None:
        await reply.json(data, status)

    return script


async def pulled(
    lines: Iterable[dict[str, Any]], *, rest: bytes = b"", end: bool = True
) -> tuple[list[Progress], str, WireServer]:
    """What a pull yields, the failure that ended it (or nothing), and the server."""

    async def script(reply: Reply) -> None:
        await reply.stream([*map(wire.line, lines), *([rest] if rest else [])], content_type=wire.TYPE, end=end)
        if not end:
            await reply.close()

    seen: list[Progress] = []
    with WireServer(script) as server:
        async with models_at(server.url) as models:
            try:
                async with aclosing(models.pull("llama3.3")) as pull:
                    async for line in pull:
                        seen.append(line)
            except ProviderError as exc:
                return seen, f"{exc.failure.kind}: {exc.failure.message}", server
    return seen, "", server


async def test_what_is_there_and_what_is_in_memory() -> None:
    older = {"size": 300, "modified_at": "2026-11-01T00:00:00Z"}
    host = OllamaHost(disk={"bert-embed:latest": older, NAME: {}}, memory={NAME: {"size_vram": 7}})
    with host.server() as server:
        async with models_at(server.url) as models:
            there = await models.inventory()
            await models.inventory()
    first, second = there.installed
    assert (first.name, first.size_bytes, first.family, first.parameters) == (NAME, 42_520_413_916, "llama", "70.6B")
    assert first.quantization == "Q4_K_M"
    assert first.modified_at is not None
    assert first.modified_at.astimezone(UTC) == datetime(2026, 11, 20, 21, 56, 49, 277302, tzinfo=UTC)
    assert first.details == Details(131_072, ("completion", "tools"), 2 * 32 * 8 * 128 * 2)
    assert first.answers
    assert not second.answers
    warm = there.in_memory("llama3.3")
    assert warm is not None
    assert (warm.size_bytes, warm.gpu_bytes, warm.context_tokens) == (42_520_413_916, 7, 4096)
    assert warm.expires_at is not None
    assert warm.expires_at.utcoffset() is not None
    assert there.in_memory("bert-embed") is None
    assert len(server.calls("/api/show")) == 2, "details are asked once"


async def test_a_model_whose_details_fail_is_listed_without_them() -> None:
    host = OllamaHost(disk={NAME: {}})
    with host.server() as server:
        server.routes["/api/show"] = saying(wire.error("broken"), 500)
        async with models_at(server.url) as models:
            assert (await models.inventory()).installed[0].details == Details()
            server.routes["/api/show"] = saying(wire.show())
            assert (await models.inventory()).installed[0].details.context_tokens == 131_072


async def test_unload_asks_with_no_prompt_and_waits_until_it_is_gone() -> None:
    host = OllamaHost(disk={NAME: {}}, memory={NAME: {}})
    with host.server() as server:
        async with models_at(server.url) as models:
            assert await models.unload(NAME)
    (sent,) = server.calls("/api/generate")
    assert sent.json == {"model": NAME, "stream": False, "keep_alive": 0}
    assert host.memory == {}


async def test_a_model_that_is_answering_is_still_there_after_unload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ollama_models, "GONE_S", 0.0)
    host = OllamaHost(memory={NAME: {}})
    with host.server() as server:
        server.routes["/api/generate"] = saying(wire.unloaded(NAME))
        async with models_at(server.url) as models:
            assert not await models.unload(NAME)


async def test_delete_removes_and_says_when_there_is_nothing_to_remove() -> None:
    host = OllamaHost(disk={NAME: {}})
    with host.server() as server:
        async with models_at(server.url) as models:
            await models.delete(NAME)
            assert host.disk == {}
            with pytest.raises(ProviderError, match="not found") as caught:
                await models.delete(NAME)
    assert server.calls("/api/delete")[0].method == "DELETE"
    assert server.calls("/api/delete")[0].json == {"model": NAME}
    assert caught.value.failure.kind == "not_found"


async def test_a_pull_tells_every_line_of_every_part() -> None:
    a, b = DIGEST.format(1), DIGEST.format(2)
    lines = [*wire.pull_begins(), wire.pulling(a, 100), wire.pulling(a, 100, 60), wire.pulling(b, 5, 5)]
    seen, problem, server = await pulled([*lines, *wire.pull_ends()])
    assert problem == ""
    assert seen[:4] == [
        Progress("pulling manifest"),
        Progress("pulling 000000000000", a, 100, None),
        Progress("pulling 000000000000", a, 100, 60),
        Progress("pulling 000000000000", b, 5, 5),
    ]
    assert [line.status for line in seen[4:]] == ["verifying sha256 digest", "writing manifest", "success"]
    assert server.requests[0].json == {"model": "llama3.3", "stream": True, "insecure": False}


@pytest.mark.parametrize(
    ("lines", "rest", "end", "problem"),
    [
        ([wire.error("pull model manifest: file does not exist")], b"", True, "server: pull model manifest: file"),
        ([wire.error("write /x/sha256-1-partial: no space left on device")], b"", True, "server: write"),
        ([wire.pulling(DIGEST.format(1), 100, 60)], b"", True, "connection: Ollama stopped at 'pulling 000000000000'"),
        ([wire.pulling(DIGEST.format(1), 100, 60)], b"", False, "connection: peer closed connection"),
        ([], b'{"status":"pulling man', True, "connection: the answer ended inside a line"),
        ([], b"", True, "connection: Ollama stopped at ''"),
    ],
    ids=["no such model", "disk full", "no success", "server vanished", "cut line", "nothing at all"],
)
async def test_a_pull_that_does_not_come_to_its_end_says_so(
    lines: list[dict[str, Any]], rest: bytes, end: bool, problem: str
) -> None:
    seen, told, _ = await pulled([*wire.pull_begins(), *lines] if lines else [], rest=rest, end=end)
    assert told.startswith(problem)
    assert "success" not in [line.status for line in seen]


async def test_a_pull_of_hours_does_not_meet_the_budget_of_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "WIRE_BYTES", 70_000)
    lines = [wire.pulling(DIGEST.format(1), 10**6, n) for n in range(1, 2000)]

    async def slowly(reply: Reply) -> None:
        await reply.head(content_type=wire.TYPE)
        for start in range(0, len(lines), 100):
            await reply.send(b"".join(map(wire.line, lines[start : start + 100])))
            await asyncio.sleep(0)
        await reply.send(b"".join(map(wire.line, wire.pull_ends())))
        await reply.end()

    with WireServer(slowly) as server:
        async with models_at(server.url) as models:
            statuses = [line.status async for line in models.pull("llama3.3")]
    assert statuses[-1] == "success"
    assert len(statuses) == 1999 + 3


async def test_closing_a_pull_ends_the_connection() -> None:
    async def endless(reply: Reply) -> None:
        await reply.stream([wire.line(wire.pulling(DIGEST.format(1), 100, 1))], content_type=wire.TYPE, end=False)
        await reply.stall()

    with WireServer(endless) as server:
        async with models_at(server.url) as models:
            async with aclosing(models.pull("llama3.3")) as pull:
                await anext(pull)
            assert await asyncio.to_thread(server.requests[0].disconnected.wait, PATIENCE_S)
            assert server.requests[0].client_left
            assert exchange.get() is None


async def test_nobody_home_is_said_as_that() -> None:
    async with models_at("http://127.0.0.1:9") as models:
        with pytest.raises(ProviderError) as caught:
            await models.inventory()
        with pytest.raises(ProviderError) as also:
            _ = [line async for line in models.pull("llama3.3")]
    assert (caught.value.failure.kind, also.value.failure.kind) == ("local_unavailable", "local_unavailable")
    assert "ollama serve" in advice(caught.value.failure, "http://127.0.0.1:9")


async def test_a_server_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ollama_models, "ASK_S", 0.05)
    with WireServer(lambda reply: reply.stall()) as server:
        async with models_at(server.url) as models:
            with pytest.raises(ProviderError) as caught:
                await models.inventory()
    assert caught.value.failure.kind == "timeout"


async def test_something_else_at_the_address_is_no_exception_of_the_sdk() -> None:
    with WireServer(saying({"hello": "world"})) as server:
        async with models_at(server.url) as models:
            with pytest.raises(ProviderError) as caught:
                await models.inventory()
    assert caught.value.failure.kind == "protocol"


async def test_the_key_of_the_connection_is_sent_and_never_told() -> None:
    with WireServer(saying(wire.error("bad key Zq8-planted"), 401)) as server:
        async with models_at(server.url, key=Secret("Zq8-planted")) as models:
            with pytest.raises(ProviderError) as caught:
                await models.delete(NAME)
    assert server.requests[0].headers["authorization"] == "Bearer Zq8-planted"
    assert "planted" not in str(caught.value)


def test_a_server_that_is_not_the_users_own_is_refused() -> None:
    with pytest.raises(ValueError, match=r"ollama\.com"):
        OllamaModels(Ollama(Connection("ollama", "ollama", "Ollama", "https://ollama.com", local=False)))


async def test_models_of_the_same_second_keep_their_order_however_the_server_shuffles_them() -> None:
    second = "2026-11-20T14:56:49Z"
    rows = [wire.installed(name, modified_at=second) for name in ("b:1", "a:1", "c:1")]
    newest = wire.installed("z:1", modified_at="2026-11-21T00:00:00Z")
    orders: list[list[str]] = []
    with WireServer() as server:
        server.routes |= {"/api/ps": saying(wire.ps()), "/api/show": saying(wire.show())}
        async with models_at(server.url) as models:
            for listed in ([*rows, newest], [newest, *reversed(rows)]):
                server.routes["/api/tags"] = saying({"models": listed})
                orders.append([model.name for model in (await models.inventory()).installed])
    assert orders == [["z:1", "a:1", "b:1", "c:1"]] * 2
