"""Rating answers in a real browser: one click, by keyboard, in the dialog, undone, and there again later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from prompts.record.database import open_database, writing
from prompts.record.schema import completions
from tests.browser.conftest import ROOT, Serve
from tests.browser.test_compare import ask, choose, open_page
from tests.wire.openai_chat import answer
from tests.wire.server import Reply, WireServer

APP = ROOT / "dashboard" / "app.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def host() -> Iterator[WireServer]:
    """A host whose every answer begins and never ends."""

    async def endless(reply: Reply) -> None:
        await reply.stream(answer(["Once ", "upon ", "a time"])[:3], end=False)
        await reply.stall()

    with WireServer(endless) as server:
        yield server


@pytest.fixture(scope="module")
def address(serve: Serve, host: WireServer, folder: Path) -> str:
    environment = {"COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db", "OPENAI_API_KEY": "sk-0123456789"}
    more = {"OPENAI_BASE_URL": f"{host.url}/v1", "COLLATE_CONFIG": str(folder / "collate.toml")}
    return serve(APP, {**environment, **more})


@pytest.fixture
def asked(page: Page, address: str) -> Page:
    """A finished run of the three built-in models."""
    open_page(page, address)
    choose(page, "builtin:ngram-4", "builtin:ngram-3", "builtin:ngram-2")
    ask(page, "What is a class?")
    expect(page.locator(".column[aria-busy=false]")).to_have_count(3)
    expect(page.locator(".stDataFrame")).to_be_visible()
    return page


def column(page: Page, number: int) -> Locator:
    return page.locator(".column").nth(number)


def press(page: Page, number: int, name: str) -> None:
    column(page, number).get_by_role("button", name=name, exact=True).click()


def expect_pressed(page: Page, name: str, *states: bool) -> None:
    """Which columns have that button pressed; each is waited for."""
    for number, state in enumerate(states):
        button = column(page, number).get_by_role("button", name=name, exact=True)
        expect(button).to_have_attribute("aria-pressed", str(state).lower())


def expect_words(page: Page, number: int, *words: str) -> None:
    """What the head of a column says of its answer; from the record, by way of the server."""
    expect(column(page, number).locator(".say")).to_have_text(list(words))


def places(page: Page) -> list[tuple[float, float]]:
    """Where each answer and the table stand, as seen from the first answer, and how tall they are."""
    boxes = [each.bounding_box() or {} for each in (*page.locator(".column").all(), page.locator(".stDataFrame"))]
    return [(box["y"] - boxes[0]["y"], box["height"]) for box in boxes]


def tall(page: Page) -> list[float]:
    return [(each.bounding_box() or {})["height"] for each in page.locator(".column").all()]


def test_thumbs_and_the_best_answer_are_saved_at_once_and_taken_back(asked: Page) -> None:
    page, before = asked, places(asked)
    press(page, 0, "Good answer")
    press(page, 1, "Poor answer")
    press(page, 0, "Best answer")
    press(page, 1, "Best answer")  # four clicks faster than the page can follow
    expect_words(page, 1, "Best")
    expect_pressed(page, "Good answer", True, False, False)
    expect_pressed(page, "Poor answer", False, True, False)
    expect_pressed(page, "Best answer", False, True, False)
    assert places(page) == before
    column(page, 1).get_by_role("button", name="Undo").click()
    expect_words(page, 0, "Best")
    expect_words(page, 1)
    press(page, 1, "Poor answer")
    press(page, 0, "Best answer")
    expect_words(page, 0)
    page.reload()
    expect_pressed(page, "Good answer", True, False, False)
    expect_pressed(page, "Poor answer", False, False, False)
    expect_pressed(page, "Best answer", False, False, False)


def test_an_answer_is_rated_by_keyboard_alone(asked: Page) -> None:
    page = asked
    column(page, 2).get_by_role("button", name="Good answer").focus()
    page.keyboard.press("Space")
    expect_pressed(page, "Good answer", False, False, True)
    expect(page.locator(".answers [role=status]")).to_contain_text("Good answer: Built-in n-gram, 1-word memory.")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Note")).to_be_visible()
    dialog.get_by_label("Note").focus()
    page.keyboard.type("Typed.")
    page.keyboard.press("Escape")  # nothing typed is lost to a key pressed too soon
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="Done")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect_words(page, 2, "1 note")


def test_stars_note_and_tags_are_shown_everywhere_and_there_after_a_reload(asked: Page, folder: Path) -> None:
    page = asked
    press(page, 0, "Rate and note")
    dialog = page.get_by_role("dialog")
    dialog.get_by_test_id("stFeedback").locator("button").nth(3).click()
    dialog.get_by_role("combobox", name="Tags").fill("worth keeping")
    page.get_by_role("option", name="worth keeping").click()
    dialog.get_by_label("Note").fill("Short, and right.")
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_be_hidden()
    expect_words(page, 0, "★ 4", "1 note", "worth keeping")
    expect(page.locator(".say[data-kind=note]")).to_have_attribute("title", "you: Short, and right.")
    page.reload()
    expect_words(page, 0, "★ 4", "1 note", "worth keeping")
    with page.expect_download() as download:
        page.locator(".st-key-csv-all a:visible").click()
    assert '★ 4,4.0,worth keeping,"Short, and right."' in download.value.path().read_text()
    column(page, 0).get_by_role("button", name="Rate and note").click()
    expect(dialog.get_by_label("Note")).to_have_value("Short, and right.")
    expect(dialog.get_by_test_id("stMultiSelect")).to_contain_text("worth keeping")


def test_only_an_answer_that_has_ended_can_be_rated_and_nothing_moves_when_it_has(page: Page, address: str) -> None:
    open_page(page, address)
    choose(page, "openai:endless", "builtin:ngram-2")
    ask(page, "What is a class?")
    expect(column(page, 0).locator(".closed, .tail").get_by_text("Once")).to_be_visible()
    expect(column(page, 1).get_by_role("button", name="Best answer")).to_be_visible()
    expect(column(page, 0).locator(".ratings button:visible")).to_have_count(0)
    before = tall(page)
    column(page, 0).get_by_role("button", name="Stop").click()
    expect(column(page, 0).get_by_role("button", name="Best answer")).to_be_visible()
    assert tall(page) == before
    press(page, 0, "Best answer")
    expect_words(page, 0, "Best")


def test_a_failure_to_save_is_said_and_the_button_turns_back(asked: Page, folder: Path) -> None:
    page = asked
    (run_id,) = [part.partition("=")[2] for part in page.url.partition("?")[2].split("&") if part.startswith("run=")]
    record = open_database(f"sqlite:///{folder}/collate.db")
    with writing(record).begin() as connection:  # somebody else deletes it
        connection.execute(completions.delete().where(completions.c.run_id == run_id))
    record.dispose()
    press(page, 0, "Best answer")
    said = page.locator(".failure").get_by_text("This answer is not on record, so it cannot be rated or tagged.")
    expect(said).to_be_visible()
    expect_pressed(page, "Best answer", False, False, False)
    expect_words(page, 0)
