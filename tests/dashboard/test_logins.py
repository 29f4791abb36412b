"""A login that has ended stays ended, for pages, sockets, streams and files, whoever still has its cookie."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from dashboard import logins
from dashboard.admission import still_admitted, visitor_of, who_is
from dashboard.logins import EndedLogins, Logins
from tests.patience import PATIENCE_S
from tests.threads import together

SECRET = "a-cookie-secret-of-the-test"
ADA, BOB = (create_signed_value(SECRET, "_streamlit_user", f'{{"email": "{who}"}}').decode() for who in ("ada", "bob"))


async def _page(request: Request) -> Response:
    return JSONResponse({"cookies": sorted(request.cookies), "admitted": still_admitted(request)()})


async def _login(_: Request) -> Response:
    response = PlainTextResponse("welcome")
    response.set_cookie("_streamlit_user", "x", httponly=True)
    response.set_cookie("theme", "dark")
    return response


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect as exc:
        await socket.close(exc.code)


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, str]]:
    told = {"auth": {"cookie_secret": SECRET, "redirect_uri": "http://localhost:8501/oauth2callback"}}
    monkeypatch.setattr(st, "secrets", told)
    monkeypatch.setattr("streamlit.web.server.starlette.starlette_websocket.get_cookie_secret", lambda: SECRET)
    return told


@pytest.fixture
def client(secrets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(logins, "ended", EndedLogins(lambda: tmp_path / "data" / "ended"))
    routes = [
        Route("/", _page), Route("/auth/logout", _page), Route("/oauth2callback", _login),
        WebSocketRoute("/stream", _socket),
    ]  # fmt: skip
    with TestClient(Starlette(routes=routes, middleware=[Middleware(Logins)])) as client:
        yield client


def told(client: TestClient, login: str, path: str = "/") -> dict[str, object]:
    return client.get(path, headers={"cookie": f"theme=dark; _streamlit_user={login}"}).json()


def test_a_login_that_has_ended_admits_nobody_and_the_others_last(client: TestClient) -> None:
    assert told(client, ADA) == {"cookies": ["_streamlit_user", "theme"], "admitted": True}
    told(client, ADA, "/auth/logout")
    assert told(client, ADA) == {"cookies": ["theme"], "admitted": False}
    assert told(client, BOB)["admitted"]


@pytest.mark.parametrize("login", ["", "forged", ADA[:-1], ADA[1:]], ids=["none", "forged", "cut", "headless"])
def test_a_cookie_that_is_not_signed_by_us_is_no_login(login: str, client: TestClient) -> None:
    assert not told(client, login)["admitted"]


def test_a_restart_and_another_server_of_the_folder_know_what_has_ended(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(client, ADA, "/auth/logout")
    monkeypatch.setattr(logins, "ended", EndedLogins(lambda: tmp_path / "data" / "ended"))
    assert not told(client, ADA)["admitted"]
    assert ADA not in (tmp_path / "data" / "ended").read_text()  # a digest, of no use to a thief


def test_logins_that_end_at_the_same_moment_have_all_ended(tmp_path: Path) -> None:
    ended = EndedLogins(lambda: tmp_path / "ended")

    def leave(number: int) -> None:
        for n in range(50):
            ended.add(f"login-{number}-{n}")
            assert f"login-{number}-{n}" in ended

    together(leave)
    assert all(f"login-{number}-{n}" in ended for number in range(8) for n in range(50))


def test_what_cannot_be_written_has_ended_all_the_same(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(logins, "ended", EndedLogins(lambda: tmp_path / "file" / "ended"))
    told(client, ADA, "/auth/logout")
    assert not told(client, ADA)["admitted"]


def test_an_open_socket_ends_with_its_login(client: TestClient) -> None:
    with client.websocket_connect("/stream", headers={"cookie": f"_streamlit_user={ADA}"}) as socket:
        socket.send_text("one")
        assert socket.receive_text() == "one"
        told(client, ADA, "/auth/logout")
        socket.send_text("two")
        with pytest.raises(WebSocketDisconnect) as ended:
            socket.receive_text()
    assert ended.value.code == 1008


def test_where_nobody_logs_in_everybody_is_admitted(client: TestClient, secrets: dict[str, dict[str, str]]) -> None:
    del secrets["auth"]
    assert client.get("/").json()["admitted"]
    assert told(client, ADA, "/auth/logout")["admitted"]


def test_behind_https_the_cookies_of_a_login_go_over_https_only(
    client: TestClient, secrets: dict[str, dict[str, str]]
) -> None:
    plain = client.get("/oauth2callback").headers.get_list("set-cookie")
    secrets["auth"]["redirect_uri"] = "https://collate.example.com/oauth2callback"
    user, theme = client.get("/oauth2callback").headers.get_list("set-cookie")
    assert not any("Secure" in each for each in plain)
    assert user.endswith("; Secure")
    assert "HttpOnly" in user
    assert "Secure" not in theme


def test_what_is_being_sent_ends_too(client: TestClient) -> None:
    asked, going_on = threading.Event(), threading.Event()
    seen: list[bool] = []

    async def long_answer(request: Request) -> Response:
        admitted = still_admitted(request)
        seen.append(admitted())
        asked.set()
        await asyncio.to_thread(going_on.wait, PATIENCE_S)
        seen.append(admitted())
        return PlainTextResponse("the end")

    app = client.app
    assert isinstance(app, Starlette)
    app.router.routes.append(Route("/long", long_answer))
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(client.get, "/long", headers={"cookie": f"_streamlit_user={ADA}"})
        assert asked.wait(PATIENCE_S)
        told(client, ADA, "/auth/logout")
        going_on.set()
        answer.result(PATIENCE_S)
    assert seen == [True, False]


def long_login(who: str, at: str) -> dict[str, str]:
    """The cookies of a login that is too long for one, as Streamlit cuts it."""
    parts = {"_streamlit_user": "chunks-2", "_streamlit_user_1": f'{{"email": "{who}", ', "_streamlit_user_2": at}
    return {name: create_signed_value(SECRET, name, part).decode() for name, part in parts.items()}


def with_cookies(client: TestClient, cookies: dict[str, str], path: str = "/") -> bool:
    told = client.get(path, headers={"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}).json()
    return told["admitted"]


def test_a_long_login_ends_as_a_whole_and_alone(client: TestClient) -> None:
    ada, bob = long_login("ada", '"at": 1}'), long_login("bob", '"at": 2}')
    assert with_cookies(client, ada)
    assert with_cookies(client, bob)
    with_cookies(client, ada, "/auth/logout")
    assert not with_cookies(client, ada)
    assert not with_cookies(client, {**ada, "_streamlit_user": bob["_streamlit_user"]})  # the count fits anybody's
    assert not with_cookies(client, {**ada, "_streamlit_user_7": "made up"})


def test_each_login_is_somebody_else_to_what_is_bound_to_it(client: TestClient) -> None:
    seen: list[str] = []

    async def page(request: Request) -> Response:
        seen.append(visitor_of(request).who)
        return PlainTextResponse("")

    app = client.app
    assert isinstance(app, Starlette)
    app.router.routes.append(Route("/who", page))
    for cookie in (ADA, BOB, ADA, "forged"):
        client.get("/who", headers={"cookie": f"_streamlit_user={cookie}"})
    ada, bob, again, stranger = seen
    assert ada == again
    assert len({ada, bob, stranger}) == 3
    assert stranger == ""
    assert ADA not in ada


@pytest.mark.parametrize("path", ["/static/media/font.woff2", "/base/static/media/font.woff2"])
def test_the_fonts_of_the_page_on_which_people_log_in_are_everybody_s(client: TestClient, path: str) -> None:
    app = client.app
    assert isinstance(app, Starlette)
    app.router.routes.append(Route(path, lambda _: PlainTextResponse("a font")))
    assert client.get(path).text == "a font"


@pytest.mark.parametrize("path", ["/media/abc.csv", "/base/media/abc.csv", "/base/_stcore/metrics"])
def test_files_of_pages_and_counts_are_for_those_who_have_logged_in(
    client: TestClient, secrets: dict[str, dict[str, str]], path: str
) -> None:
    app = client.app
    assert isinstance(app, Starlette)
    app.router.routes.append(Route(path, lambda _: PlainTextResponse("its content")))
    assert client.get(path).status_code == 404
    assert client.get(path, headers={"cookie": "_streamlit_user=forged"}).status_code == 404
    assert client.get(path, headers={"cookie": f"_streamlit_user={ADA}"}).text == "its content"
    client.get("/auth/logout", headers={"cookie": f"_streamlit_user={ADA}"})
    assert client.get(path, headers={"cookie": f"_streamlit_user={ADA}"}).status_code == 404
    del secrets["auth"]
    assert client.get(path).text == "its content"


def test_an_upload_is_taken_from_the_login_whose_page_asks_for_it(
    client: TestClient, secrets: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = client.app
    assert isinstance(app, Starlette)
    taken = Route("/base/_stcore/upload_file/{session}/{file}", lambda _: PlainTextResponse("taken"), methods=["PUT"])
    app.router.routes.append(taken)

    def sent(cookie: str, session: str) -> int:
        headers = {"cookie": f"_streamlit_user={cookie}"}
        return client.put(f"/base/_stcore/upload_file/{session}/f", headers=headers).status_code

    for name, cookie in (("hers", ADA), ("his", BOB)):
        monkeypatch.setattr(logins, "get_script_run_ctx", lambda name=name, **_: SimpleNamespace(session_id=name))
        who = who_is(logins.login_of({"_streamlit_user": cookie}))
        monkeypatch.setattr(logins, "visitor", lambda who=who: who)
        logins.take_uploads()
    assert (sent(ADA, "hers"), sent(BOB, "his")) == (200, 200)
    assert (sent(BOB, "hers"), sent("forged", "hers"), sent(BOB, "of nobody")) == (404, 404, 404)
    del secrets["auth"]
    assert sent("", "hers") == 200
