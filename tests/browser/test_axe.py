"""Nothing on any page keeps people out, as far as axe-core finds it: WCAG 2.2 A and AA, and its best practices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve
from tests.browser.test_compare import APP, ask, choose, open_page, status
from tests.wire.openai_chat import answer, listing
from tests.wire.server import Reply, WireServer

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# No rule of these reads style sheets as files, so none is fetched for it; `COLOURS` are those that see colours.
ALL = {"resultTypes": ["violations"], "preload": False, "runOnly": {"type": "tag", "values": TAGS}}
COLOURS = {**ALL, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Streamlit's own drop zone has a name and the role "presentation", and its lists float outside of every landmark:
# minor, and nothing that we draw.
STREAMLITS_OWN = {("presentation-role-conflict", "stFileUploaderDropzone"), ("region", 'role="listbox"')}
VIEWS = ("Timeline", "Agreement", "Repeats", "Cost vs. speed", "Monthly estimate", "Table")
POPOVERS = ("settings", "attach", "more")
PAGES = ("prompts", "experiments", "vote", "history", "choose", "models", "local_models", "how_it_works", "settings")
TABS = ("Prices", "Time limits", "Record", "Privacy", "Appearance")
TEXT = ["## A heading\n\n", "Words, `code` and [a link](https://example.com).\n\n", "```python\nprint(1)\n```\n"]
Theme = Literal["light", "dark"]
WIDE, PHONE = (1280, 900), (390, 844)


@pytest.fixture(scope="module")
def host() -> Iterator[WireServer]:
    async def script(reply: Reply) -> None:
        if reply.received.json["model"] == "broken":
            await reply.json({"error": {"message": "No quota.", "code": "insufficient_quota"}}, status=429)
        elif reply.received.json["model"] == "mute":
            await reply.stream(answer([]))
        else:
            await reply.stream(answer(TEXT))

    with WireServer(script) as server:
        server.routes["/models"] = listing("quick", "slow", "broken", "mute")
        yield server


@pytest.fixture(scope="module")
def app(serve: Serve, host: WireServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("data")
    return serve(APP, {
        "OPENAI_API_KEY": "sk-planted-0123456789", "OPENAI_BASE_URL": f"{host.url}/v1",
        "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db",
        "COLLATE_CONFIG": str(Path(folder) / "collate.toml"),
    })  # fmt: skip


@pytest.fixture
def never_used(serve: Serve, tmp_path: Path) -> str:
    """With nothing on record, where the example is offered."""
    record, setup = f"sqlite:///{tmp_path}/collate.db", str(tmp_path / "collate.toml")
    return serve(APP, {"COLLATE_DATABASE_URL": record, "COLLATE_CONFIG": setup})


@pytest.fixture(scope="module")
def broken(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Without any key, and with a configuration that cannot be followed."""
    folder = tmp_path_factory.mktemp("broken")
    (file := Path(folder) / "collate.toml").write_text('[providers.mine]\nbase_url = "ftp://x"\n[unknown]\na = 1\n')
    return serve(APP, {"COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db", "COLLATE_CONFIG": str(file)})


DRAWN = """() => {
    const app = document.querySelector("[data-testid=stApp]");
    const loaded = (sheet) => sheet && [...sheet.cssRules].every(
        (rule) => !(rule instanceof CSSImportRule) || loaded(rule.styleSheet));
    const drawn = (part) => part.closest(".st-key-drop")  // it only listens
        || part.shadowRoot?.querySelector(":not(link, style, :empty)");
    const parts = [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")];
    return app?.dataset.testScriptState === "notRunning" && document.fonts.status === "loaded"
        && !document.querySelector("[data-testid=stSkeleton]") && parts.every(drawn)
        && parts.every((part) => [...part.shadowRoot.querySelectorAll("link")].every((each) => loaded(each.sheet)));
}"""
"""Whether all is in its place: the script has ended, and of each component of ours script, styles and what those
import have arrived. A region scrolls, for one, only once its style says so."""
GROWN = """() => Promise.allSettled(document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().iterations < Infinity).map((each) => each.finished))"""
"""What opens grows into its place; until it has, its buttons are smaller than they will be."""


class Checked:
    """A page, and what axe found on each of its states: as it was opened, and in the colours that follow."""

    def __init__(self, page: Page, size: tuple[int, int] = WIDE) -> None:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="light")
        self.page = page
        self.theme: Theme = "light"
        self.found, self.states = list[str](), list[str]()

    def look(self, state: str) -> None:
        """The system changes its colours while all is open, so that every other state is opened in the dark."""
        self.states.append(state)
        self._look(state, ALL)
        self.theme = other = "dark" if self.theme == "light" else "light"
        self.page.emulate_media(color_scheme=other)
        expect(self.page.get_by_test_id("stApp")).to_have_css("color-scheme", other)
        self._look(f"{state}, then {other}", COLOURS)

    def _look(self, state: str, rules: Mapping[str, Any]) -> None:
        self.page.wait_for_function(DRAWN)
        self.page.evaluate(GROWN)
        if self.page.evaluate("!window.axe"):  # it stays as long as the document
            self.page.evaluate(Axe().axe_script)
        for violation in self.page.evaluate("rules => axe.run(rules)", rules)["violations"]:
            for node in violation["nodes"]:
                if not any(violation["id"] == rule and part in node["html"] for rule, part in STREAMLITS_OWN):
                    self.found.append(f"{state}: {violation['id']}: {node['html'][:200]}")

    def go(self, address: str, state: str) -> None:
        self.page.goto(address)
        self.page.get_by_role("heading", level=2).first.wait_for()
        self.look(state)

    def walk(self, address: str) -> None:
        """By the menu: a document of its own would work for seconds until it, and axe anew in it, could begin."""
        entry = self.page.locator(f"[data-testid=stTopNavLink][href$='/{address}']")
        entry.click()
        expect(entry).to_have_attribute("aria-current", "page")
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        self.page.get_by_role("heading", level=2).first.wait_for()
        self.look(address)

    def press(self, key: str) -> None:
        self.page.locator(f".st-key-{key} button:visible").first.click()

    def escape(self) -> None:
        self.page.keyboard.press("Escape")

    def done(self, states: int) -> None:
        """All that was to be looked at was, and nothing was found."""
        assert self.found == []
        assert len(self.states) == states


