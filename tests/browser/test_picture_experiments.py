"""An experiment of pictures in a real browser: the ladder by one click, its matrix, two cells, the report, a vote."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Serve
from tests.browser.test_exchange import settings
from tests.browser.test_experiments import idle, press
from tests.browser.test_vote import enter

APP = ROOT / "dashboard" / "app.py"


@pytest.fixture(scope="module")
def app(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    return serve(APP, settings(tmp_path_factory.mktemp("drawn")))


def test_the_ladder_from_one_click_to_a_report_that_opens_anywhere(page: Page, app: str, tmp_path: Path) -> None:
    page.goto(f"{app}/experiments")
    press(page, "experiment-run-ladder")
    thumbs = page.locator(".matrix .cell img")
    expect(thumbs).to_have_count(24)
    thumbs.first.scroll_into_view_if_needed()
    expect(thumbs.first).to_have_js_property("naturalWidth", 128)
    expect(thumbs.first).to_have_attribute("alt", "Picture by builtin:shapes · 1 vague, case 1")
    idle(page)
    page.locator("#cell-0-1").click()
    page.keyboard.press("d")
    pair = page.locator(".cell-pair img")
    expect(pair).to_have_count(2)
    expect(pair.last).to_have_js_property("naturalWidth", 512)
    expect(page.locator(".again-diff ins").first).to_contain_text("alone in the middle")
    expect(page.locator(".cell-findings").first).to_contain_text("512 × 512 is 1, against 1.")
    page.keyboard.press("Escape")
    expect(pair).to_have_count(0)
    idle(page)
    address = page.url
    page.get_by_role("button", name="Download a report").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="HTML", exact=True).click()
    file = tmp_path / "ladder.html"
    download.value.save_as(file)
    page.goto(file.as_uri())
    figures = page.locator("figure.drawn img")
    expect(figures).to_have_count(24)
    expect(figures.last).to_have_js_property("naturalWidth", 512)
    page.goto(address)
    page.get_by_role("button", name="Vote blind").click()
    expect(page.get_by_text(re.compile("^24 answers of From a vague prompt"))).to_be_visible()
    press(page, "ballot-make")
    page.get_by_label("Your name").wait_for()
    enter(page, page.url, "Ana")
    expect(page.locator(".vote-picture")).to_have_count(2)
    expect(page.locator(".vote-asked")).to_contain_text("shape: ")
