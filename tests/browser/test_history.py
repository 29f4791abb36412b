"""History in a real browser: find a run, open it, mark several and take it back, delete for good, read the sums."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
from playwright.sync_api import Locator, Page, expect

from prompts.core.child_process import python
from tests.browser.conftest import ROOT, Serve

PROMPTS = ("What is a module for?", "When is a list better than a tuple?", "Explain how classes are made.")


@pytest.fixture(scope="module")
def app(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An app whose record holds three runs of two built-in models; the last prompt is the newest."""
    folder = tmp_path_factory.mktemp("data")
    env = {"COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db", "COLLATE_CONFIG": str(folder / "collate.toml")}
    for prompt in PROMPTS:
        ask = python("-m", "prompts.cli.main", "ask", prompt, "-m", "builtin:ngram-3", "-m", "builtin:ngram-2")
        subprocess.run(ask, cwd=ROOT, env={**os.environ, **env}, check=True, capture_output=True)
    return serve(ROOT / "dashboard" / "app.py", env)


def runs(page: Page) -> Locator:
    return page.get_by_role("listitem").filter(has=page.locator(".history-prompt"))


def history(page: Page, app: str, query: str = "") -> None:
    page.goto(f"{app}/history{query}")
    expect(runs(page).first).to_be_visible()


def test_a_run_is_found_by_words_and_opens_as_it_looked(page: Page, app: str) -> None:
    page.goto(app)
    page.get_by_test_id("stTopNavLink").get_by_text("History", exact=True).click()
    expect(runs(page)).to_have_count(3)
    expect(runs(page).first).to_contain_text(PROMPTS[2])
    search = page.get_by_placeholder("Search prompts and answers")
    search.fill("tuple better")
    search.press("Enter")
    expect(page).to_have_url(re.compile(r"q=tuple"))
    found = runs(page).filter(has_text="When is a list")
    expect(found.locator("mark")).to_contain_text(["better", "tuple"])
    expect(runs(page).filter(has_text=PROMPTS[0])).to_have_count(0)
    with page.context.expect_page() as beside:
        found.get_by_role("link").click(modifiers=["ControlOrMeta"])
    expect(beside.value.get_by_label("Prompt", exact=True)).to_have_value(PROMPTS[1])
    found.get_by_role("link").press("Enter")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(PROMPTS[1])
    expect(page.locator(".column")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"run="))
    page.go_back()
    expect(search).to_have_value("tuple better")
    expect(found).to_be_visible()


def test_the_reader_comes_back_to_the_run_they_left(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 420})
    history(page, app, "?models=builtin:ngram-2")
    oldest = runs(page).last.get_by_role("link")
    expect(oldest).not_to_be_in_viewport()
    oldest.focus()
    oldest.press("Enter")
    expect(page.locator(".column")).to_have_count(2)
    page.go_back()
    expect(oldest).to_be_in_viewport()
    expect(oldest).to_be_focused()
    expect(page.locator(".history-prompt[aria-current]")).to_have_text(PROMPTS[0])
    oldest.press("Enter")
    page.get_by_role("link", name="Back to the list").click()
    expect(page).to_have_url(re.compile("models=builtin"))
    expect(oldest).to_be_in_viewport()
    expect(page.get_by_role("button", name="Remove filter: builtin:ngram-2")).to_be_visible()


def test_several_runs_are_tagged_by_keyboard_and_it_is_undone(page: Page, app: str) -> None:
    history(page, app)
    boxes = page.get_by_role("checkbox", name="Select: ")
    boxes.first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 run selected")).to_be_visible()
    boxes.last.click(modifiers=["Shift"])
    expect(page.get_by_text("3 runs selected")).to_be_visible()
    page.get_by_role("button", name="Tag", exact=True).click()
    field = page.get_by_role("combobox", name="Tags")
    field.fill("spring")
    field.press("Enter")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("3 runs tagged spring.")).to_be_visible()
    expect(page.locator(".history-tag")).to_have_text(["spring"] * 3)
    expect(boxes.first).to_be_checked()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".history-tag")).to_have_count(0)


def test_a_click_on_a_tag_looks_for_it(page: Page, app: str) -> None:
    history(page, app)
    page.get_by_role("checkbox", name=f"Select: {PROMPTS[1]}").check()
    page.get_by_role("button", name="Tag", exact=True).click()
    field = page.get_by_role("combobox", name="Tags")
    field.fill("a <b> & c")
    field.press("Enter")
    page.get_by_role("button", name="Add", exact=True).click()
    tag = page.locator("button.history-tag")
    expect(tag).to_have_text("a <b> & c")
    page.keyboard.press("Escape")
    tag.click()
    expect(runs(page)).to_have_count(1)
    expect(page).to_have_url(re.compile("tags="))
    page.get_by_role("button", name="Remove filter: tag a <b> & c").click()
    expect(runs(page)).to_have_count(3)
    page.get_by_role("button", name="Undo").click()
    expect(tag).to_have_count(0)


def test_selected_runs_are_asked_again_and_stand_at_the_top(page: Page, app: str) -> None:
    history(page, app)
    for prompt in PROMPTS[:2]:
        page.get_by_role("checkbox", name=f"Select: {prompt}").check()
    page.locator(".st-key-history-ask-again button:visible").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 runs, 4 calls, no fee.")
    dialog.get_by_role("button", name="Ask 2 runs again").click()
    expect(page.get_by_text("2 runs are being asked again, at the top of the list.")).to_be_visible()
    expect(runs(page)).to_have_count(5)
    again = runs(page).filter(has_text="run again")
    expect(again).to_have_count(2)
    assert sorted(again.locator(".history-prompt").all_inner_texts()) == sorted(PROMPTS[:2])
    again.first.get_by_role("link").click()
    expect(page.get_by_role("button", name="Earlier run")).to_be_visible()
    # The tests below know of three runs.
    history(page, app)
    for box in runs(page).filter(has_text="run again").get_by_role("checkbox").all():
        box.check()
    page.locator(".st-key-history-delete button:visible").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(runs(page)).to_have_count(3)


def test_filters_are_chips_and_sums_obey_them_also_on_a_telephone(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    history(page, app, "?models=builtin:ngram-2")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    page.get_by_text("Spend and speed").click()
    calls = page.get_by_test_id("stMetric").filter(has_text="Calls").get_by_test_id("stMetricValue")
    expect(calls).to_have_text("3")
    page.get_by_role("button", name="Remove filter: builtin:ngram-2").click()
    expect(calls).to_have_text("6")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_a_deleted_run_is_gone_for_every_word_of_it(page: Page, app: str) -> None:
    history(page, app)
    page.get_by_role("checkbox", name=f"Select: {PROMPTS[0]}").check()
    page.locator(".st-key-history-delete button").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 run with 2 answers")
    dialog.get_by_role("button", name="Cancel").click()
    expect(runs(page)).to_have_count(3)
    page.locator(".st-key-history-delete button").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(runs(page)).to_have_count(2)
    expect(page.get_by_text("1 run with 2 answers deleted.")).to_be_visible()
    expect(page.get_by_text("selected")).to_have_count(0)
    page.goto(f"{app}/history?q=module")
    expect(runs(page).filter(has_text=PROMPTS[0])).to_have_count(0)
