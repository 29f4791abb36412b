"""The routes of answers: one event stream for all columns of a run, a column's raw text, pictures, differences.

Owns the address of a run, the token that must come with it, and the pace. The address alone opens nothing: the
token travels in a header, which no history, log or link keeps, and is bound to a login and to half a day. Ten
updates a second look as good as one for every token and cost a tenth; pictures, which are few, come sooner. A finished
run is served by the same stream: everything at once, then `done`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from dashboard import server
from dashboard.admission import still_admitted, visitor_of
from dashboard.answer_grid.differences import difference_html
from dashboard.answer_grid.feed import Board, Change, Viewer
from dashboard.answer_grid.protocol import ColumnView, RunView
from prompts.core.answer import LIVE
from providers.files.kinds import media_type
from providers.files.remade import with_words

FindRun = Callable[[str], RunView | None]
Stored = Callable[[str], bytes | None]
_SHOWN = frozenset({"image/png", "image/jpeg", "image/webp"})

TICK_S = 0.1
PICTURES_S = 0.02
"""The same where pictures are drawn. Not while a first word is waited for: minutes of that, for each open page, would
cost more than the word gains."""
HEARTBEAT_S = 15.0
AFRESH_S = 5.0
"""Seconds without news after which a run is looked up again: another server may be the one that asks it."""
HEADER = "x-collate-token"
PART_S = 12 * 3600
"""Time is divided into parts of this many seconds; a token is valid to the end of its part and of the next."""
_BOARDS = 16
"""Number of drawn runs kept for the next viewer or reload."""
_SECRET = secrets.token_bytes(32)
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}


def token(run_id: str, who: str = "", at: float | None = None) -> str:
    """The token that a viewer must send along with the address of this run.

    `who`: the login it is for, as `logins.visitor` gives it; empty where no login is configured. `at`: the time of
    issue, as of `time.time`; `None` is now. Valid for half a day to a day, while this process lives.
    """
    part = int((time.time() if at is None else at) // PART_S)
    return f"{part}.{_signed(run_id, who, part)}"


def shows(shown: str, run_id: str, who: str, now: float) -> bool:
    """Whether `shown` is a token for this run and this login that has not expired."""
    this = int(now // PART_S)
    return any(
        hmac.compare_digest(shown.encode(), f"{part}.{_signed(run_id, who, part)}".encode())
        for part in (this, this - 1)
    )


def _signed(run_id: str, who: str, part: int) -> str:
    return hmac.new(_SECRET, json.dumps([run_id, who, part]).encode(), hashlib.sha256).hexdigest()


def events_url(run_id: str) -> str:
    """The address of a run's event stream, relative to the app."""
    return f"api/v1/runs/{run_id}/events"


def routes(find_run: FindRun, stored: Stored = lambda _: None) -> list[Route]:
    """The routes of answers, for the app. `find_run` and `stored` may read a database: they run in worker threads.

    `stored` gives the bytes of a picture that is not in memory, by its digest; `None` if there is none.
    """
    handlers = _Answers(find_run, stored)
    return [
        Route("/api/v1/runs/{run_id}/events", handlers.events),
        Route("/api/v1/runs/{run_id}/text/{column:int}", handlers.text),
        Route("/api/v1/runs/{run_id}/picture/{column:int}/{digest}", handlers.picture),
        Route("/api/v1/runs/{run_id}/difference/{base:int}/{other:int}", handlers.difference),
    ]


