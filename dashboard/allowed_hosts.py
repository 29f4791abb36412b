"""Refuses, on every route, requests for a host name that is not ours or from a page that is not ours.

A page on the web can point its own name at the address of this computer and then read what is served here (DNS
rebinding), and a page of another program on this computer can open our WebSocket. Streamlit checks host names for
its WebSocket only, accepts every origin on this computer as its own, and asks a server on the web for its public
address when it meets an unknown name. Here all of that is decided before Streamlit sees the request.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

_REFUSAL = (
    "Collate does not answer under this name. If it should, add the name to server.allowedHosts in "
    ".streamlit/config.toml of the folder in which it is started.\n"
)
_FOREIGN = "Collate answers its own pages only, and this request comes from another.\n"


class AllowedHosts:
    """ASGI middleware: 400 for a host outside `server.allowedHosts`, 403 for a request from somebody else's page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if its host name is ours and so is the page that it comes from."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not is_host_allowed(headers.get("host")):
            await _refuse(400, _REFUSAL, scope, receive, send)
        elif not is_own(headers.get("origin"), headers.get("host", "")):
            await _refuse(403, _FOREIGN, scope, receive, send)
        else:
            await self._app(scope, receive, send)


def is_own(origin: str | None, host: str) -> bool:
    """Whether `origin` is one of our own pages, which we serve as `host`.

    `None` (no Origin header, so no browser sent it for a page) counts as ours. Behind a reverse proxy the name may
    differ from `host`; it is then ours if `server.allowedHosts` lists it and it is not this computer, where every port
    may be another program.
    """
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
        name = parts.hostname
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not name:
        return False
    return parts.netloc.lower() == host.lower() or (not _is_here(name) and is_host_allowed(parts.netloc))


def _is_here(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


async def _refuse(status: int, why: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await PlainTextResponse(why, status)(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008})