def answered(checked: Checked, app: str) -> None:
    open_page(checked.page, app)
    choose(checked.page, "openai:quick", "openai:mute", "openai:broken")
    ask(checked.page, "Tell me")
    status(checked.page, 0, "complete")
    status(checked.page, 2, "failed")
    expect(checked.page.locator(".st-key-next textarea")).to_be_enabled()


def test_compare_before_a_run(page: Page, app: str) -> None:
    checked = Checked(page)
    open_page(page, app)
    checked.look("nothing asked yet")
    for key in POPOVERS:
        checked.press(key)
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        checked.look(f"{key} open")
        if key == "more":
            for part in ("sets", "share"):
                page.locator(f".st-key-{part} summary").click()
                checked.look(f"{part} open")
        checked.escape()
    page.locator(".st-key-targets input").click()
    page.get_by_role("option").first.wait_for()
    checked.look("the list of models open")
    checked.escape()
    checked.press("browse")
    expect(page.get_by_role("dialog")).to_be_visible()
    checked.look("browse models")
    checked.escape()
    page.locator(".st-key-run button").click()
    expect(page.get_by_text("The prompt is empty.")).to_be_visible()
    checked.look("an empty prompt refused")
    choose(page, "openai:quick")
    ask(page, "Write to jane.roe@corp.io for me")
    expect(page.get_by_text("Send this?")).to_be_visible()
    checked.look("second thoughts")
    checked.done(10)


def test_compare_after_a_run(page: Page, app: str) -> None:
    checked = Checked(page)
    answered(checked, app)
    checked.look("answered")
    for view in VIEWS:
        page.get_by_role("radio", name=view, exact=True).click()
        checked.look(view)
    for shape in ("Stacked", "Tabs"):
        page.locator(".toolbar").get_by_role("button", name=shape).click()
        checked.look(shape)
    page.locator(".toolbar").get_by_role("button", name="Columns").click()
    page.locator(".column").first.get_by_role("button", name="Raw").click()
    checked.look("raw text")
    page.locator(".column").first.get_by_role("button", name="Rate and note").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    checked.look("rating")
    checked.done(11)


def test_every_other_page(page: Page, app: str, broken: str) -> None:
    checked = Checked(page)
    titles = set[str]()
    answered(checked, app)
    for address in PAGES:
        checked.walk(address)
        titles.add(page.title())
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        checked.look(f"settings, {tab}")
    checked.go(f"{app}/history?show=spend", "history, sums")
    page.goto(f"{app}/history")
    page.locator(".history-prompt").first.wait_for()
    page.get_by_role("checkbox").nth(1).check()
    expect(page.locator(".st-key-history-actions")).to_be_visible()
    checked.look("history, a run chosen")
    for key in ("history-filter", "history-tag"):
        checked.press(key)
        checked.look(key)
        checked.escape()
    for key in ("import", "export-all"):
        checked.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        checked.look(f"history, {key}")
        checked.escape()
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto(f"{app}/prompts")
    checked.press("library-duplicate")
    checked.press("library-edit")
    page.locator(".st-key-library-save").wait_for()
    checked.look("prompts, the form")
    checked.go(broken, "compare, without a key and with a broken configuration")
    checked.go(f"{broken}/settings", "settings with errors")
    checked.done(len(PAGES) + 5 + 1 + 1 + 2 + 2 + 1 + 2)
    assert len(titles) == len(PAGES)
    assert all(title.endswith("Collate") for title in titles)


def test_experiments(page: Page, never_used: str) -> None:
    checked = Checked(page)
    page.goto(f"{never_used}/experiments")
    checked.press("experiment-new")
    page.locator(".st-key-experiment-start").wait_for()
    checked.look("builder, empty")
    page.get_by_role("button", name="Paste a table").click()
    page.locator(".st-key-experiment-pasted textarea").wait_for()
    checked.look("builder, pasting")
    checked.escape()
    page.goto(f"{never_used}/experiments")
    checked.press("experiment-run-example")
    expect(page.get_by_text("Finished: 24 of 24 answers.")).to_be_visible()
    checked.look("results")
    checked.go(f"{never_used}/experiments", "list")
    checked.done(4)


def test_on_a_phone(page: Page, app: str) -> None:
    checked = Checked(page, PHONE)
    open_page(page, app)
    checked.look("compare")
    answered(checked, app)
    checked.look("answered")
    page.get_by_test_id("stExpandSidebarButton").click()
    checked.look("the menu open")
    for address in ("prompts", "experiments", "history", "models", "how_it_works", "settings"):
        checked.go(f"{app}/{address}", address)
    checked.done(9)
