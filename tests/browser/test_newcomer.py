"""Newcomers: the first minute without a key, what it loads and what it brings; and a record of 300 runs."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from prompts.record.database import open_database
from providers.builtin import gguf
from tests.browser.conftest import ROOT, Serve
from tests.browser.test_axe import PAGES
from tests.browser.test_compare import column, open_page, status
from tests.patience import PATIENCE_MS
from tests.prompts.history.made import NOON, Answer, put

ANSWERED = re.compile("complete|cut")
"""A real model draws its words: an answer may end at its limit."""

QUESTION = "What is the capital of France? Answer in one sentence."
MOST_BYTES = 1_000_000
"""Of the first load, compressed."""


@pytest.fixture(scope="module")
def app(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = Path(tmp_path_factory.mktemp("newcomer"))
    return serve(ROOT / "dashboard" / "app.py", {
        "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db", "COLLATE_CONFIG": str(folder / "collate.toml"),
        "COLLATE_EMBEDDED": "1",
    })  # fmt: skip


def bytes_of(session: CDPSession) -> list[float]:
    """Grows with what is loaded."""
    sizes: list[float] = []
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    return sizes


def console_of(page: Page) -> list[str]:
    """Grows with every error and warning, and with every request that is refused."""
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("response", lambda r: said.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    return said


def test_the_first_page_is_small_over_a_network_and_the_console_stays_silent(page: Page, app: str) -> None:
    said = console_of(page)
    sizes = bytes_of(page.context.new_cdp_session(page))
    page.set_extra_http_headers({"Via": "1.1 a-proxy"})  # as over a network, where it is packed
    open_page(page, app)
    expect(page.get_by_text(re.compile("^[23] calls to this computer"))).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < MOST_BYTES
    assert said == []


@pytest.mark.parametrize("address", ["", *PAGES])
def test_every_page_opened_directly_leaves_the_console_silent(page: Page, app: str, address: str) -> None:
    said = console_of(page)
    page.goto(f"{app}/{address}")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("heading", level=2).first.wait_for()
    page.wait_for_load_state("networkidle")
    assert said == []


@pytest.mark.skipif(gguf.shipped() is None, reason="the extra 'embedded' is not installed")
def test_two_clicks_bring_a_real_models_answer_beside_an_n_gram(page: Page, app: str) -> None:
    open_page(page, app)
    page.get_by_role("radio", name=QUESTION).click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(QUESTION)
    page.locator(".st-key-run button").click()
    status(page, 0, ANSWERED)
    expect(column(page, 0).get_by_role("heading", name="smollm2-135m")).to_be_visible()
    expect(column(page, 0).locator(".closed")).not_to_be_empty()
    status(page, 1, "complete")
    expect(page.locator(".st-key-best")).to_contain_text("First token")


@pytest.mark.skipif(gguf.shipped() is None, reason="the extra 'embedded' is not installed")
def test_on_a_phone_and_by_keyboard_the_first_answer_is_on_the_first_screen(browser: Browser, app: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    open_page(page, app)
    page.get_by_label("Prompt", exact=True).focus()
    page.keyboard.type("Name three fruits.")
    page.keyboard.press("Control+Enter")
    status(page, 0, ANSWERED)
    expect(column(page, 0).locator(".title")).to_be_in_viewport()
    context.close()


@pytest.fixture(scope="module")
def researcher(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An app whose record holds 300 runs of two models."""
    folder = Path(tmp_path_factory.mktemp("researcher"))
    url = f"sqlite:///{folder}/collate.db"
    engine = open_database(url)
    with engine.begin() as connection:
        for n in range(300):
            said = "**Yes**, it is blue." if n % 100 == 7 else "No."
            put(connection, f"Question {n}", Answer(said), Answer("Perhaps.", "anthropic:claude-sonnet-5-5"),
                at=NOON + timedelta(minutes=n))  # fmt: skip
    engine.dispose()
    config = str(folder / "collate.toml")
    return serve(ROOT / "dashboard" / "app.py", {"COLLATE_DATABASE_URL": url, "COLLATE_CONFIG": config})


def test_a_researcher_finds_three_of_300_runs_and_puts_two_beside_each_other(page: Page, researcher: str) -> None:
    page.goto(f"{researcher}/history")
    expect(page.get_by_text("300 runs, 50 shown", exact=True)).to_be_visible()
    search = page.get_by_placeholder("Search prompts and answers")
    search.fill("blue")
    search.press("Enter")
    expect(page.get_by_text("3 of 300 runs", exact=True)).to_be_visible()
    expect(page.locator(".history-quote").first).to_contain_text("Yes, it is blue.")
    boxes = page.locator(".panel input[type=checkbox][data-tick]")
    for n in (0, 1):
        boxes.nth(n).check()
    page.locator(".st-key-history-compare button:visible").first.click()
    expect(page.locator(".column")).to_have_count(4)
