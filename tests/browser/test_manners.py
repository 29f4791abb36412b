"""Manners of the whole app: any width, keyboard alone, a screen reader, and nothing that jumps."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.conftest import Serve
from tests.browser.test_compare import APP, ask, choose, open_page, status
from tests.patience import PATIENCE_S
from tests.wire.openai_chat import answer, listing
from tests.wire.server import Reply, WireServer

PAGES = ("", "history", "choose", "models", "local_models", "how_it_works", "settings")
TEXT = ["## A part\n\n", *["several **words** "] * 20, "\n\n- one\n- two\n\n", "```python\nx = 1\n```\n\n"] * 2
COUNT_SHIFTS = """() => {
    window.shifted = 0;
    const count = (list) => list.getEntries().forEach((e) => (window.shifted += e.hadRecentInput ? 0 : e.value));
    new PerformanceObserver(count).observe({ type: "layout-shift" });
}"""
EVERYWHERE = """const all = (root) => [...root.querySelectorAll("*")].flatMap(
    (e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);"""
NAMELESS = f"""() => {{
    {EVERYWHERE}
    const named = (e) => e.ariaLabel || e.title || e.labels?.length || e.textContent.trim()
        || e.getRootNode().getElementById(e.getAttribute("aria-labelledby"));
    return all(document).filter((e) => e.matches("button, input:not([type=hidden]), textarea, select"))
        .filter((e) => e.getClientRects().length && !named(e)).map((e) => e.outerHTML);
}}"""
FOCUS = """() => {
    let e = document.activeElement;
    while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    return (e.ariaLabel || e.textContent || e.placeholder || "").trim();
}"""
FITS = """() => {
    const main = document.querySelector("[data-testid=stMain]");
    return main.scrollWidth <= main.clientWidth && document.scrollingElement.scrollWidth <= innerWidth;
}"""
WIDEST = f"""() => {{
    {EVERYWHERE}
    const widest = all(document).reduce((a, b) =>
        a.getBoundingClientRect().right < b.getBoundingClientRect().right ? b : a);
    return [widest.tagName, widest.className, widest.getBoundingClientRect().right].join(" ");
}}"""
GO_ON = threading.Event()
TOPS = "columns => columns.map((column) => Math.round(column.getBoundingClientRect().top))"


@pytest.fixture(scope="module")
def app(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app, with a host that fails as `broken` or `breaks`, answers at once as `short`, else when it is let."""

    async def script(reply: Reply) -> None:
        model = reply.received.json["model"]
        if model == "broken":
            await reply.json({"error": {"message": "Not now.", "code": "server_error"}}, status=500)
        elif model == "breaks":  # off in the middle, while the others go on
            await reply.stream(answer(TEXT)[:35], gap_s=0.06)
        elif model == "short":
            await reply.stream(answer(["The ", "**answer** ", "is 42."]), gap_s=0.3)
        else:
            events = answer(TEXT)
            await reply.stream(events[:20], end=False)
            await asyncio.to_thread(GO_ON.wait, PATIENCE_S)
            await reply.send(b"".join(events[20:]))
            await reply.end()

    folder = tmp_path_factory.mktemp("data")
    with WireServer(script) as server:
        server.routes["/models"] = listing("slow", "short", "broken", "breaks")
        yield serve(
            APP,
            {
                "OPENAI_API_KEY": "sk-planted-0123456789",
                "OPENAI_BASE_URL": f"{server.url}/v1",
                "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db",
                "COLLATE_CONFIG": str(folder / "collate.toml"),
            },
        )


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def test_nothing_jumps_while_answers_arrive_and_end(page: Page, app: str) -> None:
    GO_ON.clear()
    open_page(page, app)
    choose(page, "openai:slow", "openai:short", "openai:broken", "openai:breaks")
    settled(page)
    ask(page, "Count")
    page.locator(".column").first.wait_for()  # until here it was the form that made room, at the reader's own word
    page.evaluate(COUNT_SHIFTS)
    status(page, 0, "answering")
    before = page.locator(".column").evaluate_all(TOPS)
    heights = page.locator(".column").evaluate_all("columns => columns.map((column) => column.offsetHeight)")
    status(page, 1, "complete")
    status(page, 3, "incomplete")
    expect(page.locator(".st-key-next textarea")).to_be_disabled()
    GO_ON.set()
    status(page, 0, "complete")
    expect(page.locator(".st-key-next textarea")).to_be_enabled()
    expect(page.get_by_role("radio", name="Agreement")).to_be_enabled()
    settled(page)
    assert page.locator(".column").evaluate_all(TOPS) == before
    assert page.locator(".column").evaluate_all("columns => columns.map((column) => column.offsetHeight)") == heights
    assert page.evaluate("shifted") < 0.02


def test_the_answers_begin_in_the_upper_half_of_the_first_screen(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:short")
    ask(page, "Tell me")
    status(page, 0, "complete")
    settled(page)
    box = page.locator(".column").bounding_box()
    assert box is not None
    assert box["y"] < 450


def test_a_screen_reader_hears_what_begins_and_each_end_once_and_finds_names(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:short", "openai:broken")
    ask(page, "Tell me")
    status(page, 0, "complete")
    status(page, 1, "failed")
    expect(page.locator(".st-key-next textarea")).to_be_enabled()
    spoken = page.locator(".answers [role=status]")
    for said in ("2 models are asked.", "Answer of short: Complete", "All 2 answers are in."):
        expect(spoken.get_by_text(said)).to_have_count(1)
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate("document.documentElement.lang") == "en"
    snapshot = page.get_by_test_id("stMain").aria_snapshot()
    for part in (
        'textbox "Prompt"', 'heading "Answers" [level=2]', 'button "Stop all" [disabled]',
        'heading "short" [level=3]', 'log "Answer of short"', 'heading "Comparison" [level=3]',
    ):  # fmt: skip
        assert part in snapshot


def test_compare_is_worked_by_keyboard_alone(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:short", "builtin:ngram-3")
    page.locator(".st-key-prompt textarea").focus()
    page.keyboard.type("By hand")
    page.keyboard.press("Control+Enter")
    status(page, 0, "complete")
    settled(page)
    assert page.evaluate(FOCUS) == "Prompt"
    wanted = [
        "Models", "Run", "Browse", "Parameters", "Attach", "More", "Columns",
        "Find in answers", "Answer of short", "Copy", "Retry", "Follow-up", "Send follow-up", "Table",
    ]  # fmt: skip
    for _ in range(70):
        page.keyboard.press("Tab")
        if wanted and wanted[0] in page.evaluate(FOCUS):
            wanted.pop(0)
    assert wanted == []


def test_the_first_keys_of_a_page_lead_past_the_form(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:short")
    ask(page, "Tell me")
    status(page, 0, "complete")
    expect(page.locator(".st-key-next textarea")).to_be_enabled()
    page.reload()
    status(page, 0, "complete")
    settled(page)
    page.keyboard.press("Tab")
    skip = page.get_by_role("button", name="Skip to the answers")
    expect(skip).to_be_focused()
    box = skip.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 24  # seen while it has the focus
    page.keyboard.press("Enter")
    expect(page.locator(".answers .grid")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)
    page.locator("body").evaluate("() => document.activeElement.blur()")
    page.get_by_role("button", name="Skip to the follow-up").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-next textarea")).to_be_focused()
    page.goto(f"{app}/settings")
    expect(skip).to_have_count(0)


def test_a_line_says_what_a_tint_says_where_more_contrast_is_wished_for(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:short")
    ask(page, "Tell me")
    status(page, 0, "complete")
    page.locator(".column").get_by_role("button", name="Raw").click()
    pressed = page.locator(".column [aria-pressed=true]").first
    expect(pressed).to_have_css("outline-style", "none")
    wishes: list[dict[str, Any]] = [{"forced_colors": "active"}, {"forced_colors": "none", "contrast": "more"}]
    for wish in wishes:
        page.emulate_media(**wish)
        expect(pressed).to_have_css("outline-width", "2px")
        expect(pressed).to_have_css("outline-style", "solid")


def test_escape_closes_a_popover_and_gives_the_focus_back(page: Page, app: str) -> None:
    open_page(page, app)
    opener = page.locator(".st-key-settings").get_by_role("button")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-temperature input")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-temperature input")).to_have_count(0)
    expect(opener).to_be_focused()
    assert opener.evaluate("e => getComputedStyle(e).boxShadow + getComputedStyle(e).outlineStyle") != "nonenone"


def fits(page: Page, where: str) -> None:
    """Charts follow a new width with a drawing of their own a moment later, so the page is asked until it fits."""
    try:
        page.wait_for_function(FITS)
    except TimeoutError:
        pytest.fail(f"{where} something stays wider than the screen: {page.evaluate(WIDEST)}")


def test_no_page_is_wider_than_the_screen(page: Page, app: str) -> None:
    for path in PAGES:
        page.goto(f"{app}/{path}")
        page.get_by_role("heading", level=2).first.wait_for()
        settled(page)
        for width in (360, 2560):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_function("innerWidth === " + str(width))
            main = page.get_by_test_id("stMain")
            fits(page, f"/{path} at {width} px")
            expect(main.get_by_test_id("stException")).to_have_count(0)


def test_light_and_dark_are_chosen_where_settings_says(page: Page, app: str) -> None:
    page.goto(f"{app}/settings")
    page.get_by_role("tab", name="Appearance").click()
    expect(page.get_by_text("at the upper right has light and dark")).to_be_visible()
    ground = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    assert page.evaluate(ground) == "rgb(251, 251, 249)"
    settled(page)
    page.get_by_test_id("stMainMenu").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    page.wait_for_function(f"{ground} === 'rgb(20, 24, 26)'")
