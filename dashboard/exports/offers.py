"""Exports of the record to a browser: offered by a page, fetched at an address that cannot be guessed.

A file is made while it is fetched, so it may be of any size. Refuses what no page has offered. Imports no Streamlit.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import server
from dashboard.admission import visitor_of
from dashboard.answer_grid.download import BrokenOffError, Download
from dashboard.exports.html_report import Entry, reports
from prompts.core.speed import TimeLeft
from prompts.exchange.exporting import Tell, export, stored_runs
from prompts.exchange.formats import FORMATS, FormatName, Note, Selection, check, file_name
from prompts.history.archive import Archive
from prompts.record.database import RecordError
from prompts.record.restore import from_record
from providers.config.connections import Connection
from providers.measuring.measure import monotonic, utc_now

KEPT_OFFERS = 200
"""Offers remembered; a further one takes the place of the oldest."""
OFFERED_S = 3600.0
"""Seconds for which a file can be fetched after it was offered."""
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}


@dataclass(eq=False, slots=True)
class Offer:
    """One file and its progress; written by the thread that makes it, read by the page."""

    archive: Archive
    selection: Selection
    format_name: FormatName
    connections: Mapping[str, Connection]
    runs: int
    token: str
    name: str
    who: str = ""
    """The login it is offered to; empty where no login is configured."""
    dashboard: str = ""
    """The address at which the person opened the dashboard, for links in the file; empty if not known."""
    offered_at: float = field(default_factory=monotonic)
    state: Literal["offered", "under way", "done", "stopped", "failed"] = "offered"
    done: int = 0
    """Runs written so far."""
    size: int = 0
    """Bytes sent so far."""
    problem: str = ""
    note: str = ""
    """What a person should know about the finished file."""
    left: str = ""
    """`, about 2 min left`; empty until it can be estimated."""
    _time_left: TimeLeft = field(init=False)

    def __post_init__(self) -> None:
        self._time_left = TimeLeft(monotonic, self.runs)

    @property
    def url(self) -> str:
        """The file's address, relative to the app."""
        return f"api/v1/exports/{self.token}"

    def stop(self) -> None:
        """Stop writing the file before it is complete."""
        if self.state == "under way":
            self.state = "stopped"

    def pieces(self) -> Iterator[bytes]:
        """The file in pieces. Raises `BrokenOffError` if it was stopped or cannot be finished; `problem` says why."""
        self.state, self.done, self.size, self.note, self.left = "under way", 0, 0, "", ""
        self._time_left = TimeLeft(monotonic, self.runs)
        try:
            for piece in make(
                self.archive, self.selection, self.format_name, self.connections, self._tell, self._say, self.dashboard
            ):  # fmt: skip
                if self.state != "under way":
                    raise BrokenOffError
                self.size += len(piece)
                yield piece
        except (RecordError, ValueError) as exc:
            self.state, self.problem = "failed", str(exc)
            raise BrokenOffError from exc
        except GeneratorExit:
            self.stop()
            raise
        self.state = "done"

    def _tell(self, runs: int) -> None:
        self.done, self.left = runs, self._time_left.said(runs)

    def _say(self, note: str) -> None:
        self.note = note


def make(
    archive: Archive, selection: Selection, format_name: FormatName, connections: Mapping[str, Connection], tell: Tell,
    note: Note = lambda _: None, dashboard: str = "",
) -> Iterator[bytes]:  # fmt: skip
    """The file in pieces. `tell` gets the number of runs written so far. Raises `ExportError` or `RecordError`."""
    if format_name != "html":
        return export(archive, selection, format_name, tell, note, dashboard)
    return _web_page(archive, selection, connections, tell)


def _web_page(
    archive: Archive, selection: Selection, connections: Mapping[str, Connection], tell: Tell
) -> Iterator[bytes]:
    entries = [Entry(run.id, run.created_at, run.prompt) for run in stored_runs(archive, selection)]
    check("html", len(entries))
    runs = (from_record(run) for run in stored_runs(archive, selection))
    for done, piece in enumerate(reports(entries, runs, connections, archive.picture)):
        yield piece.encode(errors="replace")
        tell(min(done, len(entries)))


class Exports:
    """The exports that are on offer."""

    def __init__(self) -> None:
        self._offers: OrderedDict[str, Offer] = OrderedDict()

    def offer(
        self, archive: Archive, selection: Selection, format_name: FormatName,
        connections: Mapping[str, Connection], runs: int, who: str = "", dashboard: str = "",
    ) -> Offer:  # fmt: skip
        """Offer a file of so many `runs`, which the login `who` can fetch within the hour.

        Raises `ExportError` if it cannot be made.
        """
        check(format_name, runs)
        token = secrets.token_urlsafe(32)
        name = file_name(format_name, runs, utc_now().date(), selection.runs[0] if selection.runs else "")
        made = self._offers[token] = Offer(
            archive, selection, format_name, connections, runs, token, name, who, dashboard
        )
        while len(self._offers) > KEPT_OFFERS:
            self._offers.popitem(last=False)
        return made

    async def serve(self, request: Request) -> Response:
        """The file that was offered under this token, or 404; 409 while it is being fetched already."""
        offer, visitor = self._offers.get(request.path_params["token"]), visitor_of(request)
        admitted = visitor.admitted
        if offer is None or not admitted() or offer.who != visitor.who or monotonic() - offer.offered_at > OFFERED_S:
            return PlainTextResponse("This export is no longer offered. Choose Export again.", 404)
        if offer.state == "under way":
            return PlainTextResponse("This export is being made already.", 409)
        headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{offer.name}"'}
        return Download(_sent(offer, admitted), media_type=FORMATS[offer.format_name].media_type, headers=headers)


async def _sent(offer: Offer, admitted: Callable[[], bool]) -> AsyncIterator[bytes]:
    try:
        async for piece in iterate_in_threadpool(offer.pieces()):
            yield piece
            if server.stops() or not admitted():
                offer.stop()
    finally:
        offer.stop()  # does nothing if it is done; otherwise the browser has gone


exports = Exports()
"""The exports of this process."""


def routes() -> list[Route]:
    """The route of exports, for the app."""
    return [Route("/api/v1/exports/{token}", exports.serve)]
