"""The founding table as HTML: whole, escaped, each text with its source, old ones marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dashboard.family_panel import founding_html
from providers.families import Fact, families

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


def test_every_string_is_escaped() -> None:
    bad = '<img src="x" onerror="a">'
    odd = replace(families()[0], name=bad, best_for=Fact(bad, bad, TODAY))
    html = founding_html([odd], TODAY)
    assert "<img" not in html
    assert 'onerror="' not in html
