"""Repeats in a real browser: the verdict, the points, and paging through what was said."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, Serve


@pytest.fixture(scope="module")
def app(serve: Serve) -> str:
    return serve(ROOT / "tests" / "browser" / "repeats_app.py")


def open_run(page: Page, app: str, name: str) -> None:
    """The first page of a fresh server may take its time on a busy machine."""
    page.goto(f"{app}/?run={name}")
    page.locator("[data-testid='stHeading'], [data-testid='stAlert']").first.wait_for()


def card(page: Page, name: str) -> Locator:
    return page.get_by_label(f"Answers of {name}")


def test_one_asking_teaches_how_to_ask_again_and_shows_no_spread(page: Page, app: str) -> None:
    open_run(page, app, "once")
    expect(page.get_by_text("Each model was asked once")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(0)


def test_a_verdict_follows_the_chosen_figure(page: Page, app: str) -> None:
    open_run(page, app, "two")
    verdict = page.get_by_label("Verdicts")
    expect(verdict).to_contain_text("Too few repeats to compare")
    expect(verdict).to_contain_text("Below 6 no verdict is possible.")
    expect(verdict).to_contain_text(" s against ")
    expect(page.get_by_text("2 warm-up calls are left out here")).to_be_visible()
    page.get_by_role("radio", name="Cost").click()
    expect(verdict).to_contain_text("$")
    expect(page.locator("[data-testid='stVegaLiteChart'] .marks")).to_be_visible()


def test_each_point_says_how_it_was_measured(page: Page, app: str) -> None:
    open_run(page, app, "two")
    points = page.locator("[data-testid='stVegaLiteChart'] .mark-symbol path[aria-roledescription='point']")
    expect(points).to_have_count(10)
    points.first.hover()
    told = page.locator("#vg-tooltip-element")
    expect(told).to_contain_text("repeat 1 of 5")
    expect(told).to_contain_text("first call of this session, opened a new connection")


def test_distinct_answers_are_paged_most_frequent_first_and_never_run(page: Page, app: str) -> None:
    open_run(page, app, "three")
    short = card(page, "openai:gpt-5.4-mini")
    expect(short).to_contain_text("4 of 5 said the same: 42")
    expect(short.locator(".rep-answer")).to_have_text("42")
    page.get_by_test_id("stPagination").first.get_by_role("button", name="Page 2").click()
    expect(short.locator(".rep-answer")).to_have_text("41")
    expect(card(page, "anthropic:claude-haiku-4-5").locator(".rep-answer pre")).to_have_text("print('rain')\n")
    odd = card(page, "builtin:ngram-3")
    expect(odd).to_contain_text("All 5 differ")
    expect(odd.locator(".rep-answer")).to_contain_text("<img src=x onerror=alert(1)> one")
    expect(odd.locator("img")).to_have_count(0)


def test_a_repeat_that_failed_is_named_and_its_cost_not_hidden(page: Page, app: str) -> None:
    open_run(page, app, "failing")
    expect(card(page, "openai:gpt-5.4-mini")).to_contain_text("1 of 5 has no answer to compare: failed.")
    expect(card(page, "openai:gpt-5.4-mini")).to_contain_text("3 of 4 said the same")
