"""A picture in a browser: drawn without a key, looked at, saved, and found again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Serve
from tests.browser.test_compare import open_page

APP = ROOT / "dashboard" / "app.py"


@pytest.fixture(scope="module")
def app(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("data")
    return serve(
        APP,
        {"COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db", "COLLATE_CONFIG": str(folder / "collate.toml")},
    )


def test_a_picture_is_drawn_zoomed_shown_alone_saved_and_found_again(page: Page, app: str) -> None:
    open_page(page, app)
    page.get_by_text("Images", exact=True).click()
    expect(page.get_by_role("heading", name="Let several models draw one prompt")).to_be_visible()
    field = page.get_by_placeholder("What do you want to see?")
    field.fill("a circle")
    field.press("Control+Enter")
    drawn = page.locator('figure[data-partial="false"] img')
    expect(drawn).to_have_attribute("alt", re.compile("Picture by Built-in shapes.*a circle"))
    expect(drawn).to_have_js_property("naturalWidth", 512)
    page.get_by_role("button", name="Larger").click()
    expect(page.get_by_text("150 %")).to_be_visible()
    frame = page.locator(".frame")
    assert frame.evaluate("it => [it.clientWidth, it.scrollWidth / it.clientWidth]") == [448, 1.5]
    middle = "it => [it.scrollLeft + it.clientWidth / 2, it.scrollTop + it.clientHeight / 2]"
    assert frame.evaluate(f"it => ({middle})(it).map(at => at / it.scrollWidth)") == [0.5, 0.5], "it stays there"
    assert frame.evaluate("it => it.clientHeight") == 448, "what is below stays where it is"
    drawn.click()
    alone = page.locator("dialog.alone")
    expect(alone.locator("img")).to_have_js_property("naturalWidth", 512)
    expect(alone.get_by_text("1 of 1")).to_be_visible()
    page.keyboard.press("Escape")
    expect(alone).to_be_hidden()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download", exact=True).click()
    assert saved.value.suggested_filename.endswith(".png")
    page.mouse.move(0, 0)
    expect(page.locator(".grid.over")).to_be_attached()  # it is seen whole then too
    assert page.locator(".column .answer").first.evaluate("it => it.scrollHeight <= it.clientHeight + 1")
    page.reload()
    expect(drawn).to_have_js_property("naturalWidth", 512)


def test_a_size_of_ones_own_can_be_written_and_what_is_none_is_said(page: Page, app: str) -> None:
    open_page(page, app)
    page.get_by_text("Images", exact=True).click()
    expect(page.get_by_role("heading", name="Let several models draw one prompt")).to_be_visible()
    page.get_by_role("button", name="Parameters").click()
    size = page.get_by_role("combobox", name="Size")
    size.fill("big")
    page.get_by_role("option", name="Add: big").click()
    expect(page.get_by_text("big is no size, so none is sent.")).to_be_visible()
    size.fill("256 × 256")
    page.get_by_role("option", name="Add: 256 × 256").click()
    expect(size).to_have_value("256x256")
    page.keyboard.press("Escape")
    field = page.get_by_placeholder("What do you want to see?")
    field.fill("a circle")
    field.press("Control+Enter")
    expect(page.locator('figure[data-partial="false"] img')).to_have_js_property("naturalWidth", 256)
