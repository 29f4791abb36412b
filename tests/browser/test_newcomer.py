"""The first minute of somebody without a key: what is loaded, one click, and a real model's answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from providers.builtin import gguf
from tests.browser.conftest import ROOT, Serve
from tests.browser.test_compare import column, open_page, status
from tests.patience import PATIENCE_MS

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
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    return sizes


def test_the_first_page_is_small_and_the_console_stays_silent(page: Page, app: str) -> None:
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("response", lambda r: said.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    sizes = bytes_of(page.context.new_cdp_session(page))
    open_page(page, app)
    expect(page.get_by_text(re.compile("^[23] calls to this computer"))).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < MOST_BYTES
    assert [each for each in said if "inline script" not in each] == []


@pytest.mark.skipif(gguf.shipped() is None, reason="the extra 'embedded' is not installed")
def test_two_clicks_bring_a_real_models_answer_beside_an_n_gram(page: Page, app: str) -> None:
    open_page(page, app)
    page.get_by_role("radio", name="What is the capital of France?").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("What is the capital of France?")
    page.locator(".st-key-run button").click()
    status(page, 0, "complete")
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
    status(page, 0, "complete")
    expect(column(page, 0).locator(".title")).to_be_in_viewport()
    context.close()
