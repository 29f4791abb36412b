"""The results of an experiment in a real browser, under the policy of the app: matrix, keys, filters, cell, reports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.patience import wait_until

APP = Path(__file__).with_name("results_app.py")


class Serve(Protocol):
    def __call__(self, app: Path) -> str: ...


@pytest.fixture(scope="module")
def app(serve: Serve) -> str:
    return serve(APP)


def opened(page: Page, app: str, query: str = "") -> Locator:
    """The matrix, with the keyboard in it."""
    page.goto(f"{app}/{query}")
    grid = page.get_by_role("grid", name="Cases by side")
    expect(grid.get_by_role("row").nth(1)).to_be_visible()
    grid.focus()
    return grid


def chosen(grid: Locator) -> Locator:
    return grid.locator("[aria-selected]")


def test_the_sentences_stand_first_and_every_rate_has_its_interval(page: Page, app: str) -> None:
    opened(page, app)
    expect(page.get_by_text("openai:gpt-5.1 is better than ollama:llama3.2:", exact=False).first).to_be_visible()
    expect(page.get_by_text("if all were failures the rate would be").first).to_be_visible()
    expect(page.locator('[role="graphics-document"]').first).to_be_visible()


def test_the_keys_move_find_failures_and_open_a_cell(page: Page, app: str) -> None:
    grid = opened(page, app)
    page.keyboard.press("j")
    page.keyboard.press("l")
    expect(chosen(grid)).to_have_attribute("id", "cell-1-1")
    page.keyboard.press("k")
    page.keyboard.press("h")
    expect(chosen(grid)).to_have_attribute("id", "cell-0-0")
    page.keyboard.press("f")
    expect(chosen(grid)).to_have_attribute("data-outcome", "failed")
    page.keyboard.press("?")
    expect(page.get_by_text("next failure")).to_be_visible()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Repeat 2").first).to_be_visible()
    expect(dialog.get_by_text("expected", exact=False).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_what_an_answer_says_does_nothing_to_the_page(page: Page, app: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    grid = opened(page, app, "?find=onerror")
    expect(chosen(grid)).to_contain_text("<script>")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_text("<script>").first).to_be_visible()
    assert page.title() != "owned"
    assert not [url for url in asked if "example.com" in url]


def test_a_filter_and_a_search_are_in_the_address(page: Page, app: str) -> None:
    opened(page, app)
    page.get_by_role("radio", name="Errors").click()
    expect(page.get_by_text("of 40 cases", exact=False)).not_to_contain_text("40 of 40")
    expect(page).to_have_url(re.compile("rows=Errors"))
    grid = opened(page, app, "?find=discount")
    expect(page.get_by_text("8 of 40 cases", exact=False)).to_be_visible()
    expect(chosen(grid)).to_be_visible()


def test_the_difference_from_the_neighbour_opens_with_a_key(page: Page, app: str) -> None:
    opened(page, app)
    page.keyboard.press("d")
    expect(page.get_by_role("dialog").get_by_text("From openai:gpt-5.1 to anthropic:claude-opus-4-5")).to_be_visible()


def test_asking_again_names_the_price_first(page: Page, app: str) -> None:
    opened(page, app)
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("costs about $0.0012", exact=False)).to_be_visible()
    expect(page.get_by_text("asked again: 0", exact=True)).to_be_attached()
    dialog.get_by_role("button", name="Ask 3 answers again").click()
    expect(page.get_by_text("asked again: 3", exact=True)).to_be_attached()


def test_whole_cases_are_selected_and_asked_again_once_the_price_is_named(page: Page, app: str) -> None:
    grid = opened(page, app)
    page.keyboard.press("x")
    expect(page.get_by_text("1 case selected", exact=True)).to_be_visible()
    grid.get_by_role("rowheader").nth(2).click(modifiers=["Shift"])
    expect(page.get_by_text("3 cases selected", exact=True)).to_be_visible()
    grid.get_by_role("rowheader").nth(1).click()
    expect(page.get_by_text("2 cases selected", exact=True)).to_be_visible()
    page.get_by_role("toolbar", name="Selected cases").get_by_role("button", name="Ask again").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Asking 18 answers again costs", exact=False)).to_be_visible()
    expect(dialog.get_by_role("button", name="Ask 18 answers again")).to_be_visible()


def test_of_a_thousand_cases_only_those_in_sight_are_drawn(page: Page, app: str) -> None:
    grid = opened(page, app, "?size=big")
    expect(grid).to_have_attribute("aria-rowcount", "1001")
    page.keyboard.press("End")
    expect(chosen(grid)).to_have_attribute("id", "cell-999-0")
    expect(chosen(grid)).to_be_in_viewport()
    assert grid.get_by_role("row").count() < 60


def test_two_experiments_are_compared_and_flips_are_said_both_ways(page: Page, app: str) -> None:
    opened(page, app)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    choice, earlier = page.get_by_role("combobox", name="Compare with"), page.get_by_role("option", name="Earlier")

    def offered() -> int:
        choice.press("ArrowDown")  # a list that was open is closed where the page is drawn anew
        return earlier.count()

    wait_until(offered)
    earlier.first.click()
    expect(page.get_by_text("30 cases in both", exact=False)).to_be_visible()


def test_a_report_is_one_click_away(page: Page, app: str) -> None:
    opened(page, app)
    page.get_by_role("button", name="Download a report").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="HTML", exact=True).click()
    assert download.value.suggested_filename == "support-mail-2026-11-20.html"
    text = Path(download.value.path()).read_text("utf-8")
    assert "openai:gpt-5.1 is better than ollama:llama3.2" in text
    assert "<script" not in text
