"""Experiments in a real browser: built from a pasted table and from a file, asked, stopped, resumed, read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, Serve
from tests.wire.openai_chat import answer, listing
from tests.wire.server import Reply, WireServer

APP = ROOT / "dashboard" / "app.py"
TABLE = "mail\tlabel\nI was charged twice\tbilling\nThe app crashes\tbug\n"


@pytest.fixture(scope="module")
def models() -> Iterator[WireServer]:
    """A host of two models: `quick` answers at once, `slow` begins and never ends."""

    async def script(reply: Reply) -> None:
        slow = reply.received.json["model"] == "slow"
        await reply.stream(answer(["bug "])[: 2 if slow else None], end=not slow)
        if slow:
            await reply.stall()

    with WireServer(script) as server:
        server.routes["/models"] = listing("quick", "slow")
        yield server


@pytest.fixture(scope="module")
def app(serve: Serve, models: WireServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("data")
    (folder / "collate.toml").write_text(
        f'[providers.lab]\nbase_url = "{models.url}/v1"\nlabel = "Lab"\nlocal = true\n'
    )
    return serve(
        APP,
        {
            "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db",
            "COLLATE_CONFIG": str(folder / "collate.toml"),
            "COLLATE_EMBEDDED": "0",
        },
    )


def idle(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").first.click()


def new(page: Page, app: str) -> None:
    page.goto(f"{app}/experiments")
    press(page, "experiment-new")
    page.locator(".st-key-experiment-start").wait_for()


def write(page: Page, prompt: str) -> None:
    page.get_by_label("Prompt", exact=True).fill(prompt)
    page.keyboard.press("Control+Enter")


def paste(page: Page, table: str) -> None:
    page.get_by_role("button", name="Paste a table").click()
    field = page.locator(".st-key-experiment-pasted textarea")
    field.fill(table)
    press(page, "experiment-use-pasted")
    expect(page.get_by_text("2 cases.", exact=True)).to_be_visible()
    page.keyboard.press("Escape")


def choose(page: Page, *targets: str) -> None:
    """Replace the chosen models by these, each seen in the bill."""
    picker = page.locator(".st-key-targets-experiment")
    picker.get_by_role("button", name="Clear all").click()
    expect(page.get_by_text("Choose at least one model.")).to_be_visible()
    for number, target in enumerate(targets, 1):
        picker.locator("input").fill(target)
        page.get_by_role("option", name=re.compile(f"^(Add: )?{re.escape(target)}( · .*)?$")).first.click()
        expect(bill(page).get_by_text(re.compile(f"× {number} models? = "))).to_be_visible()
    picker.locator("input").press("Escape")


def bill(page: Page) -> Locator:
    return page.locator(".st-key-experiment-bill")


def progress(page: Page) -> Locator:
    return page.locator(".st-key-experiment-progress")


def test_the_example_lands_on_its_results_with_one_click(page: Page, app: str) -> None:
    page.goto(f"{app}/experiments")
    press(page, "experiment-run-example")
    expect(page.get_by_text("Finished: 24 of 24 answers.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?experiment=[0-9a-f-]{36}$"))


def test_a_pasted_table_becomes_an_experiment_and_survives_a_reload(page: Page, app: str) -> None:
    new(page, app)
    write(page, "Sort: {{mail}}")
    paste(page, TABLE)
    choose(page, "builtin:ngram-3", "builtin:ngram-2")
    expect(bill(page).get_by_text("no fee", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("Sort: {{mail}}")
    expect(bill(page).get_by_text("2 cases × 2 models = 4 answers")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    page.get_by_role("link", name="Experiments").click()
    press(page, "experiment-continue")
    expect(bill(page).get_by_text("2 cases × 2 models = 4 answers")).to_be_visible()
    press(page, "experiment-start")
    expect(page.get_by_text("Finished: 4 of 4 answers.")).to_be_visible()


def test_cells_typed_into_the_grid_are_cases(page: Page, app: str) -> None:
    new(page, app)
    write(page, "Say: {{text}}")
    idle(page)
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + 200, box["y"] + 52)  # the first cell
    page.locator("#portal textarea").fill("hello")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 case.", exact=True)).to_be_visible()
    page.get_by_text("See each prompt as it will be sent").click()
    expect(page.get_by_test_id("stCode").get_by_text("Say: hello")).to_be_visible()


def test_a_file_becomes_cases(page: Page, app: str, tmp_path: Path) -> None:
    file = tmp_path / "mails.csv"
    file.write_text("mail,label\n007,NA\n1e5,bug\n")
    new(page, app)
    page.get_by_role("button", name="Open a file").click()
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.get_by_text("2 cases.", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    write(page, "Sort: {{mail}}")
    page.get_by_text("See each prompt as it will be sent").click()
    expect(page.get_by_test_id("stCode").get_by_text("Sort: 007")).to_be_visible()


def test_an_experiment_is_stopped_survives_a_reload_and_is_resumed(page: Page, app: str, models: WireServer) -> None:
    new(page, app)
    write(page, "Sort: {{mail}}")
    paste(page, TABLE)
    choose(page, "lab:slow")
    press(page, "experiment-start")
    expect(progress(page).get_by_text("lab:slow: 0 of 2")).to_be_visible()
    page.reload()
    expect(progress(page).get_by_text("lab:slow: 0 of 2")).to_be_visible()
    press(page, "experiment-stop")
    expect(progress(page).get_by_text(re.compile("^Stopped: 0 of 2 answers"))).to_be_visible()
    asked = len(models.calls("/chat/completions"))
    press(page, "experiment-resume")
    expect(progress(page).get_by_text(re.compile("^Running: "))).to_be_visible()
    press(page, "experiment-pause")
    expect(progress(page).get_by_text(re.compile("^(Paused|Running): "))).to_be_visible()
    press(page, "experiment-stop")
    expect(progress(page).locator(".st-key-experiment-resume")).to_be_visible()
    assert len(models.calls("/chat/completions")) > asked
