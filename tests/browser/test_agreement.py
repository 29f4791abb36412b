"""What answers agree on, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Serve

APP = Path(__file__).parent / "agreement_app.py"


@pytest.fixture(scope="module")
def app(serve: Serve) -> str:
    return serve(APP)


def part(page: Page, name: str) -> Locator:
    return page.locator(f'[data-part="{name}"]')


def test_conflicts_are_seen_first_and_open_to_each_models_own_words(page: Page, app: str) -> None:
    page.goto(f"{app}/?run=four")
    expect(page.locator(".agree-summary")).to_contain_text("4 answers. 3 statements in conflict.")
    items = part(page, "conflict").locator(".agree-item")
    expect(items.first.locator("summary mark").first).to_have_text("seven years")
    first = items.nth(1)
    expect(first.locator("summary mark")).to_have_text(["1889", "1889", "1887"])
    expect(first.locator(".agree-side").nth(1)).to_contain_text("gemini-2.5-pro")
    expect(first.locator(".agree-side .agree-chip").last).to_have_attribute("title", "google:gemini-2.5-pro")
    expect(first.locator(".agree-quotes")).to_be_hidden()
    first.locator("summary").press("Enter")
    expect(first.locator(".agree-quotes li")).to_have_count(4)
    expect(first.locator(".agree-quotes li").last).to_contain_text("and it stands on the Champ de Mars in Paris")
    assert page.locator(".agree b").count() == 0
    expect(page.get_by_text("mistral:mistral-large (failed)")).to_be_visible()


def test_facts_say_who_mentions_them_and_the_method_is_told(page: Page, app: str) -> None:
    page.goto(f"{app}/?run=four")
    fact = part(page, "facts").locator(".agree-fact", has_text="Champ de Mars")
    expect(fact).to_have_text("Champ de Mars 3/4")
    expect(fact).to_have_attribute("title", f"Mentioned by {', '.join(WHO)}. Not by anthropic:claude-sonnet-4-5.")
    how = page.locator(".agree-how")
    expect(how.locator("p")).to_be_hidden()
    how.locator("summary").click()
    expect(how.locator("p")).to_contain_text("no model is asked")


WHO = ("openai:gpt-5", "google:gemini-2.5-pro", "ollama:llama3.3")


def test_repeats_of_one_model_are_answers_of_their_own(page: Page, app: str) -> None:
    page.goto(f"{app}/?run=same")
    sides = part(page, "conflict").locator(".agree-side")
    expect(sides).to_have_text(["42 gpt-5 1/2", "41 gpt-5 1/2"])
    expect(sides.last.locator(".agree-chip")).to_have_attribute("title", "openai:gpt-5 · 2")


def test_one_answer_alone_has_a_form_but_no_agreement(page: Page, app: str) -> None:
    page.goto(f"{app}/?run=one")
    expect(page.get_by_text("Agreement needs two answers")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page.locator(".agree")).to_have_count(0)
