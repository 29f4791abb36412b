"""The response headers that keep an answer, and whoever wrote it, from reaching anything outside the page.

Verified in a browser: with this policy no page of the app fetches anything from elsewhere, and every part of
Streamlit that we use still works. Streamlit itself needs `'unsafe-inline'` styles. Scripts must be files of this
server, which is why the answer grid's code is a file too; the inline script in Streamlit's own page, and the one
that we add there, are allowed by their hash.
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
    """The content security policy of a page served as `host`, WebSocket included: for some browsers 'self' lacks it."""
    sockets = f" ws://{host} wss://{host}" if _NAME.fullmatch(host) else ""
    return _POLICY.format(sockets=sockets, inline=_inline())


@cache
def _inline() -> str:
    """The hashes of the inline scripts in the page, as a policy lists them."""
    scripts = [SCRIPT.encode(), *_SCRIPT.findall(streamlits_page())]
    hashes = (b64encode(sha256(script).digest()).decode() for script in scripts if script.strip())
    return "".join(f" 'sha256-{each}'" for each in hashes)


class SecurityHeaders:
    """ASGI middleware that sets the headers on every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add our headers to its response."""
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
