"""Nothing on any page keeps people out, as far as axe-core finds it: WCAG 2.2 A and AA, and its best practices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Serve
from tests.browser.test_compare import APP, ask, choose, open_page, status
from tests.wire.openai_chat import answer, listing
from tests.wire.server import Reply, WireServer

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}
# Streamlit's own drop zone has a name and the role "presentation": minor, and nothing that we draw.
STREAMLITS_OWN = {("presentation-role-conflict", "stFileUploaderDropzone")}
VIEWS = ("Timeline", "Agreement", "Repeats", "Cost vs. speed", "Monthly estimate", "Table")
POPOVERS = ("settings", "attach", "more")
PAGES = (
    "prompts", "experiments", "vote", "history", "history?show=spend", "choose", "families", "local_models",
    "how_it_works", "settings",
)  # fmt: skip
TEXT = ["## A heading\n\n", "Words, `code` and [a link](https://example.com).\n\n", "```python\nprint(1)\n```\n"]


@pytest.fixture(scope="module")
def app(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    async def script(reply: Reply) -> None:
        if reply.received.json["model"] == "broken":
            await reply.json({"error": {"message": "No quota.", "code": "insufficient_quota"}}, status=429)
        else:
            await reply.stream(answer(TEXT))

    folder = tmp_path_factory.mktemp("data")
    with WireServer(script) as server:
        server.routes["/models"] = listing("quick", "slow", "broken", "fussy")
        yield serve(APP, {
            "OPENAI_API_KEY": "sk-planted-0123456789", "OPENAI_BASE_URL": f"{server.url}/v1",
            "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db",
            "COLLATE_CONFIG": str(Path(folder) / "collate.toml"),
        })  # fmt: skip


class Checked:
    """A page, and what axe found on each of its states."""

    def __init__(self, page: Page) -> None:
        self.page, self.found, self.states = page, list[str](), 0

    def look(self, state: str) -> None:
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        self.states += 1
        for violation in Axe().run(self.page, options=OPTIONS).response["violations"]:
            for node in violation["nodes"]:
                if not any(violation["id"] == rule and part in node["html"] for rule, part in STREAMLITS_OWN):
                    self.found.append(f"{state}: {violation['id']}: {node['html'][:200]}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_and_state(browser: Browser, app: str, theme: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=theme)
    checked = Checked(page := context.new_page())
    open_page(page, app)
    checked.look("Compare, nothing asked yet")
    for key in POPOVERS:
        page.locator(f".st-key-{key} button").first.click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        checked.look(f"Compare, {key} open")
        page.keyboard.press("Escape")
    choose(page, "openai:quick", "openai:gpt-4o-mini", "openai:broken")
    ask(page, "Tell me")
    status(page, 0, "complete")
    status(page, 2, "failed")
    checked.look("Compare, answered")
    for view in VIEWS:
        page.get_by_role("radio", name=view, exact=True).click()
        checked.look(f"Compare, {view}")
    page.locator(".column").first.get_by_role("button", name="Rate and note").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    checked.look("Compare, rating")
    titles = {page.title()}
    for address in PAGES:
        page.goto(f"{app}/{address}")
        page.get_by_role("heading", level=2).first.wait_for()
        checked.look(address)
        titles.add(page.title())
    context.close()
    assert checked.found == []
    assert checked.states == 12 + len(PAGES)
    assert len(titles) == len(PAGES)  # History twice, and Compare
    assert all(title.endswith("Collate") for title in titles)
