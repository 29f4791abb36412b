"""The small font of symbols: it has what is drawn, and stands only for the file that it was made from."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.icons import font
from dashboard.icons.font import FILE, SmallSymbols, symbols
from tests import icons

MAKE = "python -m tests.icons makes it anew"


def client() -> TestClient:
    async def whole(_: object) -> PlainTextResponse:
        return PlainTextResponse("whole")

    routes = [Route("/{path:path}", whole)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(SmallSymbols)]))


def test_every_symbol_that_our_code_names_is_in_it() -> None:
    assert icons.ours() <= symbols().names, MAKE


def test_it_was_made_from_the_streamlit_that_is_installed() -> None:
    assert symbols().streamlit == version("streamlit"), MAKE
    assert (icons.frontend() / "media" / symbols().file).is_file(), MAKE


def test_it_is_a_fifth_of_the_other_at_most() -> None:
    assert FILE.stat().st_size * 5 < (icons.frontend() / "media" / symbols().file).stat().st_size


@pytest.mark.parametrize("prefix", ["", "/under/a/path"])
def test_it_stands_for_that_file_and_is_asked_for_anew(prefix: str) -> None:
    path = f"{prefix}/static/media/{symbols().file}"
    first = client().get(path)
    assert first.content == FILE.read_bytes()
    assert (first.headers["content-type"], first.headers["cache-control"]) == ("font/woff2", "no-cache")
    again = client().get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/static/media/MaterialSymbols-Rounded.other.woff2", "/static/js/index.js", "/"])
def test_everything_else_is_passed_on(path: str) -> None:
    assert client().get(path).text == "whole"


def test_beside_another_streamlit_its_own_font_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    other: Callable[[str], str] = lambda _: "9.9.9"  # noqa: E731
    monkeypatch.setattr(font, "version", other)
    assert client().get(f"/static/media/{symbols().file}").text == "whole"
