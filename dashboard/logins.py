"""Which login a request comes with, and that a login which has ended stays ended, whoever still has its cookie.

Streamlit keeps a login in a signed cookie alone, so that a copy of it would go on after logging out. Owns the list of
ended logins, kept in the data folder over restarts, and the flag by which a browser sends the cookie over HTTPS only.
Every server of a team has its own list: a login ends on all of them where they share the data folder.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

import streamlit as st
from platformdirs import user_data_path
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from dashboard.admission import IN_SCOPE, Visitor, who_is
from dashboard.user import login_is_set_up

_COOKIES = (USER_COOKIE_NAME, TOKENS_COOKIE_NAME)
_LONGEST_S = 31 * 86400
"""A cookie is good for 30 days, so that an ended login need not be remembered for longer."""
_ENDS_AT = "/auth/logout"
_PART = re.compile(rf"{re.escape(USER_COOKIE_NAME)}_\d+")
_FILES = re.compile(r"(?<!/static)/media/|/_stcore/upload_file/")
"""Where Streamlit itself serves and takes files, whoever has the address; its own fonts are everybody's."""


class EndedLogins:
    """What has ended, by a digest of its cookie; in a file, that a restart does not bring back."""

    def __init__(self, file: Callable[[], Path]) -> None:
        self._file = file
        self._known: dict[str, float] = {}
        self._read_at: float | None = None

    def add(self, login: str) -> None:
        """This one has ended."""
        self._read()
        now = time.time()
        self._known = {each: at for each, at in self._known.items() if now - at < _LONGEST_S} | {login: now}
        with suppress(OSError):  # it has ended in this process all the same
            file = self._file()
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with file.open("a", encoding="ascii") as out:
                out.write(f"{login} {now:.0f}\n")

    def __contains__(self, login: object) -> bool:
        self._read()
        return login in self._known

    def _read(self) -> None:
        """What another server of this data folder has added, too."""
        try:
            changed = self._file().stat().st_mtime
            if changed == self._read_at:
                return
            lines = self._file().read_text("ascii", "replace").splitlines()
        except OSError:
            return
        told = (line.split(" ") for line in lines if line.count(" ") == 1)
        self._known |= {login: float(at) for login, at in told if at.isdigit()}
        self._read_at = changed


ended = EndedLogins(lambda: user_data_path("collate", appauthor=False) / "ended-logins")
"""Those of this data folder."""


Login = tuple[str, ...]
"""A login by the digests of its cookies: a long one is in several, and each of them ends with it."""


def login_of(cookies: Mapping[str, str]) -> Login:
    """The login that these cookies prove by their signatures; empty: none."""
    if _get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME) is None:
        return ()
    # Of a long login the first cookie says only how many there are, which would fit anybody's.
    names = [USER_COOKIE_NAME, *(name for name in sorted(cookies) if _PART.fullmatch(name))]
    return tuple(hashlib.sha256(cookies[name].encode("latin-1", "replace")).hexdigest() for name in names)


def has_ended(login: Login) -> bool:
    """Whether it, or a part of it, was ended."""
    return any(each in ended for each in login)


def visitor() -> str:
    """The login of the page that is being drawn, to bind an address to; empty where nobody logs in."""
    return who_is(login_of(st.context.cookies.to_dict())) if login_is_set_up() else ""


class Logins:
    """ASGI middleware: notes the end of a login, takes away the cookie of one that has ended, and ends its sockets."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as that of whoever it is of now."""
        if scope["type"] not in ("http", "websocket") or not login_is_set_up():
            await self._app(scope, receive, send)
            return
        login = login_of(HTTPConnection(scope).cookies)
        if has_ended(login):
            scope, login = _without_login(scope), ()
        if scope["path"].endswith(_ENDS_AT):
            for each in login:
                ended.add(each)
        if not login and _FILES.search(scope["path"]):
            await PlainTextResponse("Log in first.", 404)(scope, receive, send)
            return

        scope = {**scope, IN_SCOPE: Visitor(who_is(login), lambda: bool(login) and not has_ended(login))}

        async def hear() -> Message:
            message = await receive()
            over = scope["type"] == "websocket" and has_ended(login)
            return {"type": "websocket.disconnect", "code": 1008} if over else message

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_https():
                _secure(message)
            await send(message)

        await self._app(scope, hear, answer)


def _without_login(scope: Scope) -> Scope:
    cookies = SimpleCookie()
    with suppress(CookieError):
        cookies.load(Headers(scope=scope).get("cookie", ""))
    kept = "; ".join(f"{name}={each.coded_value}" for name, each in cookies.items() if not name.startswith(_COOKIES))
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    return {**scope, "headers": [*headers, (b"cookie", kept.encode("latin-1"))]}


def _is_https() -> bool:
    """Whether people come over HTTPS, as the address that the login service sends them back to says."""
    return str(st.secrets["auth"].get("redirect_uri", "")).startswith("https://") if "auth" in st.secrets else False


def _secure(message: Message) -> None:
    """The cookies of a login go over HTTPS only, also where a proxy speaks plainly to us."""
    headers = MutableHeaders(raw=list(message["headers"]))
    cookies = headers.getlist("set-cookie")
    if cookies:
        del headers["set-cookie"]
        for cookie in cookies:
            plain = cookie.startswith("_streamlit") and "; secure" not in cookie.lower()
            headers.append("set-cookie", f"{cookie}; Secure" if plain else cookie)
        message["headers"] = headers.raw
