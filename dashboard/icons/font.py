"""Serves a small font of symbols in place of Streamlit's, which is the largest file of the first page load.

Streamlit's has 4,300 symbols, of which its pages and ours use about 500. `python -m tests.icons` makes the small one
from it (Material Symbols, Apache-2.0, by Google). It is served only in place of the exact file that it was made from
and with the exact version of Streamlit whose pages were searched; otherwise Streamlit's own font is served whole.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

FILE = Path(__file__).parent / "assets" / "symbols.woff2"
MADE_FROM = FILE.with_suffix(".json")
"""Says which version and font file of Streamlit it was made from, and which symbols it has."""


@dataclass(frozen=True, slots=True)
class Symbols:
    """What the small font was made from: Streamlit's version, its font file, and the names of the symbols kept."""

    streamlit: str
    file: str
    names: frozenset[str]


@cache
def symbols() -> Symbols:
    """The description of the small font, read from `MADE_FROM`."""
    told = json.loads(MADE_FROM.read_text("utf-8"))
    return Symbols(told["streamlit"], told["file"], frozenset(told["names"]))


class SmallSymbols:
    """ASGI middleware: answers requests for Streamlit's font with the small one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        made_from = symbols()
        self._path = f"/static/media/{made_from.file}" if made_from.streamlit == version("streamlit") else None
        self._font = FILE.read_bytes()
        self._tag = f'"{sha256(self._font).hexdigest()[:16]}"'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the small font if Streamlit's is requested; pass everything else on."""
        wanted = self._path is not None and scope["type"] == "http" and scope["path"].endswith(self._path)
        if not wanted or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        # Revalidated at each load: the next version of Collate may have more symbols in a file of the same name.
        headers = {"ETag": self._tag, "Cache-Control": "no-cache"}
        if self._tag in Headers(scope=scope).get("if-none-match", ""):
            response = Response(status_code=304, headers=headers)
        else:
            response = Response(self._font, headers=headers, media_type="font/woff2")
        await response(scope, receive, send)
