"""Tells Streamlit's page the base address of the app, which it would otherwise find out by trial requests.

Opened at `/history`, its script first requests `/history/_stcore/health`, in case the app is served from there, so
that the console of every page but the first begins with errors. The base is known, because the page finds its own
files relative to it. Only the page of the exact version of Streamlit that this was tried with is changed.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.icons.font import symbols

SCRIPT = 'window.__streamlit = { BACKEND_BASE_URL: new URL("./", location.href).href };'
"""Sets what Streamlit's frontend lets a host page set (its `StreamlitConfig`)."""
_HEAD = b"<head>"


@cache
def streamlits_page() -> bytes:
    """The one HTML page that Streamlit serves at every address; empty if it is not found."""
    found = find_spec("streamlit")
    page = Path(found.origin).parent / "static" / "index.html" if found and found.origin else None
    return page.read_bytes() if page and page.is_file() else b""


class KnownBase:
    """ASGI middleware: sends Streamlit's page with our script in its head."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        whole = streamlits_page() if version("streamlit") == symbols().streamlit else b""
        self._size = str(len(whole))
        self._page = whole.replace(_HEAD, _HEAD + f"<script>{SCRIPT}</script>".encode(), 1) if _HEAD in whole else b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Change that page; pass everything else on as it is."""
        told = Headers(scope=scope) if scope["type"] == "http" else {}
        if not self._page or "text/html" not in told.get("accept", "") or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        # Ask Streamlit for the page uncompressed; our own middleware compresses the changed one.
        plainly = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        ours = sent = False

        async def send_page(message: Message) -> None:
            nonlocal ours, sent
            if message["type"] == "http.response.start" and self._is_page(message):
                headers = MutableHeaders(scope=message)
                headers["content-length"] = str(len(self._page))
                # These describe Streamlit's file, which stays the same when our script changes.
                del headers["etag"], headers["last-modified"]
                ours = scope["method"] == "GET"
            elif ours and sent:
                return
            elif ours:
                message, sent = {"type": "http.response.body", "body": self._page, "more_body": False}, True
            await send(message)

        await self._app({**scope, "headers": plainly}, receive, send_page)

    def _is_page(self, start: Message) -> bool:
        headers = MutableHeaders(scope=start)
        html = headers.get("content-type", "").startswith("text/html")
        return start["status"] == 200 and html and headers.get("content-length") == self._size
