"""Choosing models in the dialog, and attaching files, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import Serve
from tests.pictures import picture
from tests.wire.server import Reply, WireServer

PAGE = Path(__file__).with_name("browse_page.py")
NAMES = ("gpt-6.1-terra", *(f"gpt-4o-{n}" for n in range(400)), "gpt-[x](http://example.com)")
ROW, HEAD = 35, 35
PNG = picture("PNG")


@pytest.fixture(scope="module")
def app(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    async def models(reply: Reply) -> None:
        data = [{"id": name, "object": "model", "created": 1} for name in NAMES]
        await reply.json({"object": "list", "data": data})

    folder = tmp_path_factory.mktemp("data")
    with WireServer(models) as server:
        yield serve(
            PAGE,
            {
                "OPENAI_API_KEY": "sk-planted-0123456789",
                "OPENAI_BASE_URL": f"{server.url}/v1",
                "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db",
                "COLLATE_CONFIG": str(folder / "collate.toml"),
            },
        )


def browse(page: Page, app: str) -> Locator:
    """Open the dialog, again if the list of the host has not arrived yet: its SDK is imported first."""
    dialog = page.get_by_role("dialog")
    for _ in range(10):
        page.goto(app)
        expect(page.get_by_text("Chosen: openai:gpt-6.1-terra")).to_be_visible()
        page.locator(".st-key-browse button:visible").click()
        expect(dialog.get_by_text("1 chosen")).to_be_visible()
        if dialog.get_by_text("Not asked yet: OpenAI").count() == 0:
            break
    expect(dialog.get_by_text(re.compile(r"of 4\d\d models"))).to_be_visible()
    return dialog


def search(dialog: Locator, words: str, found: int) -> None:
    dialog.get_by_label("Search", exact=True).fill(words)
    expect(dialog.get_by_text(re.compile(rf"^{found} of "))).to_be_visible()


def tick(dialog: Locator, row: int) -> None:
    """The table is a canvas: its boxes are where they are."""
    place = {"x": 18, "y": HEAD + row * ROW + ROW // 2}
    dialog.get_by_test_id("stDataFrame").click(position=place)


def test_models_of_two_searches_are_chosen_together(page: Page, app: str) -> None:
    dialog = browse(page, app)
    search(dialog, "gpt-4o-399", 1)
    tick(dialog, 0)
    expect(dialog.get_by_text("2 chosen")).to_be_visible()
    search(dialog, "n-gram builtin", 3)
    tick(dialog, 1)
    expect(dialog.get_by_text("3 chosen")).to_be_visible()
    search(dialog, "gpt-4o-399", 1)
    expect(dialog.get_by_text("3 chosen")).to_be_visible()
    dialog.get_by_role("button", name="Use these").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Chosen: openai:gpt-6.1-terra, openai:gpt-4o-399, builtin:ngram-3")).to_be_visible()


def test_the_chosen_come_first_and_can_be_taken_out(page: Page, app: str) -> None:
    dialog = browse(page, app)
    tick(dialog, 0)
    expect(dialog.get_by_text("0 chosen")).to_be_visible()
    expect(dialog.get_by_role("button", name="Use these")).to_be_disabled()
    tick(dialog, 1)
    expect(dialog.get_by_text("1 chosen")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Chosen: openai:gpt-6.1-terra")).to_be_visible()  # closed without use: as it was


def test_what_is_usable_and_of_a_family_remains(page: Page, app: str) -> None:
    dialog = browse(page, app)
    dialog.get_by_test_id("stButtonGroup").get_by_text("Claude", exact=True).click()
    expect(dialog.get_by_text(re.compile(r"^\d\d of "))).to_be_visible()
    dialog.get_by_text("Usable here now").click()
    expect(dialog.get_by_text("No model matches.")).to_be_visible()
    expect(dialog.get_by_text("1 chosen")).to_be_visible()


def test_files_are_taken_by_what_they_are(page: Page, app: str) -> None:
    page.goto(app)
    page.locator(".st-key-attach button:visible").first.click()
    files: list[FilePayload] = [
        {"name": "a.png", "mimeType": "image/png", "buffer": PNG},
        {"name": "b.png", "mimeType": "image/png", "buffer": b"MZ no picture"},
    ]
    page.locator("input[type=file]").set_input_files(files)
    expect(page.get_by_text(f"Files: a.png image/png {len(PNG)}")).to_be_visible()
    expect(page.get_by_text("b.png is not a PNG")).to_be_visible()
    page.locator("input[type=file]").set_input_files({"name": "c.pdf", "mimeType": "x/y", "buffer": b"%PDF-1.7"})
    expect(page.get_by_text(f"Files: a.png image/png {len(PNG)}, c.pdf application/pdf 8")).to_be_visible()
    expect(page.get_by_text("attached already")).to_have_count(0)  # what was taken over has left the field
    expect(page.get_by_text("b.png is not a PNG")).to_have_count(0)
    page.locator(".st-key-remove-file-0 button:visible").click()
    expect(page.get_by_text("Files: c.pdf application/pdf 8")).to_be_visible()
