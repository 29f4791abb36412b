"""A team lead with the keys of four vendors: from a first page without any to the answers of all four in one table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Serve
from tests.browser.test_compare import ask, choose, open_page, status
from tests.wire import anthropic, google, openai_chat, openai_responses
from tests.wire.server import Reply, WireServer

WORDS = ["The meeting ", "is on ", "Monday."]
KEYS = {
    "OpenAI": "sk-planted-0123456789abcdef", "Anthropic": "sk-ant-planted-0123456789abcdef",
    "Google": "AIzaSyPlanted0123456789abcdef", "Mistral AI": "planted0123456789abcdef",
}  # fmt: skip
MODELS = (
    "openai:gpt-6.2-sol", "anthropic:claude-sonnet-5-5", "google:gemini-3.8-flash", "mistral:mistral-small-latest",
)  # fmt: skip


async def vendor(reply: Reply) -> None:
    """All four, each in its own format."""
    path = reply.received.path.partition("?")[0]
    if path.endswith("/models"):
        if "x-api-key" in reply.received.headers:
            await reply.json(anthropic.MODELS)
        elif "x-goog-api-key" in reply.received.headers:
            await reply.json(google.MODELS)
        else:
            await openai_chat.listing("gpt-6.2-sol", "mistral-small-latest")(reply)
    elif path.endswith("/responses"):
        await reply.stream(openai_responses.answer(WORDS, model=reply.received.json["model"]), gap_s=0.01)
    elif path.endswith("/messages"):
        await reply.stream(anthropic.answer(WORDS), gap_s=0.01)
    elif ":streamGenerateContent" in path:
        await reply.stream(google.answer(WORDS), gap_s=0.01)
    else:
        await reply.stream(openai_chat.answer(WORDS), gap_s=0.01)


@pytest.fixture(scope="module")
def vendors() -> Iterator[WireServer]:
    with WireServer(vendor) as server:
        yield server


@pytest.fixture(scope="module")
def app(serve: Serve, vendors: WireServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("lead")
    (folder / "collate.toml").write_text(f'[providers.mistral]\nbase_url = "{vendors.url}/v1"\n')
    return serve(ROOT / "dashboard" / "app.py", {
        "OPENAI_BASE_URL": f"{vendors.url}/v1", "ANTHROPIC_BASE_URL": vendors.url,
        "GOOGLE_GEMINI_BASE_URL": vendors.url, "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db",
        "COLLATE_CONFIG": str(folder / "collate.toml"),
    })  # fmt: skip


def test_four_keys_are_checked_at_once_and_four_vendors_answer_side_by_side(
    page: Page, app: str, vendors: WireServer
) -> None:
    open_page(page, app)
    page.get_by_text("Add a key, to ask GPT, Claude, Gemini or Mistral too").click()
    for number, (label, key) in enumerate(KEYS.items(), 1):
        field = page.get_by_label(f"Key for {label}", exact=True)
        field.fill(key)
        field.press("Enter")
        expect(page.get_by_text("Works", exact=True)).to_have_count(number)
    choose(page, *MODELS)
    ask(page, "When is the meeting?")
    for number in range(len(MODELS)):
        status(page, number, "complete")
    expect(page.locator("[data-testid='stDataFrame']")).to_have_count(1)
    for key in KEYS.values():
        assert key not in page.content()
        assert not any(key in each.path for each in vendors.requests)
