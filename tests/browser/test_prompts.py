"""The library in a real browser: find a prompt, try it, change it, compare and restore, delete and undo."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, Serve


@pytest.fixture
def app(serve: Serve, tmp_path: Path) -> str:
    return serve(ROOT / "dashboard" / "app.py", {
        "COLLATE_DATABASE_URL": f"sqlite:///{tmp_path}/collate.db", "COLLATE_CONFIG": str(tmp_path / "collate.toml"),
        "COLLATE_PROMPTS": str(tmp_path / "prompts"),
    })  # fmt: skip


def listed(page: Page) -> Locator:
    return page.locator(".st-key-library-list").get_by_role("button")


def text(page: Page) -> Locator:
    return page.get_by_role("region", name="The prompt", exact=True)


def shown(said: str) -> str:
    """As the page shows it: an invisible joiner keeps `name@3` from becoming a mail address."""
    return said.replace("@", "\u2060@")


def done(page: Page, said: str) -> None:
    expect(page.locator(".st-key-library-done")).to_contain_text(shown(said))


def write(page: Page, label: str, value: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(value)
    field.press("Tab")


def test_from_search_to_compare_and_back(page: Page, app: str) -> None:
    page.goto(f"{app}/prompts")
    page.get_by_label("Search prompts").fill("refund label")
    expect(listed(page)).to_have_count(1)
    listed(page).click()
    expect(page).to_have_url(re.compile("prompt=classify"))
    expect(text(page).locator("pre mark[title=mail]")).to_contain_text("I was charged twice")
    page.get_by_text("Case 3", exact=True).click()
    expect(text(page).locator("pre mark[title=mail]")).to_contain_text("out for delivery")
    page.get_by_text("Holes", exact=True).click()
    expect(text(page).locator("pre mark[title=mail]")).to_have_text("{{mail}}")
    expect(page.get_by_role("button", name="Try in Compare")).to_be_disabled()
    page.get_by_text("My own", exact=True).click()
    write(page, "mail", "Where is my parcel {{mail}}?")
    page.get_by_role("button", name="Try in Compare").click()
    prompt = page.get_by_label("Prompt", exact=True)
    expect(prompt).to_have_value(re.compile(r"Mail:\nWhere is my parcel {{mail}}\?\n\nLabel:$"))
    expect(page.locator(".st-key-tried")).to_contain_text(shown("classify@1, words of your own"))
    expect(page.get_by_role("button", name=re.compile("Parameters"))).to_contain_text("3 set")
    expect(page.get_by_role("button", name="Put back what was here")).to_have_count(0)


def test_a_draft_in_compare_comes_back(page: Page, app: str) -> None:
    page.goto(app)
    write(page, "Prompt", "A question I have not asked yet")
    page.get_by_test_id("stTopNavLink").get_by_text("Prompts", exact=True).click()
    page.get_by_role("button", name="Try in Compare").click()
    page.get_by_role("button", name="Put back what was here").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("A question I have not asked yet")
    expect(page.get_by_role("button", name="Parameters", exact=True)).to_be_visible()


def test_a_prompt_of_ones_own_from_compare_with_versions_restore_delete_and_undo(page: Page, app: str) -> None:
    page.goto(app)
    write(page, "Prompt", "Translate into German: Good morning")
    page.locator(".st-key-more button").first.click()
    page.get_by_role("button", name="Save as prompt").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("Translate into German: Good morning")
    page.get_by_role("button", name="Save", exact=True).click()
    done(page, "Give the prompt a name.")
    write(page, "Name", "Into German")
    write(page, "Prompt", "Translate into German: {{text}}")
    page.get_by_role("button", name="Save", exact=True).click()
    done(page, "Saved as into-german@1.")
    expect(text(page).locator("pre mark[title=text]")).to_have_text("{{text}}")

    page.get_by_role("button", name="Edit").click()
    write(page, "Prompt", "Translate into formal German: {{text}}")
    page.get_by_role("button", name="Save", exact=True).click()
    done(page, "Saved as into-german@2.")
    page.get_by_text("Versions", exact=True).click()
    expect(page.locator(".prompt-versions ins")).to_have_text("formal ")
    expect(page.locator(".prompt-versions pre")).to_have_text(
        ["Translate into German: {{text}}", "Translate into formal German: {{text}}"]
    )
    page.get_by_role("button", name="Restore").click()
    done(page, "into-german@3 has the text of into-german@1.")

    page.get_by_role("button", name="Delete").click()
    done(page, "Into German is deleted.")
    expect(listed(page).filter(has_text="Into German")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    done(page, "into-german@3 is back.")
    expect(listed(page).filter(has_text="Into German")).to_contain_text("yours, version 3")


def test_what_is_typed_outlives_another_prompt_and_another_page(page: Page, app: str) -> None:
    page.goto(f"{app}/prompts?prompt=translate")
    page.get_by_role("button", name="Edit").click()
    write(page, "Name", "Translate it my way")
    listed(page).filter(has_text="Sort support mail").click()
    expect(page.locator(".st-key-library-unsaved")).to_contain_text("Translate it my way")
    page.get_by_test_id("stTopNavLink").get_by_text("Models", exact=True).click()
    expect(page.get_by_role("heading", name="Model families")).to_be_visible()
    page.get_by_test_id("stTopNavLink").get_by_text("Prompts", exact=True).click()
    page.get_by_role("button", name="Continue editing").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Translate it my way")
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Translate it my way")
    page.get_by_role("button", name="Save", exact=True).click()
    done(page, "Saved as translate@2.")
