"""Tells Streamlit's page where the app begins, which it would otherwise find out by asking.

Opened at `/history`, its script first asks for `/history/_stcore/health`, in case the app were served from there:
the console of every page but the first began with errors. Where the app begins is known, for the page's own files
are found relative to it. Only the page of the very version of Streamlit that this was tried with is changed.
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
"""What a host of Streamlit's page may set (`StreamlitConfig` in its frontend)."""
_HEAD = b"<head>"


@cache
def streamlits_page() -> bytes:
    """The one page that Streamlit serves at every address; empty where it is not found."""
    found = find_spec("streamlit")
    page = Path(found.origin).parent / "static" / "index.html" if found and found.origin else None
    return page.read_bytes() if page and page.is_file() else b""


class KnownBase:
    """ASGI middleware: sends Streamlit's page with our line in its head."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        whole = streamlits_page() if version("streamlit") == symbols().streamlit else b""
        self._size = str(len(whole))
        self._page = whole.replace(_HEAD, _HEAD + f"<script>{SCRIPT}</script>".encode(), 1) if _HEAD in whole else b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Everything but that page is passed on as it is."""
        told = Headers(scope=scope) if scope["type"] == "http" else {}
        if not self._page or "text/html" not in told.get("accept", "") or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        # Streamlit would compress the page that it has; ours is compressed on its way out.
        plainly = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        ours = sent = False

        async def send_page(message: Message) -> None:
            nonlocal ours, sent
            if message["type"] == "http.response.start" and self._is_page(message):
                headers = MutableHeaders(scope=message)
                headers["content-length"] = str(len(self._page))
                # They tell of the file, which stays the same when our line does not.
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
