"""Coming back to a run in a real browser: finishing it after a crash, asking it again, comparing it with others."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import began, free_port
from tests.browser.test_compare import APP, ask, choose, column, open_page, status
from tests.patience import PATIENCE_S, wait_until
from tests.prompts.samples import rows
from tests.wire.openai_chat import answer, listing
from tests.wire.server import Reply, WireServer

SLOW = [f"word{n} " for n in range(60)]


@pytest.fixture
def models() -> Iterator[WireServer]:
    """A host of which `slow` models stop after a few words until `hurry` is set."""
    hurry = threading.Event()

    async def script(reply: Reply) -> None:
        if reply.received.json["model"] != "slow" or hurry.is_set():
            await reply.stream(answer(["All ", "of ", "it."]))
            return
        events = answer(SLOW)
        await reply.stream(events[:20], gap_s=0.05, end=False)
        await asyncio.to_thread(hurry.wait, PATIENCE_S)
        await reply.send(b"".join(events[20:]))
        await reply.end()

    with WireServer(script) as server:
        server.routes["/models"] = listing("quick", "slow")
        server.hurry = hurry  # pyright: ignore[reportAttributeAccessIssue]
        yield server
        hurry.set()


class Dashboard:
    """A dashboard that can be killed and started again at its address."""

    def __init__(self, folder: Path, models: WireServer, nest: str | None) -> None:
        self._nest, self.port = nest, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.record = folder / "collate.db"
        self._data = folder / "data"
        self._env = {
            **os.environ, "OPENAI_API_KEY": "sk-planted-0123456789",
            "OPENAI_BASE_URL": f"{models.url}/v1", "COLLATE_DATABASE_URL": f"sqlite:///{self.record}",
            "COLLATE_CONFIG": str(folder / "collate.toml"), "XDG_DATA_HOME": str(self._data),
        }  # fmt: skip
        self.start()

    def start(self) -> None:
        self._process = began(APP, self.port, self._env, self._nest)

    def kill(self, *, asking: bool = True) -> None:
        """The page server and, as a power cut does, the process that asks."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(PATIENCE_S)
        for note in self._data.rglob("asking/*.json") if asking else ():
            with suppress(ProcessLookupError):
                os.kill(json.loads(note.read_text())["process"], signal.SIGKILL)


@pytest.fixture
def dashboard(tmp_path: Path, models: WireServer, nest: str | None) -> Iterator[Dashboard]:
    dashboard = Dashboard(tmp_path, models, nest)
    yield dashboard
    dashboard.kill()


def asked(models: WireServer) -> list[str]:
    return [call.json["model"] for call in models.calls("/responses") + models.calls("/chat/completions")]


def test_after_a_kill_only_what_is_missing_is_asked_and_what_was_sent_only_on_request(
    page: Page, dashboard: Dashboard, models: WireServer
) -> None:
    open_page(page, dashboard.url)
    choose(page, "openai:quick", "openai:slow")
    page.locator(".st-key-more button").click()
    page.get_by_role("spinbutton").fill("2")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_text("4 calls to")).to_be_visible()
    ask(page, "What is missing?")
    status(page, 0, "complete")
    expect(column(page, 1)).to_contain_text("word5")
    wait_until(lambda: rows(dashboard.record, "SELECT id FROM completions WHERE text LIKE '%word5%'"))
    before = page.url
    dashboard.kill()
    assert sorted(asked(models)) == ["quick", "slow"]
    models.hurry.set()  # pyright: ignore[reportAttributeAccessIssue]
    dashboard.start()

    page.goto(dashboard.url)
    expect(page.get_by_text("3 of 4 answers are missing")).to_be_visible()
    page.get_by_role("button", name="Open it").click()
    page.wait_for_url(before)
    expect(column(page, 1)).to_contain_text("word5")
    page.get_by_role("button", name="Finish what is missing").click()
    expect(page.locator(".st-key-missing")).to_contain_text("1 of 4 answers is missing")
    wait_until(lambda: sorted(asked(models)) == ["quick", "quick", "slow", "slow"])
    page.get_by_role("button", name="Ask the one that was sent again").click()
    expect(page.get_by_text("it may be paid twice")).to_be_visible()
    page.locator(".st-key-ask-lost button").click()
    expect(page.locator(".st-key-missing")).to_have_count(0)
    expect(column(page, 1)).to_contain_text("All of it.")
    status(page, 1, "complete")
    assert sorted(asked(models)) == ["quick", "quick", "slow", "slow", "slow"]


