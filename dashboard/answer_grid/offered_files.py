"""Files that a page offers for download, each made when it is fetched, at an address that survives a redraw.

Streamlit's own address of such a file becomes invalid as soon as the page is drawn again, so a click at that moment
gets an error; and it opens for anybody who has logged in. Ours opens only for the login that the file was offered
to, and ends with the session that it was offered in. Imports no Streamlit.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from urllib.parse import quote
from weakref import WeakValueDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import server
from dashboard.admission import visitor_of
from dashboard.answer_grid.download import BrokenOffError, Download
from prompts.record.database import RecordError

Make = Callable[[], str | bytes | Iterator[bytes]]
"""Makes the file, whole or as pieces; pieces may be of any total size."""
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(eq=False, slots=True, weakref_slot=True)
class OfferedFile:
    """One file on offer, for as long as somebody holds a reference to this object."""

    make: Make
    """May raise `RecordError` or `ValueError`, whose message is then sent in place of the file (409)."""
    name: str
    media_type: str
    who: str = ""
    """The login it is offered to; empty where no login is configured."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def url(self) -> str:
        """The file's address, relative to the app."""
        return f"api/v1/files/{self.token}"


_offered: WeakValueDictionary[str, OfferedFile] = WeakValueDictionary()


def offer(make: Make, name: str, media_type: str, who: str = "") -> OfferedFile:
    """Offer a file; it can be fetched for as long as the returned object is held."""
    made = OfferedFile(make, name, media_type, who)
    _offered[made.token] = made
    return made


async def serve(request: Request) -> Response:
    """The file that was offered under this token, made now."""
    file, visitor = _offered.get(request.path_params["token"]), visitor_of(request)
    if file is None or file.who != visitor.who or not visitor.admitted():
        return PlainTextResponse("This file is no longer offered. Reload the page.", 404)
    try:
        made = await run_in_threadpool(_begun, file.make)
    except (RecordError, ValueError) as exc:
        return PlainTextResponse(str(exc), 409)
    headers = {**_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
    if isinstance(made, str | bytes):
        return Response(made, media_type=file.media_type, headers=headers)
    return Download(_sent(made, visitor.admitted), media_type=file.media_type, headers=headers)


def _begun(make: Make) -> str | bytes | Iterator[bytes]:
    """The file with its first piece already made, so that one that fails at once gets its error instead of a head."""
    made = make()
    if isinstance(made, str | bytes):
        return made
    first = next(made, b"")
    return chain((first,), made)


def _sent(pieces: Iterator[bytes], admitted: Callable[[], bool]) -> Iterator[bytes]:
    """The pieces; broken off when the server stops, the login ends or making the next piece fails."""
    try:
        for piece in pieces:
            if server.stops() or not admitted():
                raise BrokenOffError
            yield piece
    except (RecordError, ValueError) as exc:
        raise BrokenOffError from exc


def routes() -> list[Route]:
    """The route of these files, for the app."""
    return [Route("/api/v1/files/{token}", serve)]
