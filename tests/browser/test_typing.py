"""What is being typed stays as it is while the page is drawn anew around it, and was not even told to the page yet."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Serve
from tests.browser.test_compare import ask, choose, open_page, status
from tests.browser.test_vote import idle
from tests.patience import PATIENCE_S
from tests.wire.openai_chat import answer, listing
from tests.wire.server import Reply, WireServer

released = threading.Semaphore(0)


@pytest.fixture(scope="module")
def host() -> Iterator[WireServer]:
    """A host that ends an answer when it is released."""

    async def script(reply: Reply) -> None:
        await asyncio.to_thread(released.acquire, timeout=PATIENCE_S)
        await reply.stream(answer(["Late."]))

    with WireServer(script) as server:
        server.routes["/models"] = listing("slow")  # else what is asked for beside the answer would be what is released
        yield server


@pytest.fixture
def asked(page: Page, serve: Serve, host: WireServer, tmp_path: Path) -> Page:
    """A run with one answer that is there and one that is to come."""
    environment = {"COLLATE_DATABASE_URL": f"sqlite:///{tmp_path}/collate.db", "OPENAI_API_KEY": "sk-0123456789"}
    more = {"OPENAI_BASE_URL": f"{host.url}/v1", "COLLATE_CONFIG": str(tmp_path / "collate.toml")}
    open_page(page, serve(ROOT / "dashboard" / "app.py", {**environment, **more}))
    choose(page, "builtin:ngram-3", "openai:slow")
    ask(page, "What is a class?")
    status(page, 0, "complete")
    return page


def test_the_next_prompt_that_is_typed_while_an_answer_comes(asked: Page) -> None:
    prompt = asked.get_by_role("textbox", name="Prompt")
    prompt.fill("And what is an obj")
    released.release()
    status(asked, 1, "complete")
    expect(asked.get_by_role("button", name="Run again", exact=True)).to_be_visible()
    expect(prompt).to_have_value("And what is an obj")
    prompt.press_sequentially("ect?")
    expect(prompt).to_have_value("And what is an object?")


def test_a_note_that_is_typed_while_an_answer_comes(asked: Page) -> None:
    asked.locator(".column").first.get_by_role("button", name="Rate and note").click()
    note = asked.get_by_role("dialog").get_by_label("Note")
    note.fill("Short, and r")
    released.release()
    status(asked, 1, "complete")
    idle(asked)
    note.press_sequentially("ight.")
    asked.get_by_role("button", name="Done").click()
    expect(asked.locator(".column").first.locator(".say")).to_have_text(["1 note"])
    expect(asked.get_by_role("button", name="Run again", exact=True)).to_be_visible()
    asked.locator(".column").first.get_by_role("button", name="Rate and note").click()
    expect(note).to_have_value("Short, and right.")
