"""The journeys of the Local models page, in a real browser, with an Ollama that keeps what it is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Serve
from tests.patience import PATIENCE_S
from tests.wire.ollama_host import GB, OllamaHost
from tests.wire.server import WireServer

APP = ROOT / "dashboard" / "app.py"


@pytest.fixture(scope="module")
def host() -> OllamaHost:
    return OllamaHost(steps=400)


@pytest.fixture(scope="module")
def server(host: OllamaHost) -> Iterator[WireServer]:
    with host.server() as server:
        yield server


@pytest.fixture(scope="module")
def app(serve: Serve, server: WireServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("data")
    return serve(
        APP,
        {
            "OLLAMA_HOST": server.url,
            "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db",
            "COLLATE_CONFIG": str(folder / "collate.toml"),
        },
    )


def open_page(page: Page, app: str) -> None:
    page.goto(f"{app}/local_models")
    expect(page.get_by_role("heading", name="Pull another")).to_be_visible()


def want(page: Page, name: str) -> None:
    """Type a name and press Pull."""
    page.locator(".st-key-local-wanted input").fill(name)
    page.get_by_role("option").filter(has_text=name).first.click()
    button = page.locator(".st-key-pull button")
    expect(button).to_be_enabled()
    button.click()


def select_first_row(page: Page) -> None:
    """The table is one canvas: its first row's box is below that of the header."""
    table = page.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    table.click(position={"x": 16, "y": 52})


def test_a_download_is_followed_from_another_page_and_cancelled(
    page: Page, app: str, host: OllamaHost, server: WireServer
) -> None:
    host.steps, host.gap_s = 4_000, 0.05
    open_page(page, app)
    want(page, "slow:7b")
    card = page.locator(".st-key-pull-slow-7b")
    expect(card.get_by_text("MB/s")).to_be_visible()
    page.get_by_test_id("stTopNavLink").filter(has_text="Compare").click()
    expect(page.locator(".st-key-prompt")).to_be_visible()
    page.get_by_test_id("stTopNavLink").filter(has_text="Local models").click()
    expect(card.get_by_text("MB/s")).to_be_visible()
    assert len(server.calls("/api/pull")) == 1
    card.get_by_role("button", name="Cancel").click()
    expect(card.get_by_text("pulling again continues from there")).to_be_visible()
    assert server.calls("/api/pull")[0].disconnected.wait(PATIENCE_S)
    assert server.calls("/api/pull")[0].client_left
    assert "slow:7b" not in host.disk


def test_a_model_is_pulled_compared_unloaded_and_deleted(page: Page, app: str, host: OllamaHost) -> None:
    host.steps, host.gap_s = 10, 0.05
    host.disk.clear()
    open_page(page, app)
    expect(page.get_by_text("No model is here yet.")).to_be_visible()
    want(page, "quick:1b")
    card = page.locator(".st-key-pull-quick-1b")
    expect(card.get_by_text("2.0 GB on disk, checked by Ollama.")).to_be_visible()
    card.get_by_role("button", name="Dismiss").click()
    expect(card).to_have_count(0)

    host.load("quick:1b", 3 * GB, 3 * GB)
    page.locator(".st-key-refresh button").click()
    loaded = page.locator(".st-key-loaded-quick-1b")
    expect(loaded.get_by_text("Answers begin at once")).to_be_visible()
    expect(loaded.get_by_text("100 %")).to_be_visible()
    loaded.get_by_role("button", name="Unload").click()
    expect(page.get_by_text("quick:1b is unloaded.")).to_be_visible()
    expect(loaded).to_have_count(0)

    select_first_row(page)
    expect(page.get_by_text("GB of weights +")).to_be_visible()
    host.load("quick:1b", 3 * GB)
    page.locator(".st-key-refresh button").click()
    expect(loaded).to_be_visible()
    page.locator(".st-key-delete-these button:visible").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("quick:1b")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    assert "quick:1b" in host.disk
    page.locator(".st-key-delete-these button:visible").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("quick:1b is deleted.")).to_be_visible()
    expect(page.get_by_text("No model is here yet.")).to_be_visible()
    assert (host.disk, host.memory) == ({}, {}), "it is unloaded before it is deleted"


def test_the_selected_go_to_compare(page: Page, app: str, host: OllamaHost) -> None:
    host.disk.clear()
    host.disk["quick:1b"] = {"size": GB}
    open_page(page, app)
    select_first_row(page)
    button = page.locator(".st-key-compare-these button:visible")
    expect(button).to_be_enabled()
    button.click()
    expect(page.locator(".st-key-targets")).to_contain_text("ollama:quick:1b")


def test_a_refusal_is_told_with_its_next_step(page: Page, app: str, host: OllamaHost) -> None:
    host.refusal = "write /models/blobs/x-partial: no space left on device"
    open_page(page, app)
    want(page, "too-large:400b")
    card = page.locator(".st-key-pull-too-large-400b")
    expect(card.get_by_text("The disk is full.")).to_be_visible()
    host.refusal = None
    card.get_by_role("button", name="Pull again").click()
    expect(card.get_by_text("checked by Ollama")).to_be_visible()
