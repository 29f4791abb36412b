"""A picture of Midjourney from the upload to a blind vote: described, found again, never named before the end."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve
from tests.browser.test_exchange import settings
from tests.browser.test_pictures_journey import APP, draw
from tests.browser.test_vote import all_bytes, enter, finish, idle, listen
from tests.pictures import picture

SEEN = "A lighthouse, half red and half blue"


@pytest.fixture(scope="module")
def app(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    return serve(APP, settings(tmp_path_factory.mktemp("uploaded")))


def test_a_picture_of_midjourney_is_added_described_and_voted_on_blind(page: Page, app: str) -> None:
    draw(page, app, "builtin:shapes")
    drawn = page.locator('figure[data-partial="false"] img')
    expect(drawn).to_have_count(1)
    add(page)
    expect(drawn).to_have_count(2)
    expect(drawn.last).to_have_js_property("naturalWidth", 64)
    expect(drawn.last).to_have_attribute("alt", "Picture by Midjourney for the prompt: A lighthouse at dusk")
    describe(page)
    expect(drawn.last).to_have_attribute("alt", SEEN)
    page.goto(f"{app}/history")
    expect(page.locator(".history-pictures img").last).to_have_attribute("alt", SEEN)
    page.locator(".history-run [data-tick]").check()
    idle(page)
    vote(page)


def add(page: Page) -> None:
    page.get_by_role("button", name="Add a picture made elsewhere").click()
    page.get_by_label("Made with").fill("Midjourney")
    page.get_by_label("Made with").press("Enter")
    page.locator(".st-key-upload-add, [data-testid=stPopoverBody]").locator("input[type=file]").set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": picture("PNG", (64, 48))}
    )
    page.locator(".st-key-upload-add button").click()


def describe(page: Page) -> None:
    page.get_by_role("button", name="Describe").last.click()
    expect(page.get_by_text("Rate, note and describe")).to_be_visible()
    field = page.get_by_role("textbox", name="What the picture shows")
    field.fill(SEEN)
    field.press("Control+Enter")
    page.get_by_role("button", name="Done").click()
    expect(field).to_be_hidden()


def vote(page: Page) -> None:
    """Nothing that comes to the browser tells who drew which, nor what somebody wrote of it, before the names do."""
    page.get_by_role("button", name="Vote blind").click()
    page.locator(".st-key-ballot-make button").click()
    page.get_by_label("Your name").wait_for()
    address, (frames, responses) = page.url, listen(page)
    enter(page, address, "Ana")
    sides = page.locator(".vote-picture")
    expect(sides).to_have_count(2)
    for side in sides.all():
        expect(side).to_have_js_property("naturalWidth", 1024)
    received = all_bytes(page, frames, responses)
    assert not [each for each in (b"idjourney", b"builtin:shapes", SEEN.encode()) if each in received]
    page.keyboard.press("2")
    expect(page.get_by_text("You have seen every pair that can be shown.")).to_be_visible()
    idle(page)
    finish(page)
    expect(page.get_by_text("uploaded:Midjourney").first).to_be_visible()
