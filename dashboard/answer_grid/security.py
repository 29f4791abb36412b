"""The response headers that keep an answer, and whoever wrote it, from reaching outside the page.

Verified in a browser: with this policy no surface of the app fetches anything from elsewhere, and every
part of Streamlit that we use still works. `'unsafe-inline'` styles are Streamlit's own need; scripts are
files of this server only, which is why the answer grid's code is a file too. The one script that stands in
Streamlit's own page, and the one line that we put there, are allowed by their hash.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.known_base import SCRIPT, streamlits_page

_POLICY = "; ".join((
    "default-src 'self'",
    "script-src 'self'{inline}",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'{sockets}",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
))  # fmt: skip

_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_NAME = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?", re.ASCII)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def policy(host: str) -> str:
    """What a page may do that was asked for under `host`; its WebSocket, which not all browsers take for its own."""
    sockets = f" ws://{host} wss://{host}" if _NAME.fullmatch(host) else ""
    return _POLICY.format(sockets=sockets, inline=_inline())


@cache
def _inline() -> str:
    """The hashes of the scripts that stand in the page, as a policy names them."""
    scripts = [SCRIPT.encode(), *_SCRIPT.findall(streamlits_page())]
    hashes = (b64encode(sha256(script).digest()).decode() for script in scripts if script.strip())
    return "".join(f" 'sha256-{each}'" for each in hashes)


class SecurityHeaders:
    """ASGI middleware that sets the headers on every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its response with our headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours = {**HEADERS, "Content-Security-Policy": policy(Headers(scope=scope).get("host", ""))}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ours.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, send_with_headers)
