"""A comparison travels to a colleague: exported from one Collate, imported into another, looked at there."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Download, Page, expect

from prompts.core.child_process import python
from tests.browser.conftest import ROOT, Serve

APP = ROOT / "dashboard" / "app.py"
QUESTION = "Which river is the longest?"


@pytest.fixture(scope="module")
def ours(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Collate with one run of two built-in models on record."""
    env = settings(tmp_path_factory.mktemp("ours"))
    ask = python("-m", "prompts.cli.main", "ask", QUESTION, "-m", "builtin:ngram-3", "-m", "builtin:ngram-2")
    subprocess.run(ask, cwd=ROOT, env={**os.environ, **env}, check=True, capture_output=True)
    return serve(APP, env)


@pytest.fixture(scope="module")
def theirs(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Collate that has not been asked anything."""
    return serve(APP, settings(tmp_path_factory.mktemp("theirs")))


def settings(folder: Path) -> dict[str, str]:
    place = {"COLLATE_DATABASE_URL": f"sqlite:///{folder}/c.db", "COLLATE_CONFIG": str(folder / "collate.toml")}
    return {**place, "OPENAI_API_KEY": "sk-planted-0123456789"}


def export(page: Page, address: str, label: str) -> Download:
    """Everything, in that format; the page says when it is saved."""
    page.goto(f"{address}/history")
    page.locator(".st-key-export-all button:visible").click()
    page.get_by_role("dialog").get_by_text(label, exact=True).click()
    link = page.get_by_role("link", name=re.compile(f"^Save .* as {label}$"))
    with page.expect_download() as caught:
        link.click()
    expect(page.get_by_role("dialog").get_by_text(re.compile("^Saved: 1 run, "))).to_be_visible()
    page.keyboard.press("Escape")
    return caught.value


def take(page: Page, file: Path) -> None:
    page.locator(".st-key-import button:visible").click()
    page.get_by_role("dialog").locator("input[type=file]").set_input_files(file)
    page.locator(".st-key-import-now button:visible").click()


def test_a_comparison_travels_and_doubles_nothing(
    page: Page, browser: Browser, ours: str, theirs: str, tmp_path: Path
) -> None:
    file = tmp_path / "from-ann.jsonl"
    export(page, ours, "JSON Lines").save_as(file)
    assert "planted" not in file.read_text("utf-8")

    page.goto(f"{theirs}/history")
    expect(page.get_by_text("Nothing has been asked yet.")).to_be_visible()
    take(page, file)
    expect(page.get_by_text("1 new run added.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=QUESTION)).to_be_visible()
    take(page, file)
    expect(page.get_by_text("No run is new, 1 already here.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=QUESTION)).to_have_count(1)

    web = tmp_path / "report.html"
    export(page, theirs, "Web page").save_as(web)
    offline = browser.new_context(offline=True)
    report = offline.new_page()
    asked: list[str] = []
    report.on("request", lambda request: asked.append(request.url))
    report.goto(web.as_uri())
    expect(report.get_by_role("link", name=QUESTION)).to_be_visible()
    expect(report.get_by_role("heading", name="Answers")).to_be_visible()
    assert asked == [web.as_uri()]
    offline.close()


def test_a_foreign_file_is_refused_in_a_sentence(page: Page, theirs: str, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.jsonl"
    foreign.write_text('{"some": "thing"}\n', "utf-8")
    page.goto(f"{theirs}/history")
    take(page, foreign)
    expect(page.get_by_text("This is not a Collate export.")).to_be_visible()


def test_a_spreadsheet_opens_the_run_that_it_names(page: Page, ours: str, tmp_path: Path) -> None:
    file = tmp_path / "runs.xlsx"
    export(page, ours, "Excel").save_as(file)
    sheet = load_workbook(file).active
    assert sheet is not None
    link = sheet.cell(2, sheet.max_column).hyperlink
    assert link is not None
    assert link.target is not None
    page.goto(link.target)
    expect(page.get_by_role("heading", name="Answers")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_text(QUESTION).first).to_be_visible()
