from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import model_lists
from dashboard.engine import Engine
from providers.config.connections import Connection
from tests.wire.openai_chat import listing
from tests.wire.server import Reply, WireServer


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    core = Engine()
    yield core
    core.close()


def host(url: str, *, local: bool = False) -> Connection:
    return Connection("host", "openai", "Host", f"{url}/v1", needs_key=False, local=local)


two_models = listing("a", "b")


def test_a_list_is_asked_once_and_remembered(engine: Engine) -> None:
    with WireServer(two_models) as server:
        connection = host(server.url)
        assert engine.models.get(connection) is None
        for _ in range(2):
            engine.call(engine.models.refresh([connection]))
        listing = engine.models.get(connection)
        assert listing is not None
        assert [model.id for model in listing.models] == ["a", "b"]
        assert len(server.requests) == 1


def test_a_local_server_that_is_not_there_is_told_without_its_sdk(engine: Engine) -> None:
    connection = host("http://127.0.0.1:9", local=True)
    engine.call(engine.models.refresh([connection]))
    listing = engine.models.get(connection)
    assert listing is not None
    assert listing.failure is not None
    assert listing.failure.kind == "local_unavailable"


def test_one_that_did_not_answer_is_asked_again_soon(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_lists, "RETRY_S", 0.0)
    answers = [503, 200]

    async def at_second(reply: Reply) -> None:
        if answers.pop(0) == 503:
            await reply.json({"error": {"message": "starting"}}, status=503)
        else:
            await two_models(reply)

    with WireServer(at_second) as server:
        connection = host(server.url)
        for _ in range(2):
            engine.call(engine.models.refresh([connection]))
        listing = engine.models.get(connection)
        assert listing is not None
        assert listing.failure is None
        assert len(listing.models) == 2


def test_a_connection_without_its_key_is_not_asked(engine: Engine) -> None:
    with WireServer(two_models) as server:
        connection = Connection("host", "openai", "Host", f"{server.url}/v1", key_variable="HOST_KEY")
        engine.call(engine.models.refresh([connection]))
        assert engine.models.get(connection) is None
        assert server.requests == []
