"""How it works in a real browser: without a key and by keyboard, with a host, and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Serve
from tests.providers.adapters.test_token_alternatives import REFUSALS, chat, openai_first
from tests.wire.openai_chat import listing
from tests.wire.server import Reply, WireServer


@pytest.fixture(scope="module")
def host() -> Iterator[WireServer]:
    """A compatible host: `plain` tells alternatives, `thinker` refuses to."""

    async def script(reply: Reply) -> None:
        if reply.received.json["model"] == "thinker":
            await reply.body(REFUSALS["chat"], status=400)
        else:
            await reply.json(chat(openai_first()))

    with WireServer(script) as server:
        server.routes["/models"] = listing("plain", "thinker")
        yield server


@pytest.fixture(scope="module")
def app(serve: Serve, host: WireServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("data")
    environment = {
        "OPENAI_API_KEY": "sk-planted-0123456789", "OPENAI_BASE_URL": f"{host.url}/v1",
        "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db", "COLLATE_CONFIG": str(folder / "collate.toml"),
    }  # fmt: skip
    return serve(ROOT / "dashboard" / "app.py", environment)


def open_page(page: Page, app: str) -> None:
    page.goto(f"{app}/how_it_works")
    expect(page.locator(".how-goal")).to_be_visible()


def look_into(page: Page, model: str) -> None:
    field = page.locator(".st-key-how-model input")
    field.fill(model)
    page.get_by_role("option", name=re.compile(re.escape(model))).first.click()
    expect(page.locator(".st-key-how-ask")).to_be_visible()


def test_a_text_grows_word_by_word_by_keyboard_alone(page: Page, app: str) -> None:
    open_page(page, app)
    words, text = page.locator("button.how-bar"), page.locator(".how-text")
    expect(words).to_have_count(8)
    expect(words.first).to_contain_text("%")
    first = words.first.get_attribute("data-pick") or ""
    words.first.focus()
    page.keyboard.press("Enter")
    expect(text.locator(".how-added")).to_have_text(first)
    expect(page.get_by_text("All that this model sees of the text")).to_contain_text(first)
    page.locator(".st-key-how-draw button").click()
    expect(text.locator(".how-added")).not_to_have_text(first)
    page.locator(".st-key-how-over button").click()
    expect(text.locator(".how-added")).to_have_count(0)


def test_settings_show_what_they_do(page: Page, app: str) -> None:
    open_page(page, app)
    expect(page.get_by_text("5 different texts.")).to_be_visible()
    page.locator(".st-key-how-seed-temperature").get_by_role("radio", name="0.0").click()
    expect(page.get_by_text("1 different text.")).to_be_visible()
    page.locator(".st-key-how-pages").get_by_role("radio", name="A book, 300 pages").click()
    expect(page.locator(".how-over").filter(has_text="GPT-4o")).to_contain_text("does not fit")
    frames = page.locator(".how-frames")
    label = page.locator(".st-key-how-frames .panel")
    expect(label).to_have_attribute("aria-label", re.compile("circle in 12 steps"))
    before = frames.inner_html()
    page.locator(".st-key-how-shape").get_by_role("radio", name="triangle").click()
    expect(label).to_have_attribute("aria-label", re.compile("triangle in 12 steps"))
    expect(frames.locator("svg")).to_have_count(6)
    assert frames.inner_html() != before


def test_a_host_is_asked_by_the_button_and_its_silence_is_said(page: Page, app: str, host: WireServer) -> None:
    open_page(page, app)
    look_into(page, "openai:plain")
    assert host.calls("/chat/completions") == []
    page.locator(".st-key-how-ask button:visible").click()
    expect(page.locator(".st-key-how-told .how-bar")).to_have_count(3)
    expect(page.locator(".st-key-how-told .how-bar").first).to_contain_text("75 %")
    expect(page.get_by_text("Recomputed here from the 3 most probable")).to_be_visible()
    look_into(page, "openai:thinker")
    expect(page.locator(".st-key-how-told")).to_have_count(0)
    page.locator(".st-key-how-ask button:visible").click()
    expect(page.get_by_text("not exposed by openai:thinker.")).to_contain_text("is not supported with this model")
    assert len(host.calls("/chat/completions")) == 2


def test_nothing_is_wider_than_a_phone(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, app)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    edges = page.locator(".panel, .panel .how-bar, .panel .how-nest").evaluate_all(
        "(found) => found.map((each) => each.getBoundingClientRect().right)"
    )
    assert len(edges) > 20
    assert max(edges) <= 390
