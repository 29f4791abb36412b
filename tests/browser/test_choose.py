"""Choose in a real browser: from must-haves to a recorded decision to an aged one, and a report without network."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from prompts.core.child_process import python
from tests.browser.conftest import ROOT, Serve
from tests.prompts.cli.test_report import PLAN


@pytest.fixture(scope="module")
def app(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An app whose record holds one experiment over two built-in models."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "plan.toml").write_text(PLAN)
    env = {
        "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db",
        "COLLATE_CONFIG": str(folder / "collate.toml"),
        "COLLATE_EMBEDDED": "0",
    }
    run = python("-m", "prompts.cli.main", "run", str(folder / "plan.toml"), "--quiet", "--yes")
    subprocess.run(run, cwd=ROOT, env={**os.environ, **env}, check=True, capture_output=True)
    return serve(ROOT / "dashboard" / "app.py", env)


def opened(page: Page, app: str) -> None:
    page.goto(f"{app}/choose?task=Words")
    expect(page.get_by_text("1 experiment, 2 cases, 2 models measured.")).to_be_visible()


def test_a_report_is_read_without_network(browser: Browser, page: Page, app: str, tmp_path: Path) -> None:
    page.goto(f"{app}/choose?task=Words")
    with page.expect_download() as download:
        page.get_by_role("link", name="Report as HTML").click()
    file = tmp_path / "choice.html"
    download.value.save_as(file)
    offline = browser.new_context(offline=True, viewport={"width": 390, "height": 800})
    report = offline.new_page()
    wrong: list[str] = []
    report.on("requestfailed", lambda request: wrong.append(request.url))
    report.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    for scheme in ("light", "dark"):
        report.emulate_media(color_scheme=scheme)
        report.goto(file.as_uri())
        expect(report.get_by_role("heading", name="Which model for: Words")).to_be_visible()
        for part in ("The question", "The shortlist", "Cost per month", "What would change the choice"):
            expect(report.get_by_role("heading", name=part)).to_be_visible()
        assert report.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wrong == []
    offline.close()


def test_must_haves_lead_to_a_decision_that_ages(page: Page, app: str) -> None:
    opened(page, app)
    page.get_by_text("Local only", exact=True).click()
    expect(page.get_by_text("Must have: local only.")).to_be_visible()
    expect(page.locator(".dec-card h4").filter(has_text="openai:")).to_have_count(0)
    card = page.locator(".dec-card").filter(has=page.get_by_role("heading", name="builtin:ngram-3"))
    expect(card).to_contain_text("2 cases")
    card.get_by_role("button", name="Decide for this").click()
    page.get_by_role("dialog").get_by_label("Why").fill("It stays here.")
    page.get_by_role("dialog").get_by_role("button", name="Record").click()
    expect(page.get_by_text("Recorded: builtin:ngram-3 for Words. It is shown above.")).to_be_visible()
    shown = page.locator(".st-key-decision-shown")
    expect(shown.get_by_role("heading", name="Words: builtin:ngram-3")).to_be_visible()
    expect(shown).to_contain_text("It stays here.")
    expect(shown).to_contain_text("must have: local only")
    shown.get_by_role("link", name="Words").click()
    page.get_by_text("More", exact=True).first.click()
    page.locator(".st-key-experiment-delete button").first.click()
    page.locator(".st-key-experiment-delete-now button").press("Enter")
    expect(page.get_by_role("heading", name="Which prompt and which model for your task")).to_be_visible()
    page.goto(f"{app}/history")
    aged = page.locator(".st-key-aged-decisions")
    expect(aged).to_contain_text("The experiment “Words” is no longer on record.")
    aged.get_by_role("link", name="Look at them").click()
    expect(page.get_by_role("heading", name="Decisions", exact=True)).to_be_visible()
