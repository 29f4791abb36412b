"""The founding table as HTML: whole, escaped, each text with its source, old ones marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dashboard.models.panel import facts_html, founding_html
from dashboard.models.table import Said
from providers.catalogue.families import Fact, families

TODAY = date(2026, 11, 24)


def test_every_family_has_a_row_with_what_the_founding_document_says() -> None:
    html = founding_html(families()[:5], TODAY)
    assert html.count("<tr>") == 6
    for family in families()[:5]:
        assert family.strengths
        assert f'<th scope="row">{family.name}</th>' in html
        assert f'<td title="founding document (2026-11-23)">{family.strengths.text}</td>' in html
    assert "(old)" not in html


def test_a_fact_that_is_too_old_is_marked_by_more_than_a_colour() -> None:
    html = founding_html(families()[:1], date(2027, 6, 1))
    assert '<td class="fam-old" title="founding document (2026-11-23, old)">OpenAI (old)</td>' in html


def test_what_is_not_on_record_is_a_dash() -> None:
    bare = replace(families()[0], strengths=None)
    assert '<td class="fam-none" title="nothing on record">—</td>' in founding_html([bare], TODAY)


def said(model: str, what: str, *, old: bool = False) -> Said:
    return Said(model, what, "128,000", "a list", "2026-11-23", old)


def test_each_fact_is_a_row_and_a_model_is_named_once() -> None:
    html = facts_html([said("a:b", "context"), said("a:b", "end", old=True), said("c:d", "context")])
    assert html.count('<th scope="row">a:b</th>') == html.count('<th scope="row">c:d</th>') == 1
    assert html.count("<td>a list</td><td>2026-11-23</td>") == 3
    assert html.count('<tr class="fam-old"><th scope="row"></th><td>end</td>') == 1


def test_every_string_is_escaped() -> None:
    bad = '<img src="x" onerror="a">'
    odd = replace(families()[0], name=bad, best_for=Fact(bad, bad, TODAY))
    html = founding_html([odd], TODAY) + facts_html([Said(bad, bad, bad, bad, bad)])
    assert "<img" not in html
    assert 'onerror="' not in html


def test_a_table_wider_than_the_screen_is_scrolled_by_keyboard_too() -> None:
    for html in (founding_html(families(), TODAY), facts_html([said("a:b", "context")])):
        assert html.startswith('<div class="fam-scroll" tabindex="0">')
