"""Charts name their rows, whatever the names mean to a program."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.charts_names import NAMES
from tests.browser.conftest import Serve


@pytest.fixture(scope="module")
def app(serve: Serve) -> str:
    return serve(Path(__file__).with_name("charts_app.py"))


def test_a_name_that_is_a_word_of_a_program_is_drawn_in_every_chart(page: Page, app: str) -> None:
    page.goto(app)
    expect(page.get_by_text("All are drawn.")).to_be_visible()
    expect(page.locator("svg.marks")).to_have_count(5 * len(NAMES) // 2)
    labels = page.locator(".role-axis-label text, .role-legend-label text").all_text_contents()
    assert [name for name in NAMES if labels.count(name) < 5] == []
