"""The main journeys of the Compare page, in a real browser against the real app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, Serve
from tests.patience import PATIENCE_S
from tests.wire.openai_chat import answer, listing
from tests.wire.server import Reply, WireServer

APP = ROOT / "dashboard" / "app.py"
WORDS = [f"word{n} " for n in range(60)]


@pytest.fixture(scope="module")
def models() -> Iterator[WireServer]:
    """A host of several models: `slow` says many words and never ends, `broken` fails, any other answers at once."""

    async def script(reply: Reply) -> None:
        model = reply.received.json["model"]
        if model == "broken":
            quota = "insufficient_quota"
            await reply.json({"error": {"message": "You exceeded your current quota.", "code": quota}}, status=429)
        elif model == "fussy" and "temperature" in reply.received.json:
            message = "Unsupported value: 'temperature' does not support 0.5."
            error = {"message": message, "param": "temperature", "code": "unsupported_value"}
            await reply.json({"error": error}, status=400)
        elif model.startswith("slow"):
            await reply.stream(answer(WORDS)[:-3], gap_s=0.05, end=False)
            await reply.stall()
        else:
            await reply.stream(answer(["The ", "**answer** ", "is 42."]), gap_s=0.01)

    with WireServer(script) as server:
        server.routes["/models"] = listing("quick", "slow", "broken", "fussy")
        yield server


@pytest.fixture(scope="module")
def app(serve: Serve, models: WireServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("data")
    return serve(
        APP,
        {
            "OPENAI_API_KEY": "sk-planted-0123456789",
            "OPENAI_BASE_URL": f"{models.url}/v1",
            "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db",
            "COLLATE_CONFIG": str(folder / "collate.toml"),
        },
    )


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".st-key-run button").wait_for()


def choose(page: Page, *targets: str) -> None:
    """Replace the chosen models by these, typed by hand; each is seen to have reached the server."""
    picker = page.locator(".st-key-targets")
    picker.get_by_role("button", name="Clear all").click()
    expect(page.get_by_text("No model is chosen yet.")).to_be_visible()
    for number, target in enumerate(targets, 1):
        picker.locator("input").fill(target)
        page.get_by_role("option", name=re.compile(f"^(Add: )?{re.escape(target)}( · .*)?$")).first.click()
        expect(page.get_by_text(re.compile(f"^{number} calls? to "))).to_be_visible()
    picker.locator("input").press("Escape")


def ask(page: Page, prompt: str) -> None:
    page.locator(".st-key-prompt textarea").fill(prompt)
    page.keyboard.press("Control+Enter")


def column(page: Page, number: int) -> Locator:
    return page.locator(f'.column[data-column="{number}"]')


def status(page: Page, number: int, label: str | re.Pattern[str]) -> None:
    expect(column(page, number)).to_have_attribute("data-status", label)


def test_the_first_page_can_be_used_at_once(page: Page, app: str) -> None:
    open_page(page, app)
    expect(page.get_by_role("heading", name="Ask several models one question")).to_be_visible()
    expect(page.get_by_text("Try one of these")).to_be_visible()
    assert "planted" not in page.content()


def test_three_answers_arrive_side_by_side_with_one_table(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "builtin:ngram-3", "builtin:ngram-4", "openai:quick")
    ask(page, "What is a class?")
    for number in range(3):
        status(page, number, "complete")
    expect(column(page, 2).locator(".answer strong")).to_have_text("answer")
    expect(page.locator("[data-testid='stDataFrame']")).to_have_count(1)
    expect(page.locator(".st-key-csv a, .st-key-csv-all a")).to_have_count(2)
    assert re.search(r"run=[0-9a-f-]{36}", page.url)


def test_the_table_can_be_saved_as_shown(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:quick")
    ask(page, "Save me")
    status(page, 0, "complete")
    with page.expect_download() as saved:
        page.locator(".st-key-csv-all a:visible").click()
    header, row = Path(saved.value.path()).read_text("utf-8-sig").splitlines()
    assert header.startswith("model,family,developer,state,rating,stars,tags,notes,called_best,time_to_first_chunk_s,")
    assert row.startswith("openai:quick,")


def test_stop_keeps_what_arrived_and_the_server_sees_it(page: Page, app: str, models: WireServer) -> None:
    open_page(page, app)
    choose(page, "openai:slow")
    ask(page, "Count")
    status(page, 0, "answering")
    expect(column(page, 0).locator(".answer")).to_contain_text("word3")
    column(page, 0).get_by_role("button", name="Stop").click()
    status(page, 0, "stopped")
    expect(column(page, 0).locator(".answer")).to_contain_text("word3")
    assert models.calls("/chat/completions")[-1].disconnected.wait(PATIENCE_S)


def test_short_answers_give_back_the_room_they_did_not_need(page: Page, app: str) -> None:
    def tall() -> float:
        return column(page, 0).locator(".body").evaluate("body => body.getBoundingClientRect().height")

    open_page(page, app)
    choose(page, "openai:slow")
    ask(page, "Count")
    expect(column(page, 0).locator(".answer")).to_contain_text("word3")
    while_it_came = tall()
    column(page, 0).get_by_role("button", name="Stop").click()
    expect(page.locator(".st-key-stop-all button").first).to_be_disabled()
    assert tall() == while_it_came  # nothing moves under the hand that pressed
    page.mouse.move(0, 0)
    expect(page.locator(".grid.over")).to_be_attached()
    assert tall() < while_it_came / 2


def test_stop_all_ends_every_column(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:slow", "openai:slow-too")
    ask(page, "Count")
    status(page, 0, "answering")
    page.locator(".st-key-stop-all button").click()
    status(page, 0, "stopped")
    expect(page.locator(".st-key-stop-all button").first).to_be_disabled()


def test_one_failing_column_says_why_and_the_others_go_on(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:broken", "openai:quick")
    ask(page, "Try")
    status(page, 0, "failed")
    status(page, 1, "complete")
    problem = column(page, 0).locator(".problem")
    expect(problem).to_contain_text("You exceeded your current quota.")
    expect(problem).to_contain_text("Check billing")
    problem.get_by_role("button", name="Retry").click()
    status(page, 0, "failed")
    expect(column(page, 1)).to_have_attribute("data-status", "complete")


def test_a_setting_that_the_vendor_refuses_can_be_left_out(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:fussy")
    page.locator(".st-key-settings button").first.click()
    page.locator(".st-key-temperature input").fill("0.5")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Parameters (1 set)")).to_be_visible()
    page.keyboard.press("Escape")
    ask(page, "Be fussy")
    status(page, 0, "failed")
    column(page, 0).get_by_role("button", name="Run without temperature").click()
    status(page, 0, "complete")


def test_a_reload_in_mid_run_loses_nothing(page: Page, app: str, models: WireServer) -> None:
    open_page(page, app)
    choose(page, "openai:slow")
    ask(page, "Count on")
    expect(column(page, 0).locator(".answer")).to_contain_text("word5")
    sent = len(models.calls("/chat/completions"))
    page.reload()
    expect(column(page, 0).locator(".answer")).to_contain_text("word5")
    expect(column(page, 0).locator(".answer")).to_contain_text("word40")
    expect(page.locator(".st-key-prompt textarea")).to_have_value("Count on")
    assert len(models.calls("/chat/completions")) == sent
    page.locator(".st-key-stop-all button").click()
    status(page, 0, "stopped")


def test_an_empty_prompt_is_refused_in_words(page: Page, app: str) -> None:
    open_page(page, app)
    page.locator(".st-key-run button").click()
    expect(page.get_by_text("The prompt is empty.")).to_be_visible()


def test_what_is_typed_survives_another_page_and_an_unknown_model(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:quick")
    page.locator(".st-key-prompt textarea").fill("Keep me")
    page.locator(".st-key-prompt textarea").blur()
    page.get_by_test_id("stTopNavLink").filter(has_text="Settings").click()
    expect(page.get_by_role("heading", name="Providers")).to_be_visible()
    page.get_by_test_id("stTopNavLink").filter(has_text="Compare").click()
    expect(page.locator(".st-key-prompt textarea")).to_have_value("Keep me")
    page.locator(".st-key-targets input").fill("nowhere:model")
    page.locator(".st-key-targets input").press("Enter")
    expect(page.get_by_text("names no provider that is set up here")).to_be_visible()
    expect(page.locator(".st-key-prompt textarea")).to_have_value("Keep me")


def test_a_link_to_a_run_that_is_not_here_says_so(page: Page, app: str) -> None:
    open_page(page, f"{app}/?run=00000000-0000-0000-0000-000000000000")
    expect(page.get_by_text("is not on record here")).to_be_visible()


def test_a_check_shows_each_step(page: Page, app: str) -> None:
    page.goto(f"{app}/settings")
    page.locator(".st-key-check-builtin button").click()
    expect(page.locator(".st-key-connection-builtin")).to_contain_text("answered in")
