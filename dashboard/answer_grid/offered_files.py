"""Files that a page offers, each made when it is fetched, at an address that stays while the page is drawn anew.

Streamlit's own address of such a file is void as soon as the page is drawn again: whoever clicks in that moment gets
an error, and whoever else has logged in can open the file that came of it. Owns the addresses; each opens only for
the login that it was offered to, and ends with the session that it was offered in. Imports no Streamlit.
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
"""The file, whole or piece by piece: then it may be of any size."""
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(eq=False, slots=True, weakref_slot=True)
class OfferedFile:
    """One file; whoever offers it holds it as long as it shall be had."""

    make: Make
    """May raise `RecordError` and `ValueError`: the sentence is then sent in place of the file."""
    name: str
    media_type: str
    who: str = ""
    """Whose login it is offered to; empty where nobody logs in."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def url(self) -> str:
        """Where the file is, relative to the app."""
        return f"api/v1/files/{self.token}"


_offered: WeakValueDictionary[str, OfferedFile] = WeakValueDictionary()


def offer(make: Make, name: str, media_type: str, who: str = "") -> OfferedFile:
    """A file that can be fetched while the result is held."""
    made = OfferedFile(make, name, media_type, who)
    _offered[made.token] = made
    return made


async def serve(request: Request) -> Response:
    """The file that was offered under this token, as it is now."""
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
    """What is made, with its first piece: what cannot be made at all is said in place of a file."""
    made = make()
    if isinstance(made, str | bytes):
        return made
    first = next(made, b"")
    return chain((first,), made)


def _sent(pieces: Iterator[bytes], admitted: Callable[[], bool]) -> Iterator[bytes]:
    """Until the login ends, or the record: then it is broken off."""
    try:
        for piece in pieces:
            if server.stops() or not admitted():
                raise BrokenOffError
            yield piece
    except (RecordError, ValueError) as exc:
        raise BrokenOffError from exc


def routes() -> list[Route]:
    """The route to hand to the app."""
    return [Route("/api/v1/files/{token}", serve)]
