"""Reading in the answer grid: layouts, one alone, linked scrolling, find, differences."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.patience import wait_until

APP = Path(__file__).parent / "answer_grid_app.py"
SCROLLED = "element => element.scrollTop / (element.scrollHeight - element.clientHeight)"
PAINTED = "name => [...CSS.highlights.get(name)].map(range => range.startContainer.data.slice(range.startOffset, 30))"


class Serve(Protocol):
    def __call__(self, app: Path, env: dict[str, str] | None = None) -> str: ...


@pytest.fixture(scope="module")
def app(serve: Serve, go_on: Path) -> str:
    return serve(APP, {"GRID_RATE": "140", "GRID_GO_ON": str(go_on)})


def column(page: Page, number: int) -> Locator:
    return page.locator(f'.column[data-column="{number}"]')


def answer(page: Page, number: int) -> Locator:
    return column(page, number).locator(".answer")


def pressed(page: Page, name: str) -> Locator:
    return page.locator(".toolbar").get_by_role("button", name=name, exact=True)


def open_run(page: Page, app: str, run: str) -> None:
    page.goto(f"{app}/?run={run}")
    expect(column(page, 0)).to_have_attribute("data-status", "complete")


def test_layouts_are_chosen_by_keyboard_and_remembered(page: Page, app: str) -> None:
    open_run(page, app, "reading-layouts")
    expect(pressed(page, "Columns")).to_have_attribute("aria-pressed", "true")
    pressed(page, "Tabs").focus()
    page.keyboard.press("Enter")
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_count(4)
    expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
    expect(column(page, 1)).to_be_hidden()
    tabs.nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_be_focused()
    expect(tabs.nth(0)).to_have_attribute("tabindex", "-1")
    expect(page.get_by_role("tabpanel", name="Claude Opus 4.5")).to_be_visible()
    expect(column(page, 0)).to_be_hidden()
    page.keyboard.press("End")
    expect(column(page, 3)).to_be_visible()
    page.reload()
    expect(pressed(page, "Tabs")).to_have_attribute("aria-pressed", "true")
    pressed(page, "Stacked").click()
    expect(page.get_by_role("tablist")).to_be_hidden()
    lefts = {column(page, number).evaluate("e => e.getBoundingClientRect().left") for number in range(4)}
    assert len(lefts) == 1
    expect(page.locator("[role=tabpanel]")).to_have_count(0)


def test_one_answer_alone_and_back(page: Page, app: str) -> None:
    open_run(page, app, "reading-alone")
    before = page.locator(".grid").bounding_box()
    column(page, 1).get_by_role("button", name="Show alone").click()
    expect(column(page, 0)).to_be_hidden()
    assert before is not None
    alone = column(page, 1).bounding_box()
    assert alone is not None
    assert alone["width"] == pytest.approx(before["width"], abs=1)
    assert alone["height"] == pytest.approx(min(before["height"], 900 - 8.5 * 16), abs=1)
    page.keyboard.press("ArrowRight")
    expect(column(page, 2)).to_be_visible()
    expect(column(page, 1)).to_be_hidden()
    expect(column(page, 2).get_by_role("button", name="Back to all")).to_be_focused()
    page.keyboard.press("Escape")
    expect(column(page, 1)).to_be_visible()
    expect(column(page, 2).get_by_role("button", name="Show alone")).to_be_focused()


def test_linked_answers_scroll_in_proportion_and_unlinked_ones_do_not(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 500})
    open_run(page, app, "reading-linked")
    answer(page, 0).hover()
    page.mouse.wheel(0, 150)
    expect_scrolled(page, 0, above=0.1)
    assert answer(page, 1).evaluate(SCROLLED) == 0
    pressed(page, "Link scrolling").click()
    expect(pressed(page, "Link scrolling")).to_have_attribute("aria-pressed", "true")
    answer(page, 0).hover()
    page.mouse.wheel(0, 150)
    expect_scrolled(page, 1, above=0.1)

    def apart() -> float:
        parts = [answer(page, number).evaluate(SCROLLED) for number in range(3)]
        return max(parts) - min(parts)

    wait_until(lambda: apart() < 0.02)  # a wheel turns on for a while


def expect_scrolled(page: Page, number: int, above: float) -> None:
    page.wait_for_function(
        "([n, above]) => { const walk = (root) => root.querySelector(`.column[data-column='${n}'] .answer`) ??"
        " [...root.querySelectorAll('*')].map((e) => e.shadowRoot && walk(e.shadowRoot)).find(Boolean);"
        f" return ({SCROLLED})(walk(document)) > above; }}",
        arg=[number, above],
    )


def test_an_answer_that_follows_its_end_leads_nobody(page: Page, app: str, go_on: Path) -> None:
    page.set_viewport_size({"width": 1440, "height": 500})
    page.goto(f"{app}/?run=held-linked")
    expect(column(page, 0)).to_have_attribute("data-status", "answering")
    pressed(page, "Link scrolling").click()
    answer(page, 0).click()
    (go_on / "held-linked").touch()
    for number in range(8):
        expect(answer(page, number).locator("pre[data-lang]").first).to_be_visible()
    answer(page, 0).evaluate("element => { element.scrollTop = element.scrollHeight }")
    for number in (2, 7):
        expect_scrolled(page, number, 0.9)
    answer(page, 1).evaluate("element => { element.scrollTop = 0 }")
    for number in range(8):
        expect(column(page, number)).to_have_attribute("data-status", "complete")
    assert answer(page, 1).evaluate("element => element.scrollTop") == 0
    assert [answer(page, number).evaluate(SCROLLED) > 0.9 for number in (0, 2, 7)] == [True, True, True]


def test_find_counts_paints_and_leads_to_matches_without_touching_the_text(page: Page, app: str) -> None:
    open_run(page, app, "reading-find")
    html = answer(page, 0).locator(".closed").inner_html()
    field = page.get_by_role("searchbox", name="Find in answers")
    count = page.locator(".find .count")
    field.fill("merge SORT is stable")  # across bold and italic
    expect(count).to_have_text("2 in 2 answers")
    assert page.evaluate(PAINTED, "collate-found") == ["Merge sort", "Merge sort"]
    expect(column(page, 0).locator(".under .count")).to_have_text("1 found")
    expect(column(page, 2).locator(".under .count")).to_have_text("0 found")
    assert answer(page, 0).locator(".closed").inner_html() == html
    pressed(page, "Tabs").click()
    field.press("Enter")
    expect(count).to_have_text("1 of 2 in 2 answers")
    field.press("Enter")
    expect(count).to_have_text("2 of 2 in 2 answers")
    expect(column(page, 1)).to_be_visible()
    field.press("Shift+Enter")
    expect(column(page, 0)).to_be_visible()
    field.fill("is free")
    field.press("Enter")
    assert page.evaluate(PAINTED, "collate-at") == ["is free."]
    assert answer(page, 0).evaluate(SCROLLED) > 0.5
    pressed(page, "Columns").click()
    field.fill("**merge")
    expect(count).to_have_text("No matches")
    pressed(page, "Raw").click()
    expect(count).to_have_text("2 in 2 answers")
    field.press("Escape")
    expect(field).to_have_value("")
    expect(count).to_be_empty()
    assert page.evaluate(PAINTED, "collate-found") == []


def test_find_counts_on_while_text_arrives_raw_or_not(page: Page, app: str, go_on: Path) -> None:
    page.goto(f"{app}/?run=held-find")
    expect(column(page, 0)).to_have_attribute("data-status", "answering")
    page.get_by_role("searchbox").fill("sort")
    column(page, 1).get_by_role("button", name="Raw").click()
    (go_on / "held-find").touch()
    for number in range(8):
        expect(column(page, number)).to_have_attribute("data-status", "complete")
    expect(column(page, 0).locator(".under .count")).to_have_text("13 found")
    expect(column(page, 1).locator(".under .count")).to_have_text("14 found")  # one in the address of a link
    expect(page.locator(".find .count")).to_have_text("105 in 8 answers")
    expect(answer(page, 1).locator(".raw")).to_contain_text("`sorted(x)` is free.")


def test_without_highlights_there_is_still_a_count(page: Page, app: str) -> None:
    page.add_init_script("delete window.Highlight")
    open_run(page, app, "reading-old")
    page.get_by_role("searchbox").fill("timsort")
    expect(page.locator(".find .count")).to_have_text("2 in 2 answers")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".find .count")).to_have_text("1 of 2 in 2 answers")


def test_any_answer_is_the_base_of_differences(page: Page, app: str) -> None:
    open_run(page, app, "reading-differences")
    base = page.get_by_label("Differences from")
    expect(base.locator("option").nth(4)).to_have_text("Mistral Large 3 (no answer)")
    assert base.locator("option").nth(4).is_disabled()
    base.select_option(label="GPT-5.2")
    expect(column(page, 0).locator(".base")).to_be_visible()
    expect(answer(page, 0).locator(".closed")).to_be_visible()
    found = answer(page, 1).locator(".difference")
    expect(found.locator("del").first).to_have_text("[deleted: faster in practice]")
    expect(found.locator("ins").first).to_have_text("[inserted: quicker most of the time]")
    expect(found).to_contain_text(re.compile(r"9\d % of words shared"))
    expect(answer(page, 1).locator(".closed")).to_be_hidden()
    expect(answer(page, 3)).to_contain_text("No answer to compare with GPT-5.2.")
    base.select_option(label="Claude Opus 4.5")
    expect(answer(page, 0).locator("ins").first).to_have_text("[inserted: faster in practice]")
    expect(column(page, 1).locator(".base")).to_be_visible()
    base.select_option(label="None")
    expect(answer(page, 0).locator(".closed")).to_be_visible()
    expect(page.locator("del")).to_have_count(0)


def test_a_difference_waits_for_the_answer(page: Page, app: str) -> None:
    page.goto(f"{app}/?run=compared-live")
    expect(column(page, 1)).to_have_attribute("data-status", "answering")
    page.get_by_label("Differences from").select_option("0")
    expect(answer(page, 1)).to_contain_text("Still answering")
    expect(answer(page, 1).locator(".difference")).to_be_hidden()
    expect(column(page, 1)).to_have_attribute("data-status", "complete")
    expect(answer(page, 1).locator(".difference ins").first).to_be_visible()
    expect(answer(page, 1)).not_to_contain_text("Still answering")


def test_before_any_answer_there_is_no_base(page: Page, app: str) -> None:
    page.goto(f"{app}/?run=held-none")
    expect(column(page, 0)).to_have_attribute("data-status", "answering")
    base = page.get_by_label("Differences from")
    expect(base).to_be_disabled()
    expect(base.locator("option").first).to_have_text("None finished yet")


def test_a_column_shows_its_mark_and_earlier_turns_and_leads_on(page: Page, app: str) -> None:
    open_run(page, app, "reading-more")
    expect(column(page, 1).locator(".mark:not(.base)")).to_have_text("differs: temperature 0.2")
    earlier = answer(page, 0).locator(".earlier")
    expect(earlier.locator(".turn").first).to_be_hidden()
    earlier.get_by_text("Earlier turn", exact=True).click()
    expect(earlier.locator(".turn").nth(0)).to_have_text("Which *sort* is best?")
    expect(earlier.locator(".turn strong")).to_have_text("depends")
    expect(column(page, 3).get_by_role("button", name="Continue all from this")).to_be_hidden()
    column(page, 1).get_by_role("button", name="Continue all from this").click()
    expect(page.get_by_text(re.compile("^said: "))).to_contain_text("continue 1")
    expect(column(page, 1).get_by_role("button", name="Continue all from this")).to_be_enabled()


def test_a_finished_run_with_earlier_turns_opens_at_its_beginning(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 500})
    open_run(page, app, "reading-top")
    assert [answer(page, number).evaluate("e => e.scrollTop") for number in range(3)] == [0, 0, 0]


def test_a_long_name_is_cut_and_told_on_hover(page: Page, app: str) -> None:
    open_run(page, app, "reading-name")
    title = column(page, 2).locator(".title")
    assert title.evaluate("e => e.scrollWidth > e.clientWidth")
    expect(title).to_have_attribute("title", re.compile("a little longer still$"))


@pytest.mark.parametrize("width", [360, 1440, 2560])
def test_the_toolbar_stays_where_it_is(page: Page, app: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_run(page, app, "reading-still")
    field = page.get_by_role("searchbox")
    before, field_before = page.locator(".grid").bounding_box(), field.bounding_box()
    page.get_by_role("searchbox").fill("sort")
    expect(page.locator(".find .count")).to_contain_text("answers")
    page.get_by_label("Differences from").select_option("0")
    expect(answer(page, 1).locator("del").first).to_be_visible()
    pressed(page, "Link scrolling").click()
    pressed(page, "Raw").click()
    after = page.locator(".grid").bounding_box()
    assert before is not None
    assert after is not None
    assert (before["y"], before["width"]) == (after["y"], after["width"])
    assert field.bounding_box() == field_before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
