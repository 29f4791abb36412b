"""No route answers under a name that is not ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit import config

from dashboard.allowed_hosts import AllowedHosts


async def _page(_: object) -> PlainTextResponse:
    return PlainTextResponse("a page")


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


@pytest.fixture
def client() -> Iterator[TestClient]:
    before = config.get_option("server.allowedHosts")
    config.set_option("server.allowedHosts", ["localhost", "127.0.0.1", "::1", "*.example.com"])
    app = Starlette(routes=[Route("/", _page), WebSocketRoute("/s", _socket)], middleware=[Middleware(AllowedHosts)])
    with TestClient(app) as client:
        yield client
    config.set_option("server.allowedHosts", before)


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8501", "LOCALHOST", "127.0.0.1:1", "[::1]:8501", "a.example.com"]
)
def test_our_own_names_are_answered(host: str, client: TestClient) -> None:
    assert client.get("/", headers={"Host": host}).text == "a page"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8501", "localhost.evil.example", "example.com.evil", "localhost@evil.example", ""],
)
def test_any_other_name_is_refused_with_what_to_do(host: str, client: TestClient) -> None:
    refused = client.get("/", headers={"Host": host})
    assert refused.status_code == 400
    assert "server.allowedHosts" in refused.text
    assert "evil" not in refused.text


def test_a_websocket_under_another_name_is_closed(client: TestClient) -> None:
    with client.websocket_connect("/s", headers={"Host": "localhost"}):
        pass
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/s", headers={"Host": "evil.example"}):
        pass


OURS = [
    ("http://localhost:8501", "localhost:8501"),
    ("http://127.0.0.1:1", "127.0.0.1:1"),
    ("https://a.example.com", "127.0.0.1:8501"),  # a reverse proxy that keeps its name to itself
    ("https://a.example.com:8443", "a.example.com"),
]
FOREIGN = [
    ("https://evil.example", "localhost:8501"),
    ("http://localhost:3000", "localhost:8501"),
    ("http://127.0.0.1:8501", "localhost:8501"),
    ("http://[::1]:3000", "localhost:8501"),
    ("http://x.localhost:3000", "localhost:8501"),
    ("null", "localhost:8501"),
    ("file://", "localhost:8501"),
    ("http://localhost:8501@evil.example", "localhost:8501"),
    ("http://[", "localhost:8501"),
]


@pytest.mark.parametrize(("origin", "host"), OURS)
def test_our_own_pages_are_answered(origin: str, host: str, client: TestClient) -> None:
    assert client.get("/", headers={"Host": host, "Origin": origin}).status_code == 200
    with client.websocket_connect("/s", headers={"Host": host, "Origin": origin}):
        pass


@pytest.mark.parametrize(("origin", "host"), FOREIGN)
def test_a_page_of_another_program_is_refused(origin: str, host: str, client: TestClient) -> None:
    assert client.get("/", headers={"Host": host, "Origin": origin}).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/s", headers={"Host": host, "Origin": origin}),
    ):
        pass
