"""Serves a small font of symbols in place of Streamlit's, which is the largest file of the first load.

Streamlit's has 4,300 symbols, of which its pages and ours use some 500. `python -m tests.icons` makes the small one
from it (Material Symbols, Apache-2.0, by Google). It is served only in place of the very file that it was made from
and beside the very version of Streamlit whose pages were searched: with any other, Streamlit's own goes out whole.
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
"""The version of Streamlit, the name of its file, and the names of the symbols."""


@dataclass(frozen=True, slots=True)
class Symbols:
    """The small font and what it stands for."""

    streamlit: str
    file: str
    names: frozenset[str]


@cache
def symbols() -> Symbols:
    """What the small font was made from."""
    told = json.loads(MADE_FROM.read_text("utf-8"))
    return Symbols(told["streamlit"], told["file"], frozenset(told["names"]))


class SmallSymbols:
    """ASGI middleware: answers for one file."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        made_from = symbols()
        self._path = f"/static/media/{made_from.file}" if made_from.streamlit == version("streamlit") else None
        self._font = FILE.read_bytes()
        self._tag = f'"{sha256(self._font).hexdigest()[:16]}"'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The small font where Streamlit's is asked for; everything else is passed on."""
        wanted = self._path is not None and scope["type"] == "http" and scope["path"].endswith(self._path)
        if not wanted or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        # Asked for anew each time: under the same name the next version of Collate may have more symbols.
        headers = {"ETag": self._tag, "Cache-Control": "no-cache"}
        if self._tag in Headers(scope=scope).get("if-none-match", ""):
            response = Response(status_code=304, headers=headers)
        else:
            response = Response(self._font, headers=headers, media_type="font/woff2")
        await response(scope, receive, send)