def test_when_only_the_page_server_is_killed_the_next_one_shows_the_answers_going_on(
    page: Page, dashboard: Dashboard, models: WireServer
) -> None:
    open_page(page, dashboard.url)
    choose(page, "openai:quick", "openai:slow")
    ask(page, "What goes on?")
    expect(column(page, 1)).to_contain_text("word5")
    before = page.url
    dashboard.kill(asking=False)
    dashboard.start()
    page.goto(before)
    status(page, 0, "complete")
    expect(column(page, 1)).to_contain_text("word5")
    models.hurry.set()  # pyright: ignore[reportAttributeAccessIssue]
    status(page, 1, "complete")
    expect(column(page, 1)).to_contain_text("word59")
    assert sorted(asked(models)) == ["quick", "slow"]


def test_a_run_is_asked_again_and_held_against_its_old_self(page: Page, dashboard: Dashboard) -> None:
    open_page(page, dashboard.url)
    choose(page, "openai:quick", "builtin:ngram-3")
    ask(page, "Say it once more.")
    for number in range(2):
        status(page, number, "complete")
    first = page.url
    again = page.locator(".st-key-again")
    again.get_by_role("button", name="Run again", exact=True).click()
    page.wait_for_url(lambda url: "run=" in url and url != first)
    for number in range(2):
        status(page, number, "complete")
    cards = page.locator(".again-card")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("The same text, character by character")
    expect(cards.first).to_contain_text("same fingerprint")
    expect(page.get_by_text("One answer then and one now")).to_be_visible()
    second = page.url
    again.get_by_role("button", name="Earlier run").click()
    page.wait_for_url(first)
    expect(page.locator(".again-card")).to_have_count(0)
    again.get_by_role("button", name="Later run").click()
    page.wait_for_url(second)
    again.get_by_role("button", name="Run again", exact=True).click()
    page.wait_for_url(lambda url: url not in (first, second))
    rows = page.locator(".again-askings tbody tr")
    expect(rows).to_have_count(3)
    rows.last.get_by_role("button").click()
    page.wait_for_url(first)


def test_a_reopened_run_is_edited_and_both_lead_to_each_other(page: Page, dashboard: Dashboard) -> None:
    open_page(page, dashboard.url)
    choose(page, "openai:quick")
    ask(page, "Say it in English.")
    status(page, 0, "complete")
    first = page.url
    page.goto("about:blank")
    page.goto(first)
    status(page, 0, "complete")
    again = page.locator(".st-key-again")
    again.get_by_role("button", name="Edit and run again").click()
    page.get_by_role("textbox", name="Edit this turn").fill("Say it in German.")
    page.get_by_role("textbox", name="Edit this turn").press("Tab")
    page.locator("[data-testid='stPopoverBody']").get_by_role("button", name="Send this instead").click()
    page.wait_for_url(lambda url: "run=" in url and url != first)
    status(page, 0, "complete")
    again.get_by_role("button", name="Edited from").click()
    page.wait_for_url(first)
    expect(again.get_by_role("button", name="Edited version")).to_be_visible()


def test_runs_stand_side_by_side_by_their_address(page: Page, dashboard: Dashboard) -> None:
    open_page(page, dashboard.url)
    choose(page, "openai:quick")
    runs: list[str] = []
    for prompt in ("What is a class?", "What is a module?"):
        ask(page, prompt)
        page.wait_for_url(lambda url: "run=" in url and url.split("run=")[1] not in runs)
        status(page, 0, "complete")
        runs.append(page.url.split("run=")[1])
    page.goto(f"{dashboard.url}/?run={'~'.join(runs)}")
    expect(page.get_by_text("2 runs side by side")).to_be_visible()
    for number, prompt in enumerate(("What is a class?", "What is a module?")):
        status(page, number, "complete")
        expect(column(page, number)).to_contain_text(f"Asked: “{prompt}”")
        expect(column(page, number).get_by_role("button", name="Retry")).to_have_count(0)
    expect(page.locator(".st-key-next")).to_have_count(0)
    column(page, 1).get_by_role("button", name="Best answer").click()
    page.locator(".st-key-gathered").get_by_role("button", name="What is a module?").click()
    page.wait_for_url(lambda url: url.endswith(runs[1]))
    expect(column(page, 0).get_by_role("button", name="Best answer")).to_have_attribute("aria-pressed", "true")
