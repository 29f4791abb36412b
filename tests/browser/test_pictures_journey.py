"""Pictures of two models, from the prompt to another Collate: previews, slider, blind vote, export, import."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard import state
from tests.browser.conftest import ROOT, Serve
from tests.browser.test_axe import ALL, STREAMLITS_OWN
from tests.browser.test_compare import open_page
from tests.browser.test_exchange import export, settings, take
from tests.browser.test_vote import all_bytes, enter, finish, idle, listen
from tests.pictures import picture
from tests.wire import openai_images
from tests.wire.openai_chat import listing
from tests.wire.server import Reply, WireServer

APP = ROOT / "dashboard" / "app.py"
PROMPT = "A lighthouse at dusk"
MODELS = ("openai:gpt-image-2", "openai:gpt-image-1.5")
DRAWN = {"gpt-image-2": picture("PNG", (96, 96)), "gpt-image-1.5": picture("PNG", (128, 64))}
PREVIEW = picture("PNG", (32, 32))


class Painter:
    """A host that draws: a preview at once, the picture when `finish` is set."""

    def __init__(self) -> None:
        self.finish = threading.Event()

    async def script(self, reply: Reply) -> None:
        preview, whole = openai_images.answer(DRAWN[reply.received.json["model"]], [PREVIEW])
        await reply.head(content_type="text/event-stream")
        await reply.send(preview)
        await asyncio.to_thread(self.finish.wait)
        await reply.send(whole)
        await reply.end()


@pytest.fixture(scope="module")
def painter() -> Iterator[tuple[Painter, WireServer]]:
    made = Painter()
    with WireServer(made.script) as server:
        server.routes["/models"] = listing(*DRAWN)
        yield made, server
        made.finish.set()


@pytest.fixture(scope="module")
def ours(serve: Serve, painter: tuple[Painter, WireServer], tmp_path_factory: pytest.TempPathFactory) -> str:
    return serve(APP, {**settings(tmp_path_factory.mktemp("ours")), "OPENAI_BASE_URL": f"{painter[1].url}/v1"})


@pytest.fixture(scope="module")
def theirs(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    return serve(APP, settings(tmp_path_factory.mktemp("theirs")))


def draw(page: Page, app: str, *targets: str) -> None:
    """Ask these models for a picture; returns before it has come."""
    open_page(page, app)
    page.get_by_text("Images", exact=True).click()
    picker = page.locator(f'[class*="st-key-targets{state.PICTURES.replace("~", "-")}"]').first
    picker.get_by_role("button", name="Clear all").click()
    expect(page.get_by_text("No model is chosen yet.")).to_be_visible()
    for target in targets:
        picker.locator("input").fill(target)
        page.get_by_role("option", name=re.compile(f"^(Add: )?{re.escape(target)}( · .*)?$")).first.click()
    page.keyboard.press("Escape")
    idle(page)
    field = page.get_by_placeholder("What do you want to see?")
    field.fill(PROMPT)
    field.press("Control+Enter")


def test_pictures_of_two_models_from_the_prompt_to_another_collate(
    page: Page, browser: Browser, ours: str, theirs: str, painter: tuple[Painter, WireServer], tmp_path: Path
) -> None:
    draw(page, ours, *MODELS)
    expect(page.locator('figure[data-partial="true"] img')).to_have_count(2)
    expect(page.locator('figure[data-partial="true"] img').first).to_have_js_property("naturalWidth", 32)
    page.locator('figure[data-partial="true"] img').first.evaluate("it => (it.previewed = true)")
    painter[0].finish.set()
    drawn = page.locator('figure[data-partial="false"] img')
    expect(drawn.first).to_have_js_property("naturalWidth", 96)
    expect(drawn.first).to_have_js_property("previewed", True)  # in the same element, so that it is never blank
    expect(drawn.last).to_have_js_property("naturalWidth", 128)
    expect(page.get_by_text("Not drawn alike, so compare with care: size 96 × 96 by")).to_be_visible()
    compare_two(page)
    look_in_history(page, ours)
    vote_blind(page)
    file = tmp_path / "drawn.zip"
    export(page, ours, "JSON Lines with pictures").save_as(file)
    look_offline(page, browser, ours, tmp_path / "report.html")
    page.goto(f"{theirs}/history")
    take(page, file)
    expect(page.get_by_text("1 new run added")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name=PROMPT).click()
    expect(drawn.last).to_have_js_property("naturalWidth", 128)


def compare_two(page: Page) -> None:
    """By keyboard alone, once it is open."""
    page.get_by_role("button", name="Compare two").click()
    pair = page.locator("dialog.pair")
    place = pair.locator(".place")
    expect(place).to_have_attribute("data-shown", "50")
    assert keeps_out(page) == []
    page.keyboard.press("ArrowRight")
    expect(place).to_have_attribute("data-shown", "51")
    page.keyboard.press("Home")
    expect(place).to_have_attribute("data-shown", "0")
    drag_over(page, place)
    pair.get_by_role("button", name="Blink").press("Enter")
    expect(place).to_have_attribute("data-shown", "100")
    page.keyboard.press("Space")
    expect(place).to_have_attribute("data-shown", "0")
    expect(pair.get_by_text(re.compile("Shown: 2 · "))).to_be_visible()
    page.keyboard.press("Escape")
    expect(pair).to_be_hidden()


def drag_over(page: Page, place: Locator) -> None:
    """By mouse, on the picture itself."""
    at = place.locator(".layer.over").bounding_box()
    assert at is not None
    page.mouse.move(at["x"] + 0.25 * at["width"], at["y"] + 50)
    page.mouse.down()
    expect(place).to_have_attribute("data-shown", "25")
    page.mouse.move(at["x"] + 0.75 * at["width"], at["y"] + 50)
    expect(place).to_have_attribute("data-shown", "75")
    page.mouse.up()


def keeps_out(page: Page) -> list[str]:
    """What axe finds on the page as it stands."""
    page.evaluate(Axe().axe_script)
    found = page.evaluate("rules => axe.run(rules)", ALL)["violations"]
    nodes = [(each["id"], node["html"]) for each in found for node in each["nodes"]]
    return [
        f"{rule}: {html[:200]}"
        for rule, html in nodes
        if not any(rule == own and part in html for own, part in STREAMLITS_OWN)
    ]


def look_in_history(page: Page, app: str) -> None:
    page.goto(f"{app}/history")
    small = page.locator(".history-pictures img")
    expect(small).to_have_count(2)
    expect(small.last).to_have_js_property("naturalWidth", 128)
    page.locator(".history-run [data-tick]").check()
    idle(page)


def vote_blind(page: Page) -> None:
    """Of the runs that are selected: nothing that comes to the browser tells a model before the names are shown."""
    page.get_by_role("button", name="Vote blind").click()
    page.locator(".st-key-ballot-make button").click()
    page.get_by_label("Your name").wait_for()
    address, (frames, responses) = page.url, listen(page)
    enter(page, address, "Ana")
    for side in page.locator(".vote-picture").all():
        expect(side).to_have_js_property("naturalWidth", 1024)
    received = all_bytes(page, frames, responses)
    assert not [each for each in (b"gpt-image", b"GPT Image", b"collate-1", b"revised") if each in received]
    page.keyboard.press("1")
    expect(page.get_by_text("You have seen every pair that can be shown.")).to_be_visible()
    idle(page)
    finish(page)
    expect(page.get_by_text("openai:gpt-image-2").first).to_be_visible()
    given = page.locator(".vote-given img")
    expect(given).to_have_count(2)
    given.last.scroll_into_view_if_needed()
    for side in given.all():
        expect(side).not_to_have_js_property("naturalWidth", 0)


def look_offline(page: Page, browser: Browser, app: str, file: Path) -> None:
    export(page, app, "Web page").save_as(file)
    offline = browser.new_context(offline=True)
    report = offline.new_page()
    report.goto(file.as_uri())
    expect(report.locator("figure img").last).to_have_js_property("naturalWidth", 128)
    offline.close()
