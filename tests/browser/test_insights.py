"""Timeline, monthly estimate and choosing by eye, in a real browser under the policy of the app."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Locator, Page, expect

APP = Path(__file__).with_name("insights_app.py")


class Serve(Protocol):
    def __call__(self, app: Path) -> str: ...


@pytest.fixture(scope="module")
def app(serve: Serve) -> str:
    return serve(APP)


def opened(page: Page, app: str, run: str = "eight") -> None:
    page.goto(f"{app}/?run={run}")
    expect(page.get_by_text("picked: None")).to_be_visible()


def mark(page: Page, words: str) -> Locator:
    """What the charts draw carries its data as a label, which screen readers say too."""
    return page.locator(f'svg [aria-label*="{words}"]').first


def point(page: Page, model: str) -> Locator:
    """That of a model in the chart of cost against speed."""
    return page.locator(f'svg [aria-roledescription="circle"][aria-label*="Model: {model}"]').first


def test_a_hover_on_a_phase_gives_its_figure_and_conditions(page: Page, app: str) -> None:
    opened(page, app)
    mark(page, "phase: thinking").hover()
    tip = page.locator("#vg-tooltip-element")
    for words in ("thinking", "2.35 s", "from 4.23 s to 6.58 s", "opened a new connection"):
        expect(tip).to_contain_text(words)
    mark(page, "phase: load model").hover()
    expect(tip).to_contain_text("How long the server says")
    expect(page.get_by_text("openai:o3 · failed (timeout) after 8.00 s", exact=True)).to_be_visible()


def test_the_slider_sets_the_volume_from_the_keyboard(page: Page, app: str) -> None:
    opened(page, app)
    page.get_by_role("slider", name="This prompt, times a day").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("6,000 answers a month")).to_be_visible()
    page.get_by_test_id("stNumberInputField").fill("2.5")
    page.keyboard.press("Enter")
    expect(page.locator("td", has_text="at your $2.50 an hour").first).to_be_attached()


def test_a_click_on_a_point_chooses_its_model_and_rings_it(page: Page, app: str) -> None:
    opened(page, app)
    point(page, "google:gemini-3-flash").click()
    expect(page.get_by_text("picked: 2", exact=True)).to_be_visible()
    expect(page.locator('svg [stroke="#d3862b"]')).to_have_count(1)
    point(page, "openai:gpt-5.1").click()
    expect(page.get_by_text("picked: 0", exact=True)).to_be_visible()
    expect(page.locator('svg [stroke="#d3862b"]')).to_have_count(1)


def test_on_a_narrow_screen_nothing_is_wider_than_it(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    opened(page, app)
    expect(mark(page, "phase: thinking")).to_be_visible()
    wide = page.locator("svg").evaluate_all(
        "all => all.filter((one) => one.getBoundingClientRect().right > 360).length"
    )
    assert wide == 0


def test_a_chart_is_saved_as_it_is_seen(page: Page, app: str, tmp_path: Path) -> None:
    opened(page, app)
    expect(point(page, "openai:gpt-5.1")).to_be_visible()
    for kind, beginning in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as saved:
            page.locator(".save-chart").last.get_by_role("button", name=kind).press("Enter")  # wherever it moves to
        saved.value.save_as(file := tmp_path / saved.value.suggested_filename)
        assert saved.value.suggested_filename == f"cost-and-speed.{kind.lower()}"
        assert file.read_bytes().startswith(beginning)
    assert "openai:gpt-5.1" in (tmp_path / "cost-and-speed.svg").read_text("utf-8")


def test_the_names_in_a_chart_follow_a_switch_of_the_theme_at_once(page: Page, app: str) -> None:
    opened(page, app)
    name = page.locator("svg.marks .mark-text text").get_by_text("openai:gpt-5.1", exact=True)
    for scheme, lightness in (("light", "18"), ("dark", "230")):
        page.emulate_media(color_scheme=scheme)
        expect(name).to_have_css("fill", re.compile(rf"^rgb\({lightness}, "))
