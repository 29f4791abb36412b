"""What viewers are sent, and who may see it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, get_args

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from dashboard.answer_grid import sse
from dashboard.answer_grid.feed import Board, Change, Viewer, _common
from dashboard.answer_grid.protocol import TONES
from dashboard.answer_grid.security import SecurityHeaders
from prompts.core.answer import LIVE
from prompts.core.format import STATES
from providers.completion import State
from providers.pictures import Picture
from tests.patience import until
from tests.stepped import SteppedClock


@dataclass(frozen=True)
class Trouble:
    message: str = "no"
    next_step: str = "retry"
    without: str | None = "temperature"


@dataclass(eq=False)
class Column:
    title: str = "Model"
    subtitle: str = "a → b"
    status: str = "streaming"
    text_parts: list[str] = field(default_factory=list)
    thinking_parts: list[str] = field(default_factory=list)
    attempt: int = 0
    note: str | None = None
    figures: tuple[tuple[str, str, str], ...] = ()
    problem: Trouble | None = None
    mark: str | None = None
    earlier: tuple[tuple[str, str], ...] = ()
    pictures: tuple[Picture, ...] = ()
    alt: str = "a picture"
    elapsed_s: float | None = None


@dataclass(eq=False)
class Run:
    columns: list[Column]
    id: str = "run-1"

    @property
    def finished(self) -> bool:
        return all(column.status == "complete" for column in self.columns)


class Screen:
    """Does with changes what the component does."""

    def __init__(self, columns: int) -> None:
        self.columns = [{"blocks": [], "tail": "", "thinking": "", "head": None} for _ in range(columns)]

    def apply(self, change: Change | None) -> None:
        if not change:
            return
        shown = self.columns[change["column"]]
        if change.get("reset"):
            shown.update(blocks=[], tail="", thinking="")
        shown["blocks"] += change.get("blocks", [])
        if "tail" in change:
            keep, rest = change["tail"]
            shown["tail"] = shown["tail"].encode("utf-16-le")[: 2 * keep].decode("utf-16-le") + rest
        shown["thinking"] += change.get("thinking", "")
        shown["head"] = change.get("head", shown["head"])

    def html(self, column: int = 0) -> str:
        return "".join(self.columns[column]["blocks"]) + self.columns[column]["tail"]


def still() -> float:
    """A clock by which drawing costs nothing, so that no drawing is put off."""
    return 0.0


def look(viewer: Viewer, screen: Screen, columns: int = 1) -> None:
    for column in range(columns):
        more = True
        while more:
            change, more = viewer.changes(column)
            screen.apply(change)


TEXT = "# Tïtle 😀\n\nSome **bold** text.\n\n1. one\n\n2. two 😀😀\n\n```py\nx = 1\n\ny = '😀'\n```\n\nThe end 😀."


def test_a_viewer_sees_the_answer_grow_to_the_whole() -> None:
    column = Column()
    viewer, screen = Viewer(Board(Run([column]), still)), Screen(1)
    sent = 0
    for character in TEXT:
        column.text_parts.append(character)
        change, _ = viewer.changes(0)
        sent += len(json.dumps(change))
        screen.apply(change)
    column.status = "complete"
    look(viewer, screen)
    whole = Screen(1)
    look(Viewer(Board(Run([column]), still)), whole)
    assert screen.html() == whole.html()
    assert screen.columns[0]["tail"] == ""
    assert screen.columns[0]["head"]["label"] == "Complete"


def test_nothing_is_sent_when_nothing_is_new() -> None:
    viewer = Viewer(Board(Run([Column(text_parts=["a"])]), still))
    assert viewer.changes(0)[0] is not None
    assert viewer.changes(0) == (None, False)


def test_a_long_tail_costs_its_new_characters_only() -> None:
    column = Column(text_parts=["```\n"])
    viewer = Viewer(Board(Run([column]), still))
    sent = 0
    for number in range(500):
        column.text_parts.append(f"line {number}\n")
        sent += len(json.dumps(viewer.changes(0)[0]))
    assert sent < 20 * sum(map(len, column.text_parts))


@pytest.mark.parametrize("at", range(0, len(TEXT), 7))
def test_a_viewer_resumes_where_it_was(at: int) -> None:
    column = Column(text_parts=[TEXT[:at]], thinking_parts=["hm, "])
    run = Run([column])
    board, screen = Board(run, still), Screen(1)
    first = Viewer(board)
    look(first, screen)
    column.text_parts.append(TEXT[at:])
    column.thinking_parts.append("yes")
    column.status = "complete"
    blocks_before = len(screen.columns[0]["blocks"])
    again = Viewer(Board(run, still), first.cursor)  # the first board may have gone
    change, _ = again.changes(0)
    screen.apply(change)
    whole = Screen(1)
    look(Viewer(Board(run, still)), whole)
    assert screen.html() == whole.html()
    assert screen.columns[0]["thinking"] == "hm, yes"
    assert "reset" not in (change or {})
    assert len((change or {}).get("blocks", [])) == len(whole.columns[0]["blocks"]) - blocks_before


def test_a_resumed_viewer_is_told_that_the_tail_it_shows_is_gone() -> None:
    column = Column(text_parts=["```\na\n```\n"])
    change, _ = Viewer(Board(Run([column]), still), "0.1.0").changes(0)
    assert change is not None
    assert change["tail"] == (0, "")


@pytest.mark.parametrize("cursor", ["", "x", "0.0.0,0.0.0", "0.99.0", "7.0.0", "0.-1.0", "0.0", "9" * 5000])
def test_a_cursor_that_does_not_fit_starts_over(cursor: str) -> None:
    viewer = Viewer(Board(Run([Column(text_parts=["a\n\nb"], status="complete")]), still), cursor)
    change, _ = viewer.changes(0)
    assert change is not None
    assert change["reset"]
    assert len(change["blocks"]) == 2


def test_a_new_attempt_starts_over() -> None:
    column = Column(text_parts=["old\n\nold"], status="complete")
    viewer, screen = Viewer(Board(Run([column]), still)), Screen(1)
    look(viewer, screen)
    column.text_parts, column.status = ["new"], "streaming"
    column.attempt = 1
    look(viewer, screen)
    assert screen.html() == "<p>new</p>\n"
    assert screen.columns[0]["head"]["live"]


def test_a_final_status_is_told_with_the_last_text() -> None:
    column = Column(text_parts=["word " * 5000], status="complete")
    viewer = Viewer(Board(Run([column]), still))
    change, more = viewer.changes(0)
    assert more
    assert change is not None
    assert change["head"]["live"]
    while more:
        change, more = viewer.changes(0)
    assert change is not None
    assert not change["head"]["live"]


def test_thinking_is_said_while_there_is_no_answer() -> None:
    column = Column(thinking_parts=["hm"])
    viewer, screen = Viewer(Board(Run([column]), still)), Screen(1)
    look(viewer, screen)
    assert screen.columns[0]["head"]["label"] == "Thinking"
    column.text_parts.append("a")
    look(viewer, screen)
    assert screen.columns[0]["head"]["label"] == "Answering"


def test_an_open_block_that_is_dear_to_draw_is_drawn_less_often() -> None:
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 0.005  # each look at the clock is 5 ms on, so each drawing costs 5 ms
        return now

    column = Column()
    viewer = Viewer(Board(Run([column]), clock))
    drawn = 0
    for _ in range(100):
        column.text_parts.append("a")
        drawn += "tail" in (viewer.changes(0)[0] or {})
    assert 2 <= drawn <= 5


def test_two_viewers_share_one_drawing() -> None:
    column = Column(text_parts=["a\n\nb"])
    board = Board(Run([column]), still)
    one, _ = Viewer(board).changes(0)
    two, _ = Viewer(board).changes(0)
    assert one is not None
    assert two is not None
    assert one["blocks"][0] is two["blocks"][0]


def test_every_state_has_its_words() -> None:
    assert set(get_args(State)) | LIVE == set(TONES) == set(STATES)


@pytest.mark.parametrize(
    ("a", "b", "n"), [("", "", 0), ("a", "", 0), ("abc", "abd", 2), ("abc", "abcd", 3), ("x", "y", 0)]
)
def test_the_common_beginning(a: str, b: str, n: int) -> None:
    assert _common(a, b) == n


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


async def test_a_live_stream_does_not_hold_up_a_server_that_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse.server, "stops", lambda: True)
    run = Run([Column(text_parts=["a"])])
    async with client(run) as http:
        response = await http.get("/" + sse.events_url(run.id), headers=shown(run.id))
    assert "done" not in response.text


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


def test_earlier_turns_come_once_and_before_the_answer() -> None:
    column = Column(text_parts=["now"], earlier=(("user", "**why**"), ("assistant", "**so**")))
    viewer, seen = Viewer(Board(Run([column]), still)), list[Change]()
    for n in range(4):
        change, _ = viewer.changes(0)
        seen += [change] if change else []
        column.note = f"head {n}"
    first, *others = seen
    assert first["reset"]
    assert first["earlier"] == [
        ("You", '<pre class="plain">**why**</pre>\n'), ("Answer", "<p><strong>so</strong></p>\n"),
    ]  # fmt: skip
    assert first["tail"] == (0, "<p>now</p>\n")
    assert ["earlier" in change for change in others] == [False, False]


def test_a_mark_is_part_of_the_head() -> None:
    change, _ = Viewer(Board(Run([Column(mark="differs: seed 4")]), still)).changes(0)
    assert change is not None
    assert change["head"]["mark"] == "differs: seed 4"


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
    async with client(Run([Column()])) as http:
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
