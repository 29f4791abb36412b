"""The cards: figures, sources, ages, and nothing of a model's name that is markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from dashboard.decide.cards_html import by_family, cards_html, excluded_html
from prompts.decide.candidate import Use, candidates
from prompts.decide.efficient import efficient
from prompts.decide.shortlist import Excluded
from providers.catalogue.families import Fact
from tests.prompts.decide.made import NOW, about, candidate, pooled


def card(target: str = "openai:gpt-x", **more: object) -> str:
    found = pooled("+ + -", "+ - -")
    facts = replace(about(target), **more)  # type: ignore[arg-type]
    known = candidates({target: found.models[0]}, [facts], {}, Use())
    return cards_html(known, efficient(known).standings, "checks", {}, NOW)


def test_a_card_says_who_says_each_line_and_how_old_it_is() -> None:
    html = card()
    assert "measured here (n = 3 cases, 2026-11-20) · 9 days old" in html
    assert "vendor says (genai-prices 0.2.3)" in html
    assert '<button data-pick="decide:openai:gpt-x">Decide for this</button>' in html


def test_the_range_of_a_month_is_said_once() -> None:
    dear = candidate("openai:gpt-x", dollars=0.001)
    html = cards_html([dear], [], "checks", {}, NOW)
    assert re.search(r"<dd class='muted'>\$[\d.,]+ \(\$[\d.,]+ to \$[\d.,]+\) a month</dd>", html)


def test_an_old_line_is_marked_in_words_too() -> None:
    old = Fact("US", "a page", date(2026, 1, 1))
    html = card(region=old)
    assert "<tr class=dec-old><th scope='row'>Region</th>" in html
    assert "11 months old, old" in html


def test_a_model_without_evidence_offers_a_probe_at_its_price() -> None:
    blank = candidate("openai:gpt-4o", None, None, None)
    html = cards_html([blank], [], "checks", {"openai:gpt-4o": "ask 5 cases, about $0.01"}, NOW)
    assert '<button data-pick="probe:openai:gpt-4o">No evidence yet: ask 5 cases, about $0.01</button>' in html
    assert "No evidence yet: needs OPENAI_API_KEY" in cards_html([blank], [], "checks", {}, NOW)


def test_names_are_text() -> None:
    evil = candidate('openai:<img src=x onerror="alert(1)">')
    html = cards_html([evil], [], "checks", {evil.name: "<s>"}, NOW) + excluded_html([Excluded("<i>", ("<u>",))])
    for raw in ("<img", "<s>", "<i>", "<u>"):
        assert raw not in html


def test_what_was_measured_stands_with_its_family() -> None:
    found = pooled("+ + -", "+ - -", targets=("openai:gpt-4o", "ollama:llama3.2"))
    known = candidates(
        {each.name: each for each in found.models}, [about("openai:gpt-4o"), about("ollama:llama3.2")], {}, Use()
    )
    said = by_family(known, "checks")
    assert said["GPT"] == "gpt-4o: 67 % (21 to 94 %), n = 3 (passed)"
    assert set(said) == {"GPT", "Llama"}
