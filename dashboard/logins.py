"""Finds out which login a request has, and makes sure that a login that has ended stays ended.

Streamlit keeps a login only in a signed cookie, so a copy of that cookie would still work after logging out. Owns the
list of ended logins, which is in the data folder and survives restarts, which login may upload for which browser
session, and the flag that makes browsers send the cookie over HTTPS only. If a team runs several servers, a login ends
on all of them only if they share the data folder.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import OrderedDict
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
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from dashboard.admission import IN_SCOPE, Visitor, who_is
from dashboard.login_setup import login_is_set_up

_COOKIES = (USER_COOKIE_NAME, TOKENS_COOKIE_NAME)
_LONGEST_S = 31 * 86400
"""A cookie is valid for 30 days, so an ended login need not be remembered for longer."""
_ENDS_AT = "/auth/logout"
_PART = re.compile(rf"{re.escape(USER_COOKIE_NAME)}_\d+")
_FOR_LOGINS = re.compile(r"(?<!/static)/media/|/_stcore/upload_file/|/_stcore/metrics$")
"""Addresses at which Streamlit serves and takes files, and tells its counts, without asking for a login; its own fonts
are excepted."""
_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/")
_KEPT_SESSIONS = 20_000


class EndedLogins:
    """The logins that have ended, as digests of their cookies, in a file so that they survive a restart."""

    def __init__(self, file: Callable[[], Path]) -> None:
        self._file = file
        self._known: dict[str, float] = {}
        self._lock = threading.Lock()  # pages are drawn in threads, and addresses answered in others
        self._read_at: float | None = None

    def add(self, login: str) -> None:
        """Note that this login (a digest) has ended."""
        now = time.time()
        with self._lock:
            self._read()
            self._known = {each: at for each, at in self._known.items() if now - at < _LONGEST_S} | {login: now}
        with suppress(OSError):  # it has ended in this process all the same
            file = self._file()
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with file.open("a", encoding="ascii") as out:
                out.write(f"{login} {now:.0f}\n")

    def __contains__(self, login: object) -> bool:
        with self._lock:
            self._read()
            return login in self._known

    def _read(self) -> None:
        """Read the file if it has changed: other servers with the same data folder write to it too."""
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
"""The ended logins in this data folder."""


Login = tuple[str, ...]
"""A login as the digests of its cookies: a long one is split over several, and all of them end together."""


def login_of(cookies: Mapping[str, str]) -> Login:
    """The login that these cookies prove by their signatures; empty if there is none."""
    if _get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME) is None:
        return ()
    # If a login is split, its first cookie holds only the number of cookies, which is the same for many people.
    names = [USER_COOKIE_NAME, *(name for name in sorted(cookies) if _PART.fullmatch(name))]
    return tuple(hashlib.sha256(cookies[name].encode("latin-1", "replace")).hexdigest() for name in names)


def has_ended(login: Login) -> bool:
    """Whether the login, or one of its cookies, has ended."""
    return any(each in ended for each in login)


def visitor() -> str:
    """The login for which the page is being drawn, to bind addresses to; empty where no login is configured."""
    return who_is(login_of(st.context.cookies.to_dict())) if login_is_set_up() else ""


_whose: OrderedDict[str, str] = OrderedDict()
"""For each browser session, by its id, the visitor for whom its page was drawn last."""
_noting = threading.Lock()


def take_uploads() -> None:
    """From now on, accept uploads for this browser session from the login for which the page is being drawn."""
    here = get_script_run_ctx(suppress_warning=True)
    if here is None or not login_is_set_up():
        return
    who = visitor()
    with _noting:
        _whose[here.session_id] = who
        _whose.move_to_end(here.session_id)
        while len(_whose) > _KEPT_SESSIONS:
            _whose.popitem(last=False)


def _is_closed(path: str, who: str) -> bool:
    """Whether this address of Streamlit's is closed to that visitor (empty for nobody)."""
    upload = _UPLOAD.search(path)
    return (not who and bool(_FOR_LOGINS.search(path))) or (upload is not None and _whose.get(upload[1]) != who)


class Logins:
    """ASGI middleware: notes logouts, removes the cookie of a login that has ended, and closes its WebSockets."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the visitor that its login proves now."""
        if scope["type"] not in ("http", "websocket") or not login_is_set_up():
            await self._app(scope, receive, send)
            return
        login = login_of(HTTPConnection(scope).cookies)
        if has_ended(login):
            scope, login = _without_login(scope), ()
        if scope["path"].endswith(_ENDS_AT):
            for each in login:
                ended.add(each)
        who = who_is(login)
        if _is_closed(scope["path"], who):
            await PlainTextResponse("Log in first, or reload the page.", 404)(scope, receive, send)
            return

        scope = {**scope, IN_SCOPE: Visitor(who, lambda: bool(login) and not has_ended(login))}

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
    """Whether people use HTTPS, judged by the address to which the login service sends them back."""
    return str(st.secrets["auth"].get("redirect_uri", "")).startswith("https://") if "auth" in st.secrets else False


def _secure(message: Message) -> None:
    """Mark the login's cookies as HTTPS only, even if a proxy talks plain HTTP to us."""
    headers = MutableHeaders(raw=list(message["headers"]))
    cookies = headers.getlist("set-cookie")
    if cookies:
        del headers["set-cookie"]
        for cookie in cookies:
            plain = cookie.startswith("_streamlit") and "; secure" not in cookie.lower()
            headers.append("set-cookie", f"{cookie}; Secure" if plain else cookie)
        message["headers"] = headers.raw
