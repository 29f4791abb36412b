"""Streamlit's page is told where the app begins; whatever else is served stays as it is."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard import known_base
from dashboard.icons.font import symbols
from dashboard.known_base import SCRIPT, KnownBase, streamlits_page


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (page := tmp_path / "index.html").write_bytes(streamlits_page())

    async def streamlits(_: object) -> Response:
        return FileResponse(page)

    async def another(_: object) -> Response:
        return HTMLResponse("<html><head></head></html>")

    async def missing(_: object) -> Response:
        return HTMLResponse(streamlits_page(), 404)

    routes = [Route("/history", streamlits), Route("/report", another), Route("/gone", missing)]
    # Streamlit's own app compresses too, within whatever is around it.
    middleware = [Middleware(GZipMiddleware), Middleware(KnownBase), Middleware(GZipMiddleware)]
    return TestClient(Starlette(routes=routes, middleware=middleware), headers={"Accept": "text/html"})


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_line_stands_first_in_the_head_and_the_length_is_right(client: TestClient, encoding: str) -> None:
    response = client.get("/history", headers={"Accept-Encoding": encoding})
    assert f"<head><script>{SCRIPT}</script>" in response.text
    assert response.text.replace(f"<script>{SCRIPT}</script>", "").encode() == streamlits_page()
    assert response.headers.get("content-encoding", "identity") == encoding
    if encoding == "identity":
        assert response.headers["content-length"] == str(len(response.content))
    assert "etag" not in response.headers, "a browser that has the file from before asks for ours"
    head = client.head("/history", headers={"Accept-Encoding": "identity"})
    assert (head.headers["content-length"], head.content) == (str(len(response.content)), b"")


@pytest.mark.parametrize("path", ["/report", "/gone"])
def test_what_is_not_that_page_is_passed_on(client: TestClient, path: str) -> None:
    assert SCRIPT not in client.get(path).text


def test_the_page_of_another_streamlit_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_base, "version", lambda _: "0.0.1")
    routes = [Route("/", lambda _: HTMLResponse(streamlits_page()))]
    with TestClient(Starlette(routes=routes, middleware=[Middleware(KnownBase)])) as client:
        assert client.get("/").content == streamlits_page()
    assert symbols().streamlit == version("streamlit")
