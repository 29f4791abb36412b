"""The answer grid in a real browser, under the policy it ships with."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

APP = Path(__file__).parent / "answer_grid_app.py"
COLUMNS = 8


class Serve(Protocol):
    def __call__(self, app: Path, env: dict[str, str] | None = None) -> str: ...


class Beacons(ThreadingHTTPServer):
    """A server elsewhere that nobody should ever reach."""

    asked: list[str]


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Beacons]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...

    server = Beacons(("127.0.0.1", 0), Handler)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def app(serve: Serve, elsewhere: Beacons, go_on: Path) -> str:
    elsewhere_url = f"http://127.0.0.1:{elsewhere.server_port}"
    return serve(APP, {"GRID_ELSEWHERE": elsewhere_url, "GRID_RATE": "140", "GRID_GO_ON": str(go_on)})


def column(page: Page, number: int) -> Locator:
    return page.locator(f'.column[data-column="{number}"]')


def answer(page: Page, number: int) -> Locator:
    return column(page, number).locator(".answer")


def said(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(re.compile("^said: "))).to_contain_text(words)


def test_eight_answers_stream_side_by_side_and_end(page: Page, app: str, go_on: Path) -> None:
    page.goto(f"{app}/?run=held-eight")
    expect(page.locator(".column")).to_have_count(COLUMNS)
    for number in range(COLUMNS):
        expect(column(page, number)).to_have_attribute("data-status", "answering")
    (go_on / "held-eight").touch()
    for number in range(COLUMNS):
        expect(column(page, number)).to_have_attribute("data-status", "complete")
        expect(answer(page, number)).to_contain_text("is free.")
        expect(answer(page, number).locator("math").first).to_be_visible()
        expect(column(page, number).locator("dd").first).to_have_text("0.42 s")
    assert len({answer(page, number).locator(".closed").inner_html() for number in range(COLUMNS)}) == 1
    said(page, "said: done")
    expect(page.locator(".unseen")).to_contain_text("Complete")


def test_stop_reaches_python_and_only_that_column(page: Page, app: str) -> None:
    page.goto(f"{app}/?run=held-stop")
    expect(column(page, 3)).to_have_attribute("data-status", "answering")
    column(page, 3).get_by_role("button", name="Stop").click()
    expect(column(page, 3)).to_have_attribute("data-status", "stopped")
    said(page, "stop 3")
    expect(column(page, 0)).to_have_attribute("data-status", "answering")
    expect(answer(page, 3)).to_contain_text("Choosing")
    expect(column(page, 3).get_by_role("button", name="Stop")).to_be_hidden()


def test_a_reload_shows_everything_again_exactly_once(page: Page, app: str) -> None:
    page.goto(f"{app}/?run=stream-reload")
    expect(answer(page, 0).locator("pre[data-lang]").first).to_be_visible()
    page.reload()
    expect(column(page, 0)).to_have_attribute("data-status", "complete")
    expect(answer(page, 0).get_by_role("heading", name="Choosing a sort")).to_have_count(1)
    expect(answer(page, 0).locator("pre[data-lang]")).to_have_count(1)


def test_a_lost_connection_resumes_where_it_was(page: Page, app: str) -> None:
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url) if urlsplit(each.url).path.endswith("/events") else None)
    page.goto(f"{app}/?run=stream-cut")
    for number in range(COLUMNS):
        expect(column(page, number)).to_have_attribute("data-status", "complete")
        expect(answer(page, number).get_by_role("heading", name="Choosing a sort")).to_have_count(1)
        expect(answer(page, number)).to_contain_text("is free.")
    first, second = (parse_qs(urlsplit(url).query).get("after") for url in asked)
    assert first is None
    assert second is not None


def test_hostile_markup_reaches_nothing_elsewhere(page: Page, app: str, elsewhere: Beacons) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    page.goto(f"{app}/?run=hostile")
    expect(column(page, 0)).to_have_attribute("data-status", "complete")
    expect(answer(page, 0).locator(".chip").first).to_have_text("[image: secret — 127.0.0.1]")
    expect(answer(page, 0)).to_contain_text("<iframe src=")
    page.wait_for_load_state("networkidle")
    assert elsewhere.asked == []
    assert [url for url in asked if not url.startswith((app, "data:", "blob:"))] == []
    expect(answer(page, 0).locator("img, script, style, iframe, link, base")).to_have_count(0)


def test_a_failed_column_says_what_to_do_and_does_it(page: Page, app: str) -> None:
    page.goto(f"{app}/?run=failed-one")
    problem = column(page, 0).locator(".problem")
    expect(problem).to_contain_text("does not support 0.3")
    expect(problem).to_contain_text("run without it")
    problem.get_by_role("button", name="Run without temperature").click()
    expect(column(page, 0)).to_have_attribute("data-status", "answering")
    expect(problem).to_be_hidden()
    said(page, "without 0 temperature")
    expect(column(page, 0)).to_have_attribute("data-status", "complete")
    said(page, "done")
    column(page, 0).get_by_role("button", name="Retry").click()
    expect(column(page, 0)).to_have_attribute("data-status", "answering")
    said(page, "retry 0")


def test_a_finished_run_opens_at_its_beginning_and_says_nothing(page: Page, app: str) -> None:
    page.goto(f"{app}/?run=finished-quiet")
    expect(column(page, 2)).to_have_attribute("data-status", "complete")
    assert answer(page, 0).evaluate("element => element.scrollTop") == 0
    expect(page.get_by_text("said:")).to_have_text("said:")
    expect(page.locator(".unseen")).to_be_empty()


def test_the_raw_text_is_one_click_away(page: Page, app: str) -> None:
    page.goto(f"{app}/?run=finished-raw")
    expect(column(page, 0)).to_have_attribute("data-status", "complete")
    raw = column(page, 0).get_by_role("button", name="Raw")
    raw.click()
    expect(answer(page, 0).locator(".raw")).to_contain_text("**Merge sort** is *stable*")
    expect(raw).to_have_attribute("aria-pressed", "true")
    expect(answer(page, 0).locator(".closed")).to_be_hidden()
    raw.click()
    expect(answer(page, 0).locator(".closed")).to_be_visible()


def test_copy_takes_the_raw_text(page: Page, context: BrowserContext, app: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{app}/?run=finished-copy")
    expect(column(page, 0)).to_have_attribute("data-status", "complete")
    column(page, 0).get_by_role("button", name="Copy").click()
    expect(column(page, 0).get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("## Choosing a sort")


def test_an_answer_stays_at_its_beginning_until_its_reader_goes_to_its_end(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 500})
    page.goto(f"{app}/?run=stream-scroll")
    bottom = "element => element.scrollHeight - element.scrollTop - element.clientHeight"
    to_end = "element => { element.scrollTop = element.scrollHeight }"
    for number in (0, 1):
        expect(answer(page, number).locator("pre[data-lang]").first).to_be_visible()
        answer(page, number).evaluate(to_end)
    answer(page, 1).evaluate("element => { element.scrollTop = 0 }")
    expect(answer(page, 1)).to_contain_text("heapsort")
    for number in (0, 1, 2):
        expect(column(page, number)).to_have_attribute("data-status", "complete")
    assert answer(page, 0).evaluate(bottom) < 40
    assert answer(page, 1).evaluate("element => element.scrollTop") == 0
    assert answer(page, 2).evaluate("element => element.scrollTop") == 0


@pytest.mark.parametrize(("width", "columns"), [(360, 1), (900, 2), (1440, 4)])
def test_columns_fit_the_screen(page: Page, app: str, width: int, columns: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{app}/?run=gallery")
    expect(page.locator(".column")).to_have_count(COLUMNS)
    lefts = {round(column(page, number).evaluate("e => e.getBoundingClientRect().left")) for number in range(COLUMNS)}
    assert len(lefts) == columns
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert column(page, 0).evaluate("e => e.scrollWidth <= e.clientWidth")


def test_a_long_answer_fades_where_it_goes_on_and_more_shows_all_of_it(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 500})
    page.goto(f"{app}/?run=finished-more")
    expect(column(page, 0)).to_have_attribute("data-status", "complete")
    more, body = column(page, 0).locator(".tools [aria-expanded]"), column(page, 0).locator(".body")
    expect(more).to_have_text("More")
    expect(body).to_have_attribute("data-goes-on", "")
    more.click()
    expect(more).to_have_text("Less")
    expect(body).not_to_have_attribute("data-goes-on", "")
    assert answer(page, 0).evaluate("element => element.scrollHeight <= element.clientHeight")
    more.click()
    answer(page, 0).evaluate("element => { element.scrollTop = element.scrollHeight }")
    expect(body).not_to_have_attribute("data-goes-on", "")


def test_a_failed_answer_offers_no_thumbs_and_nothing_is_said_to_be_unfinished(page: Page, app: str) -> None:
    page.goto(f"{app}/?run=failed-thumbs")
    expect(column(page, 0).locator(".problem")).to_be_visible()
    for name in ("Good answer", "Poor answer", "Best answer"):
        expect(column(page, 0).get_by_role("button", name=name, exact=True)).to_be_hidden()
    expect(page.get_by_text("None finished yet")).to_have_count(0)
