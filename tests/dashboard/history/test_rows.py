"""The list of runs as HTML: what each line says, and that nobody's text becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from dashboard.history.rows import list_html
from prompts.core.plan import Link
from prompts.core.run_summaries import DrawnBy, Match, RunLine, Spend

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
LINE = RunLine(
    id="run-1", created_at=NOW - timedelta(minutes=5), source="page", person=None, prompt="What is a class?",
    targets=("openai:gpt-4o", "builtin:ngram-3"), completions=2, failed=0, interrupted=0, live=0,
    spend=Spend(Decimal("0.0021"), priced=1, free=1), best=None, stars=None, tags=(), notes=0, link=None,
    experiment=None,
)  # fmt: skip


def html(line: RunLine = LINE, *, whose: bool = False) -> str:
    return list_html([line], NOW, BERLIN, whose=whose)


def words(text: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", text).split())


def test_a_line_says_what_was_asked_when_by_whom_answered_and_for_how_much() -> None:
    assert words(html()) == "Select all shown Today What is a class? gpt-4o ngram-3 2 answers 5 min ago $0.0021"
    assert 'title="2026-11-24 12:55:00, Europe/Berlin"' in html()


def test_the_prompt_is_a_link_that_also_opens_beside_the_page() -> None:
    assert '<a class="history-prompt" href="./?run=run-1" data-follow>' in html()


def test_each_run_has_a_box_that_says_what_it_selects() -> None:
    assert '<input type="checkbox" data-tick value="run-1" aria-label="Select: What is a class?">' in html()
    assert html().count("<li class=") == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"failed": 1}, "1 failed"),
        ({"live": 2}, "2 being answered"),
        ({"interrupted": 1}, "1 missing Finish what is missing"),
        ({"best": "openai:gpt-4o"}, "gpt-4o best ngram-3"),
        ({"stars": 3.5}, "★ 3.5"),
        ({"notes": 2}, "2 notes"),
        ({"thumbs_up": 1}, "thumb up"),
        ({"thumbs_up": 2, "thumbs_down": 3}, "2 thumbs up 3 thumbs down"),
        ({"tags": ("keep", "prose")}, "keep prose"),
        ({"experiment": "Spring check"}, "Spring check"),
        ({"link": Link("again", "run-0")}, "run again"),
        ({"link": Link("edits", "run-0")}, "edited"),
        ({"link": Link("continues", "run-0")}, "follow-up"),
        ({"source": "cli"}, "command line"),
        ({"kept": "figures", "prompt": ""}, "The text of this run was not saved"),
        ({"targets": ("a:x", "b:x")}, "a:x b:x"),
        ({"targets": tuple(f"a:m{n}" for n in range(7))}, "m0 m1 m2 m3 m4 +2"),
        ({"spend": Spend(Decimal("0.0021"), priced=1, unknown=1)}, "≥ $0.0021"),
        ({"spend": Spend(unknown=2)}, "—"),
        ({"spend": Spend(free=2)}, "no fee"),
    ],
)
def test_what_is_special_about_a_run_is_said(change: dict[str, object], said: str) -> None:
    assert said in words(html(replace(LINE, **change)))


def test_a_cost_says_on_hover_what_it_is_made_of() -> None:
    says = html(replace(LINE, spend=Spend(Decimal("0.5"), priced=2, free=1, unknown=3)))
    assert "2 with a price, 1 without a fee, 3 of unknown cost, so the sum is at least this." in says


def test_who_asked_is_said_where_people_log_in() -> None:
    line = replace(LINE, person="ada@example.com")
    assert "ada@example.com" in html(line, whose=True)
    assert "ada@example.com" not in html(line)


def test_the_words_that_were_found_are_marked_in_prompt_and_answers() -> None:
    found = (
        Match("prompt", (("What is a ", False), ("class", True), ("?", False))),
        Match("openai:gpt-4o", (("… a ", False), ("class", True), (" makes objects", False))),
    )
    shown = html(replace(LINE, matches=found))
    assert ">What is a <mark>class</mark>?</a>" in shown
    assert "gpt-4o:</span> … a <mark>class</mark> makes objects</p>" in shown


def test_nobodys_text_becomes_markup() -> None:
    evil = '"><img src=x onerror=alert(1)>'
    line = replace(
        LINE, id=evil, prompt=evil, targets=(f"a:{evil}", f"b:{evil}"), best=f"a:{evil}", tags=(evil,),
        experiment=evil, person=evil, matches=(Match(f"a:{evil}", ((evil, True), (evil, False))),),
    )  # fmt: skip
    shown = html(line, whose=True) + html(replace(line, matches=(Match("prompt", ((evil, True),)),)))
    assert "<img" not in shown
    assert '="">' not in shown


def test_a_long_prompt_is_cut_and_its_lines_are_joined() -> None:
    shown = words(html(replace(LINE, prompt="one\n\ntwo " + "word " * 100)))
    assert "one two word" in shown
    assert shown.count("word") == 58
    assert " w… " in shown


def test_days_are_those_of_the_readers_clock() -> None:
    late = replace(LINE, id="2", created_at=datetime(2026, 11, 23, 23, 30, tzinfo=UTC))  # 0:30 in Berlin
    old = replace(LINE, id="3", created_at=datetime(2025, 3, 7, 8, 0, tzinfo=UTC))
    lines = [LINE, late, replace(late, id="4", created_at=late.created_at - timedelta(hours=2)), old]
    heads = re.findall("<h3[^>]*>([^<]*)", list_html(lines, NOW, BERLIN))
    assert heads == ["Today", "Yesterday", "Friday, 7 March 2025"]
    assert "<h3" not in list_html(lines, NOW, BERLIN, by_day=False)


def test_under_the_name_of_another_day_only_the_hour_is_said() -> None:
    before = replace(LINE, created_at=datetime(2026, 11, 23, 14, 30, tzinfo=UTC))
    assert ">15:30</time>" in html(before)
    assert ">yesterday 15:30</time>" in list_html([before], NOW, BERLIN, by_day=False)


def test_it_is_said_whether_there_are_more() -> None:
    lines = [LINE, replace(LINE, id="run-2")]
    assert "more below" not in list_html(lines, NOW, BERLIN)
    assert "<span>more below</span>" in list_html(lines, NOW, BERLIN, more=True)


def test_a_tag_is_a_button_that_says_which_one_it_is() -> None:
    assert 'data-pick="&lt;b&gt;&quot;"' in html(replace(LINE, tags=('<b>"',)))


def test_the_run_that_is_open_is_marked_as_the_current_one() -> None:
    lines = [LINE, replace(LINE, id="run-2")]
    assert "aria-current" not in list_html(lines, NOW, BERLIN)
    marked = re.findall('run=([^"]*)" data-follow aria-current="true"', list_html(lines, NOW, BERLIN, here="run-2"))
    assert marked == ["run-2"]


def test_a_line_shows_its_first_pictures_and_counts_the_others() -> None:
    drawn = tuple(DrawnBy(digest * 64, "openai:gpt-image-2") for digest in "abcdef")
    line = replace(LINE, pictures=drawn, drawn=9)
    shown = list_html([line], NOW, BERLIN, picture=lambda digest: f"api/v1/pictures/{digest[:2]}")
    assert re.findall('<img src="api/v1/pictures/(..)" loading="lazy"', shown) == ["aa", "bb", "cc", "dd", "ee", "ff"]
    assert shown.count('alt="Picture by gpt-image-2"') == 6
    assert "<span>+3</span>" in shown
    assert "<img" not in html()
