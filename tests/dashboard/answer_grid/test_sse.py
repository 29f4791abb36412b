"""What viewers are sent, and who may see it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Receive, Scope, Send

from dashboard.admission import IN_SCOPE, Visitor
from dashboard.answer_grid import sse
from dashboard.answer_grid.feed import Change, Viewer
from dashboard.answer_grid.security import SecurityHeaders
from tests.dashboard.answer_grid.viewed import Column, Run, Screen, Trouble
from tests.patience import until
from tests.stepped import SteppedClock


def client(*runs: Run) -> httpx.AsyncClient:
    table = {run.id: run for run in runs}
    app = Starlette(routes=sse.routes(table.get), middleware=[Middleware(SecurityHeaders)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


def shown(run_id: str, **about: Any) -> dict[str, str]:
    """What a page shows beside the address."""
    return {sse.HEADER: sse.token(run_id, **about)}


def events(body: str) -> list[dict[str, str]]:
    blocks = [block for block in body.split("\n\n") if block and not block.startswith((":", "retry"))]
    return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]


async def test_a_finished_run_comes_at_once_and_ends_with_done() -> None:
    run = Run(
        [Column(text_parts=["a\u2028\ud800b\n\nc"], status="complete"), Column(status="complete", problem=Trouble())]
    )
    async with client(run) as http:
        response = await http.get("/" + sse.events_url(run.id), headers=shown(run.id))
    assert response.headers["content-type"].startswith("text/event-stream")
    *changes, done = events(response.text)
    assert done == {"event": "done", "data": "1"}
    screen = Screen(2)
    for event in changes:
        for change in json.loads(event["data"]):
            screen.apply(change)
    assert screen.html() == "<p>a\u2028?b</p>\n<p>c</p>\n"
    assert screen.columns[1]["head"]["problem"] == ["no", "retry", "temperature"]
    assert changes[-1]["id"] == "0.2.0,0.0.0"


async def test_a_live_run_streams_until_it_ends(clock: SteppedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    column, looks = Column(), list[int]()
    run, changes = Run([column]), Viewer.changes

    def look(self: Viewer, number: int) -> tuple[Change | None, bool]:
        looks.append(number)
        return changes(self, number)

    monkeypatch.setattr(Viewer, "changes", look)
    async with client(run) as http:
        streaming = asyncio.create_task(http.get("/" + sse.events_url(run.id), headers=shown(run.id)))
        for seen, piece in enumerate(("Hel", "lo.\n\n", "Bye."), 1):
            await until(lambda seen=seen: len(looks) == seen)
            await clock.idle()
            column.text_parts.append(piece)
            clock.move(sse.TICK_S)
        await until(lambda: len(looks) == 4)
        await clock.idle()
        column.status = "complete"
        clock.move(sse.TICK_S)
        response = await streaming
    assert len(events(response.text)) >= 4
    assert events(response.text)[-2]["id"] == "0.2.0"


@pytest.mark.parametrize(("draws", "looks_in_a_tick"), [(True, 5), (False, 1)], ids=["pictures", "text"])
async def test_pictures_are_looked_for_more_often_than_text(
    draws: bool, looks_in_a_tick: int, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    column, looks = Column(), list[int]()
    run, changes = Run([column], draws=draws), Viewer.changes

    def look(self: Viewer, number: int) -> tuple[Change | None, bool]:
        looks.append(number)
        return changes(self, number)

    monkeypatch.setattr(Viewer, "changes", look)
    async with client(run) as http:
        streaming = asyncio.create_task(http.get("/" + sse.events_url(run.id), headers=shown(run.id)))
        await until(lambda: len(looks) == 1)
        for _ in range(5):
            await clock.idle()
            clock.move(sse.TICK_S / 5)
        await clock.idle()
        assert len(looks) == 1 + looks_in_a_tick
        column.status = "complete"
        clock.move(sse.TICK_S)
        await streaming


async def test_a_live_stream_does_not_hold_up_a_server_that_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse.server, "stops", lambda: True)
    run = Run([Column(text_parts=["a"])])
    async with client(run) as http:
        response = await http.get("/" + sse.events_url(run.id), headers=shown(run.id))
    assert "done" not in response.text


async def test_a_live_stream_ends_with_its_login_and_none_begins_after(monkeypatch: pytest.MonkeyPatch) -> None:
    run, logged_in = Run([Column(text_parts=["a"])]), [True]
    ada = Visitor("ada", lambda: logged_in[0])
    app = Starlette(routes=sse.routes({run.id: run}.get))
    looks = 0

    def stops() -> bool:
        """Asked in each round: after the first the login has ended, and a stream that outlives it ends here."""
        nonlocal looks
        looks += 1
        logged_in[0] = looks == 1
        return looks > 3

    async def for_ada(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, IN_SCOPE: ada}, receive, send)

    monkeypatch.setattr(sse.server, "stops", stops)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(for_ada), base_url="http://test") as http:
        address, headers = "/" + sse.events_url(run.id), shown(run.id, who="ada")
        response = await http.get(address, headers=headers)
        again = await http.get(address, headers=headers)
    assert len(events(response.text)) == 1
    assert looks == 2
    assert again.status_code == 404


@pytest.mark.parametrize("by", ["header", "query"])
async def test_the_stream_resumes_after_what_was_seen(by: str) -> None:
    run = Run([Column(text_parts=["a\n\nb"], status="complete")])
    headers = shown(run.id) | ({"Last-Event-ID": "0.1.0"} if by == "header" else {})
    address = "/" + sse.events_url(run.id) + ("" if by == "header" else "?after=0.1.0")
    async with client(run) as http:
        response = await http.get(address, headers=headers)
    (change,) = json.loads(events(response.text)[0]["data"])
    assert change["blocks"] == ["<p>b</p>\n"]
    assert "reset" not in change


async def test_the_raw_text_is_text() -> None:
    run = Run([Column(text_parts=["<b>", "x</b>"])])
    async with client(run) as http:
        response = await http.get(f"/api/v1/runs/{run.id}/text/0", headers=shown(run.id))
        beyond = await http.get(f"/api/v1/runs/{run.id}/text/1", headers=shown(run.id))
    assert response.text == "<b>x</b>"
    assert response.headers["content-type"].startswith("text/plain")
    assert beyond.status_code == 404


@pytest.mark.parametrize(("after", "text"), [("0", "😀 <b>"), ("1", " <b>"), ("99", ""), ("-1", None), ("x", None)])
async def test_the_raw_text_goes_on_where_the_viewer_was(after: str, text: str | None) -> None:
    run = Run([Column(text_parts=["😀 <b>"])])
    async with client(run) as http:
        response = await http.get(f"/api/v1/runs/{run.id}/text/0?after={after}", headers=shown(run.id))
    assert (response.text if response.status_code == 200 else None) == text


async def test_a_difference_is_marked_and_escaped() -> None:
    columns = [Column(text_parts=["<b>one</b> two\ud800"], status="complete"), Column(text_parts=["<b>1</b> two"])]
    run = Run(columns)
    async with client(run) as http:
        address, headers = f"/api/v1/runs/{run.id}/difference/", shown(run.id)
        early = await http.get(address + "0/1", headers=headers)
        columns[1].status = "complete"
        found = await http.get(address + "0/1", headers=headers)
        beyond = await http.get(address + "0/2", headers=headers)
    assert (early.status_code, beyond.status_code) == (409, 404)
    assert found.headers["content-type"].startswith("text/html")
    assert "&lt;b&gt;<del>" in found.text
    assert "<b>" not in found.text


BAD_TOKENS = {
    "none": None, "empty": "", "nonsense": "x", "of another run": sse.token("another"),
    "without its day": sse.token("run-1").partition(".")[2], "cut": sse.token("run-1")[:-1],
    "of somebody who has logged in": sse.token("run-1", who="somebody"), "expired": sse.token("run-1", at=0),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD_TOKENS)
@pytest.mark.parametrize("where", ["header", "address"])
@pytest.mark.parametrize("what", ["events", "text/0", "difference/0/0"])
async def test_without_the_runs_own_token_there_is_no_run(what: str, where: str, bad: str) -> None:
    token = BAD_TOKENS[bad]
    query = {name: token for name in ("t", "token", sse.HEADER) if token and where == "address"}
    async with client(Run([Column(status="complete")])) as http:  # so that a stream that is given after all ends
        response = await http.get(
            f"/api/v1/runs/run-1/{what}", params=query, headers={sse.HEADER: token} if token and not query else {}
        )
    assert response.status_code == 404


async def test_the_address_alone_is_worth_nothing() -> None:
    """Whatever a history, a log or a link keeps of a stream opens nothing."""
    async with client(Run([Column(status="complete")])) as http:
        opened = await http.get("/" + sse.events_url("run-1"), headers=shown("run-1"))
        again = await http.get(opened.request.url)
    assert (opened.status_code, again.status_code) == (200, 404)
    assert sse.token("run-1") not in str(opened.request.url)


@pytest.mark.parametrize(("later", "good"), [(0, True), (0.99, True), (1, True), (1.99, True), (2, False), (-1, False)])
def test_a_token_lasts_for_half_a_day_to_a_day(later: float, good: bool) -> None:
    made = 1000 * sse.PART_S
    token = sse.token("run-1", "ada", at=made)
    assert sse.shows(token, "run-1", "ada", made + later * sse.PART_S) is good
    assert not sse.shows(token, "run-1", "bob", made)
    assert not sse.shows(token, "run-2", "ada", made)


async def test_a_token_for_a_run_that_is_not_there_is_no_more_use() -> None:
    async with client() as http:
        assert (await http.get("/" + sse.events_url("gone"), headers=shown("gone"))).status_code == 404


async def test_a_run_that_another_server_asks_is_read_afresh_when_nothing_comes(clock: SteppedClock) -> None:
    """Here it is as the record had it when it was found; whoever looks is sent back to what the record has now."""
    found = [Run([Column(text_parts=["Once "])]), Run([Column(text_parts=["Once upon."], status="complete")])]
    looked = list[Run]()

    def find(_: str) -> Run:
        looked.append(found[0])
        return looked[-1]

    app = Starlette(routes=sse.routes(find))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        address, headers = "/" + sse.events_url("run-1"), shown("run-1")
        streaming = asyncio.create_task(http.get(address, headers=headers))
        while len(looked) < 4:  # still the same one: it goes on
            await until_quiet(clock)
            clock.move(sse.AFRESH_S + 1)
        assert not streaming.done()
        del found[0]
        while not streaming.done():
            clock.move(sse.AFRESH_S + 1)
            await until_quiet(clock)
        first = events((await streaming).text)
        second = events((await http.get(address, params={"after": first[-1]["id"]}, headers=headers)).text)
    assert [event.get("event") for event in first] == [None]
    assert second[-1] == {"event": "done", "data": "1"}
    screen = Screen(1)
    for event in (*first, *second[:-1]):
        for change in json.loads(event["data"]):
            screen.apply(change)
    assert screen.html() == "<p>Once upon.</p>\n"


async def until_quiet(clock: SteppedClock) -> None:
    """What is looked for in a thread comes back when it does."""
    await asyncio.to_thread(lambda: None)
    await clock.idle()
