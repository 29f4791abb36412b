"""Model families in a real browser: read the table, find a version, see its sources, hand it to Compare."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing

import pytest
from playwright.sync_api import Locator, Page, expect

from prompts.core.child_process import python
from tests.browser.conftest import ROOT, Serve

HEAD_PX, ROW_PX = 38, 35


@pytest.fixture(scope="module")
def app(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An app whose record holds three answers of one built-in model, the first of them not clean."""
    folder = tmp_path_factory.mktemp("data")
    env = {
        "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db",
        "COLLATE_CONFIG": str(folder / "collate.toml"),
    }
    ask = python("-m", "prompts.cli.main", "ask", "What is a class?", "-m", "builtin:ngram-3", "--repeat", "3")
    subprocess.run(ask, cwd=ROOT, env={**os.environ, **env}, check=True, capture_output=True)
    # However busy this machine was just now.
    with closing(sqlite3.connect(folder / "collate.db")) as record, record:
        record.execute("UPDATE completions SET conditions = NULL WHERE repeat > 0")
    return serve(ROOT / "dashboard" / "app.py", env)


def open_family(page: Page, address: str, family: str) -> Locator:
    """The page with one family open; returns its table of versions."""
    page.goto(f"{address}/models")
    page.get_by_role("radio", name=family, exact=True).click()
    expect(page.get_by_role("heading", name=f"When to choose {family}")).to_be_visible()
    return page.locator(f".st-key-versions-{family}")


def row(table: Locator, text: str) -> Locator:
    """A row of a table, which is a drawing with its cells, as far as they are in view, as text beneath."""
    return table.locator("canvas tr").filter(has_text=text)


def tick(table: Locator, *rows: int) -> None:
    """Select rows, counted from 0, by their place in the drawing."""
    for number in rows:
        expect(table.locator("canvas tr").nth(number + 1)).to_be_attached()
        table.get_by_test_id("stDataFrame").click(position={"x": 15, "y": HEAD_PX + ROW_PX * number + ROW_PX // 2})


def test_two_versions_go_from_the_table_to_compare(page: Page, app: str) -> None:
    page.goto(app)
    page.get_by_test_id("stTopNavLink").get_by_text("Models", exact=True).click()
    founding = page.locator(".st-key-founding")
    expect(founding.get_by_text("long-form analysis, nuance, safety, large context")).to_have_attribute(
        "title", "founding document (2026-11-23)"
    )
    table = open_family(page, app, "n-gram")
    expect(page.get_by_role("button", name="Compare these")).to_be_disabled()
    tick(table, 0, 2)
    page.get_by_role("button", name="Compare these 2").click()
    targets = page.locator(".st-key-targets")
    for target in ("builtin:ngram-4", "builtin:ngram-2"):
        expect(targets.get_by_text(target, exact=True)).to_be_visible()
    expect(targets.get_by_text("builtin:ngram-3", exact=True)).not_to_be_visible()


def test_what_was_measured_here_says_how_many_answers_it_is_made_of(page: Page, app: str) -> None:
    table = open_family(page, app, "n-gram")
    expect(row(table, "2-word memory")).to_contain_text("n = 2, ")
    expect(row(table, "1-word memory")).to_contain_text("not yet")
    tick(table, 1)
    expect(page.locator(".st-key-facts").get_by_role("row").filter(has_text="first token here")).to_contain_text(
        "measured here, n = 2; 1 more left out, their conditions were not clean"
    )


def test_a_retired_version_is_found_and_says_when_it_ended_and_what_follows(page: Page, app: str) -> None:
    page.goto(f"{app}/models")
    page.get_by_placeholder("Name, provider or status").fill("2.0 flash")
    expect(page.get_by_role("heading", name="1 version with “2.0 flash”")).to_be_visible()
    found = row(page.get_by_test_id("stDataFrame"), "Gemini 2.0 Flash")
    expect(found).to_contain_text("retired on 2026-06-01")
    expect(found).to_contain_text("gemini-3.1-flash-lite")


def test_on_a_telephone_the_page_does_not_run_over_its_edge(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    open_family(page, app, "Mistral")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    scroller = page.locator(".fam-scroll")
    assert scroller.evaluate("element => element.scrollWidth > element.clientWidth")