class _Answers:
    """Answers the requests about a run, for whoever sends its token."""

    def __init__(self, find_run: FindRun, stored: Stored) -> None:
        self._find_run, self._stored = find_run, stored
        self._boards: OrderedDict[str, Board] = OrderedDict()

    async def events(self, request: Request) -> Response:
        """The event stream of all columns; resumes after the cursor in `Last-Event-ID` or `after`."""
        run = await self._find(request)
        if run is None:
            return _not_found()
        board = self._board(run)
        cursor = request.headers.get("last-event-id") or request.query_params.get("after")
        run_id = request.path_params["run_id"]
        stream = _events(
            board, Viewer(board, cursor), still_admitted(request), lambda: run_in_threadpool(self._find_run, run_id)
        )
        return StreamingResponse(stream, media_type="text/event-stream", headers=_HEADERS)

    async def text(self, request: Request) -> Response:
        """The raw text of one column; with `after`, only what follows that many characters."""
        run = await self._find(request)
        column, after = request.path_params["column"], request.query_params.get("after", "0")
        if run is None or column >= len(run.columns) or not re.fullmatch("[0-9]{1,12}", after):
            return _not_found()
        return PlainTextResponse(_text(run.columns[column])[int(after) :].encode(errors="replace"), headers=_HEADERS)

    async def picture(self, request: Request) -> Response:
        """One picture of a column, as re-encoded on arrival.

        With `save` in the query: as a PNG file that says how it was made. With `whole`: the file with all frames of
        an animated picture.

        Serves only pictures that the column names: a digest alone opens nothing.
        """
        run = await self._find(request)
        column, digest = request.path_params["column"], request.path_params["digest"]
        if run is None or column >= len(run.columns):
            return _not_found()
        view = run.columns[column]
        known = next((each for each in view.pictures if digest and each.sha256 == digest), None)
        if known is None or known.media_type not in _SHOWN:
            return _not_found()
        whole = "whole" in request.query_params
        digest = known.moving if whole else digest
        data = digest and (view.content(digest) or await run_in_threadpool(self._stored, digest))
        if not data:
            return _not_found()
        headers = {**_HEADERS, "Content-Encoding": "identity"}  # packed as it is: nothing is gained by packing it again
        if whole:  # offered as a download only: this file was not re-encoded, so none of our pages displays it
            kind = media_type(data) or "application/octet-stream"
            named = f"collate-{run.id[:8]}-{column + 1}.{kind.rpartition('/')[2]}"
            return Response(
                data, media_type=kind, headers={**headers, "Content-Disposition": f'attachment; filename="{named}"'}
            )
        if "save" not in request.query_params:
            return Response(data, media_type=known.media_type, headers=headers)
        data = await run_in_threadpool(with_words, data, view.made_from(known))
        headers["Content-Disposition"] = f'attachment; filename="collate-{run.id[:8]}-{column + 1}.png"'
        return Response(data, media_type="image/png", headers=headers)

    async def difference(self, request: Request) -> Response:
        """How the answer of one column differs from another's, as HTML; 409 while one of them is still answering."""
        run = await self._find(request)
        numbers = request.path_params["base"], request.path_params["other"]
        if run is None or max(numbers) >= len(run.columns):
            return _not_found()
        base, other = (run.columns[number] for number in numbers)
        if base.status in LIVE or other.status in LIVE:
            return PlainTextResponse("One of the two is still answering.", 409, headers=_HEADERS)
        html = await run_in_threadpool(difference_html, _text(base), _text(other))
        return HTMLResponse(html.encode(errors="replace"), headers=_HEADERS)

    async def _find(self, request: Request) -> RunView | None:
        run_id = request.path_params["run_id"]
        visitor, shown = visitor_of(request), request.headers.get(HEADER, "")
        if not shows(shown, run_id, visitor.who, time.time()) or not visitor.admitted():
            return None
        return await run_in_threadpool(self._find_run, run_id)

    def _board(self, run: RunView) -> Board:
        board = self._boards.get(run.id)
        if board is None or not board.shows(run):
            board = self._boards[run.id] = Board(run)
        self._boards.move_to_end(run.id)
        while len(self._boards) > _BOARDS:
            self._boards.popitem(last=False)
        return board


def _text(column: ColumnView) -> str:
    return "".join(column.text_parts)


def _not_found() -> Response:
    return PlainTextResponse("There is no such run, or its page must be reloaded.", 404)


async def _events(
    board: Board, viewer: Viewer, admitted: Callable[[], bool], find: Callable[[], Awaitable[RunView | None]]
) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    loop = asyncio.get_running_loop()
    heard = looked = loop.time()
    # Before it tells the app to stop, uvicorn waits for every open response: without this check, a live stream would
    # delay the stop for as long as the run lasts.
    while not server.stops() and admitted():
        more = False
        finished = board.drained  # read before the last look at the columns, so that nothing is missed
        batch: list[Change] = []
        for column in range(len(board.run.columns)):
            change, column_more = viewer.changes(column)
            more = more or column_more
            if change:
                batch.append(change)
            await asyncio.sleep(0)  # between two columns, others have their turn
        if batch:
            data = json.dumps(batch, ensure_ascii=False, separators=(",", ":"))
            yield f"id: {viewer.cursor}\ndata: {data}\n\n".encode(errors="replace")
            heard = loop.time()
        elif finished:
            yield b"event: done\ndata: 1\n\n"
            return
        elif loop.time() - heard > HEARTBEAT_S:
            yield b": still here\n\n"
            heard = loop.time()
        if not batch and loop.time() - looked > AFRESH_S:
            looked = loop.time()
            now = await find()
            # Another server asks this run, so this board is an old copy from the record: end, and the browser
            # reconnects to a fresh one.
            if now is not None and not board.shows(now):
                return
        pause = PICTURES_S if board.run.draws else TICK_S
        await asyncio.sleep(0 if more or board.drained else pause)
