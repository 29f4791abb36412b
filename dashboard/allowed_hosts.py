"""Refuses requests under a name that is not ours, on every route.

A page on the web can give its own name the address of this computer and then read what is served here (DNS
rebinding). Streamlit checks `server.allowedHosts` for its WebSocket only; pages, exports and answers are ours
to protect.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

_REFUSAL = (
    "Collate does not answer under this name. If it should, add the name to server.allowedHosts in "
    ".streamlit/config.toml of the folder in which it is started.\n"
)


class AllowedHosts:
    """ASGI middleware that answers 400 to any other name than those of `server.allowedHosts`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if its name is ours."""
        if scope["type"] not in ("http", "websocket") or is_host_allowed(Headers(scope=scope).get("host")):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(_REFUSAL, 400)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})
