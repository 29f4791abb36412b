"""Files on their way to a browser: only what a page offered, streamed, stopped, and never half without a word."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from openpyxl import load_workbook
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from dashboard.admission import IN_SCOPE, Visitor
from dashboard.exports import offers as module
from dashboard.exports.offers import KEPT_OFFERS, OFFERED_S, BrokenOffError, Exports, Offer
from prompts.exchange.formats import ExportError, FormatName, Selection
from prompts.history.archive import Archive
from prompts.record.database import RecordError, open_database
from providers.config.connections import PRESETS
from tests.prompts.exchange.recorded import fill


@pytest.fixture
async def archive(tmp_path: Path):
    await fill(f"sqlite:///{tmp_path}/c.db", runs=3)
    engine = open_database(f"sqlite:///{tmp_path}/c.db")
    yield Archive(engine)
    engine.dispose()


@pytest.fixture
def offered() -> Exports:
    return Exports()


@pytest.fixture
def client(offered: Exports, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(module, "exports", offered)
    with TestClient(Starlette(routes=module.routes())) as client:
        yield client


def offer(offered: Exports, archive: Archive, form: FormatName = "csv", selection: Selection = Selection()) -> Offer:
    return offered.offer(archive, selection, form, PRESETS, 3)


def test_a_file_is_served_at_its_address(client: TestClient, offered: Exports, archive: Archive) -> None:
    made = offer(offered, archive)
    response = client.get(f"/{made.url}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == f'attachment; filename="{made.name}"'
    assert response.headers["cache-control"] == "no-store"
    assert (made.state, made.done, made.size) == ("done", 3, len(response.content))
    assert client.get(f"/{made.url}").content == response.content, "it may be fetched again"


def test_a_spreadsheet_opens_its_runs_where_it_was_asked_for(
    client: TestClient, offered: Exports, archive: Archive
) -> None:
    made = offered.offer(archive, Selection(), "xlsx", PRESETS, 3, dashboard="http://localhost:8501")
    sheet = load_workbook(io.BytesIO(client.get(f"/{made.url}").content)).active
    assert sheet is not None
    link = sheet.cell(2, sheet.max_column).hyperlink
    assert link is not None
    assert link.target == f"http://localhost:8501/?run={sheet.cell(2, sheet.max_column).value}"


def test_nothing_is_served_that_no_page_offered(client: TestClient, offered: Exports, archive: Archive) -> None:
    made = offer(offered, archive)
    assert len(made.token) >= 40
    assert client.get("/api/v1/exports/anything").status_code == 404
    assert client.get(f"/{made.url[:-1]}").status_code == 404
    for _ in range(KEPT_OFFERS):
        offer(offered, archive)
    assert client.get(f"/{made.url}").status_code == 404


def test_a_web_page_holds_several_runs_with_their_contents(
    client: TestClient, offered: Exports, archive: Archive
) -> None:
    made = offer(offered, archive, "html")
    page = client.get(f"/{made.url}").text
    assert page.count("<!doctype html>") == page.count("<footer") == page.count("<style>") == 1
    assert page.count("<section class='run'") == 3
    for link in (
        f"#run-{run.id}" for run in archive.runs([line.id for line in archive.page(Selection().filter).lines])
    ):
        assert f"href='{link}'" in page
        assert f"id='{link[1:]}'" in page
    assert made.done == 3


def test_stopping_breaks_the_file_off(offered: Exports, archive: Archive) -> None:
    made = offer(offered, archive)
    pieces = made.pieces()
    next(pieces)
    made.stop()
    with pytest.raises(BrokenOffError):
        next(pieces)
    assert made.state == "stopped"


def test_a_browser_that_goes_away_stops_it(offered: Exports, archive: Archive) -> None:
    made = offer(offered, archive)
    pieces = made.pieces()
    next(pieces)
    assert made.state == "under way"
    pieces.close()
    assert made.state == "stopped"


def test_it_is_not_made_twice_at_once(client: TestClient, offered: Exports, archive: Archive) -> None:
    made = offer(offered, archive)
    next(made.pieces())
    made.state = "under way"
    assert client.get(f"/{made.url}").status_code == 409


def test_a_record_that_goes_away_is_said_and_the_file_is_not_whole(
    offered: Exports, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: object) -> tuple[()]:
        raise RecordError("The record is away.")

    made = offer(offered, archive)
    monkeypatch.setattr(archive, "run_rows", away)
    with pytest.raises(BrokenOffError):
        list(made.pieces())
    assert (made.state, made.problem) == ("failed", "The record is away.")


def test_what_cannot_be_made_is_not_offered(offered: Exports, archive: Archive) -> None:
    with pytest.raises(ExportError, match="takes up to 500 runs"):
        offered.offer(archive, Selection(), "html", PRESETS, 501)


def test_a_file_is_for_the_login_it_was_offered_to(offered: Exports, archive: Archive) -> None:
    made = offered.offer(archive, Selection(), "csv", PRESETS, 3, "ada")
    for who, status in (("bob", 404), ("", 404), ("ada", 200)):
        app = Starlette(routes=[Route("/api/v1/exports/{token}", offered.serve)])

        async def as_somebody(scope: Scope, receive: Receive, send: Send, app=app, who=who) -> None:  # type: ignore[no-untyped-def]
            await app({**scope, IN_SCOPE: Visitor(who)}, receive, send)

        with TestClient(as_somebody) as client:
            assert client.get(f"/{made.url}").status_code == status


def test_an_offer_ends_within_the_hour(
    client: TestClient, offered: Exports, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = offer(offered, archive)
    monkeypatch.setattr(module, "monotonic", lambda: made.offered_at + OFFERED_S - 1)
    assert client.get(f"/{made.url}").status_code == 200
    monkeypatch.setattr(module, "monotonic", lambda: made.offered_at + OFFERED_S + 1)
    assert client.get(f"/{made.url}").status_code == 404


def test_an_export_says_how_long_the_rest_takes(
    offered: Exports, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = count(0, 2)
    monkeypatch.setattr(module, "monotonic", lambda: float(next(seconds)))
    made = offer(offered, archive)
    said = [made.left for _ in made.pieces()]
    assert any("s left" in each for each in said), said
    assert made.left == ""
