"""A run as one file: figures as on the page, everything foreign as text, and nothing that reaches outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from html import escape, unescape
from html.parser import HTMLParser

import pytest

from dashboard.exports.html_report import report
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.feedback import Mark
from prompts.core.plan import WARM_UP
from prompts.core.targets import Target
from providers.completion import Cost, CostLine
from providers.config.connections import PRESETS
from providers.errors import failure
from providers.interface import Attachment, Message, Settings, Usage
from tests.dashboard.conftest import MakeAnswer
from tests.runs import answer_of, asked, ended, run_of

HOSTILE = "</pre></style></title><script>alert(1)</script><img src=x onerror=alert(2)>' onclick='x\" onload=\"y"
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Tags(HTMLParser):
    """Every element with its attributes, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def made(*answers: Answer, prompt: str = "Why?", **more: object) -> str:
    return report(run_of(prompt, list(answers), created_at=AT, **more), PRESETS)  # pyright: ignore[reportArgumentType]


def article_of(html: str, number: int = 0) -> str:
    return re.findall(r"<article class='column'>.*?</article>", html, re.DOTALL)[number]


def rows_of(html: str) -> Iterator[dict[str, str]]:
    """The rows of the table of figures: text by header."""
    head, *_ = re.findall(r"<thead>.*?</thead>", html, re.DOTALL)
    headers = [unescape(name) for name in re.findall(r"<th[^>]*>(.*?)</th>", head)]
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
        cells = [unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        yield dict(zip(headers, cells, strict=True))


def shown(html: str) -> dict[str, str]:
    """The figures under the first answer, by name."""
    return {unescape(name): unescape(value) for name, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html)}


@pytest.fixture
def hostile(answer: MakeAnswer) -> str:
    """A file with hostile text wherever a stranger can write."""
    bad = answer(
        f"m{HOSTILE}", text=f"{HOSTILE}\n\n![pixel](https://evil.example/p.png)\n\n[link](javascript:alert(3))",
        state="failed", error=failure("bad_request", HOSTILE), settings=Settings(system=HOSTILE, seed=3),
        cost=Cost("amount", Decimal(1), (CostLine("input", 1, Decimal(1), Decimal(1)),), HOSTILE, HOSTILE, HOSTILE),
    )  # fmt: skip
    assert bad.completion is not None
    bad = ended(bad, replace(bad.completion, thinking=HOSTILE), note=HOSTILE)
    bad = asked(bad, history=(Message("user", HOSTILE), Message("assistant", HOSTILE)))
    return made(
        bad, prompt=HOSTILE, settings=Settings(stop=(HOSTILE,)), attachments=(Attachment(HOSTILE, "image/png", b"x"),)
    )


def test_whatever_a_stranger_writes_is_text(hostile: str) -> None:
    found = Tags(hostile).found
    tags = {tag for tag, _ in found}
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "link", "base", "svg", "audio", "video"}
    assert not [name for _, attributes in found for name in attributes if name.startswith("on")]
    for tag in ("style", "title", "body", "html"):
        assert [each for each, _ in found].count(tag) == 1, tag
    assert not [a["href"] for _, a in found if not (a.get("href") or "https://").startswith(("http", "mailto"))]


def test_hostile_text_is_still_there_to_read(hostile: str) -> None:
    assert hostile.count("&lt;script&gt;") >= 9


def test_nothing_in_the_file_is_fetched_from_elsewhere(hostile: str, answer: MakeAnswer) -> None:
    calm = made(answer(text="Some *text* with `code`:\n\n```python\nx = 1\n```\n\n| a |\n|---|\n| 1 |"))
    for html in (hostile, calm):
        style = html.partition("<style>")[2].partition("</style>")[0]
        assert "url(" not in style
        assert "@import" not in style
        assert not [a for _, a in Tags(html).found if {"src", "srcset", "data", "poster", "action"} & a.keys()]
    assert "http" not in calm.replace("http-equiv", "")


def test_the_files_own_policy_forbids_what_is_left(answer: MakeAnswer) -> None:
    policy = next(a["content"] or "" for tag, a in Tags(made(answer())).found if "http-equiv" in a)
    assert policy.startswith("default-src 'none';")
    assert "script-src" not in policy
    assert "img-src data:;" in policy, "pictures of the file itself, none from elsewhere"


def test_answers_look_as_on_the_page(answer: MakeAnswer) -> None:
    html = made(answer(text="Some **bold** words.\n\n- one\n- two"))
    assert "<strong>bold</strong>" in html
    assert "li::marker" in html, "the style of answers is in the file"


def test_it_is_dark_on_a_dark_screen_and_light_on_paper(answer: MakeAnswer) -> None:
    html = made(answer())
    assert "@media screen and (prefers-color-scheme:dark){:root{--st-text-color:" in html
    assert html.index("--st-text-color:#1d2321") < html.index("--st-text-color:#e6e8e6")


def test_numbers_stand_right_below_their_headers(answer: MakeAnswer) -> None:
    html = made(answer())
    heads = re.findall(r"<th( class='right')? title=", html)
    cells = re.findall(r"<td( class='right')?>", html.partition("<tbody>")[2].partition("</tbody>")[0])
    assert heads == cells
    assert 0 < sum(map(bool, heads)) < len(heads)


def test_figures_are_those_of_the_page(answer: MakeAnswer) -> None:
    asked = answer(
        first=0.1234, duration=75.31, rate=104.6, usage=Usage(12345, 6789), cost=Cost("amount", Decimal("0.0021"))
    )
    html = made(asked)
    figures = shown(html)
    assert figures["first token"] == text_of.seconds(0.1234) == "123 ms"
    assert figures["duration"] == text_of.seconds(75.31)
    assert figures["tokens/s"] == text_of.rate(104.6)
    assert figures["in"] == text_of.count(12345)
    assert figures["cost"] == text_of.money(Decimal("0.0021"))
    (row,) = rows_of(html)
    assert row["First token"] == "123 ms"
    assert row["Duration"] == text_of.seconds(75.31)
    assert row["Tokens/s"] == text_of.rate(104.6)
    assert (row["Tokens in"], row["Tokens out"], row["Cost"]) == ("12,345", "6,789", "$0.0021")


def test_what_is_unknown_is_never_zero(answer: MakeAnswer) -> None:
    html = made(answer(first=None, duration=None, rate=None, usage=Usage(), cost=Cost("unknown", reason="no counts")))
    figures = shown(html)
    assert {figures[name] for name in ("first token", "duration", "tokens/s", "in", "out", "cost")} == {"—"}
    assert "no counts" in article_of(html)


def test_a_model_without_a_fee_says_so(answer: MakeAnswer) -> None:
    html = made(answer("llama3.3", "ollama", cost=Cost("local", reason="runs on your own machine; no fee is charged")))
    assert "Cost: no fee" in article_of(html)
    assert next(rows_of(html))["Cost"] == "no fee"


def test_warm_ups_are_left_out_and_repeats_are_there(answer: MakeAnswer) -> None:
    answers = [answer(text=text) for text in ("warming", "first", "second")]
    answers = [asked(each, repeat=repeat) for each, repeat in zip(answers, (WARM_UP, 0, 1), strict=True)]
    html = made(*answers, fair=True)
    assert "warming" not in html
    assert len(list(rows_of(html))) == html.count("<article") == 2
    assert "GPT-4o · repeat 2" in article_of(html, 1)
    assert "each asked 2 times" in html
    assert "a fair race: one warm-up each, not shown" in html


def test_a_failure_is_shown_with_its_error_beside_answers_that_came(answer: MakeAnswer) -> None:
    broken = answer(
        state="failed", text="", first=None, error=failure("auth", "Incorrect API key provided", status=401)
    )
    html = made(answer(), broken)
    assert "Incorrect API key provided" in article_of(html, 1)
    assert "The key was not accepted by OpenAI" in article_of(html, 1)
    assert ">failed<" in article_of(html, 1)
    assert "class='problem'" not in article_of(html, 0)
    assert [row["Outcome"] for row in rows_of(html)] == ["complete", "failed: auth"]


def test_earlier_turns_are_folded(answer: MakeAnswer) -> None:
    history = (Message("user", "First *question*"), Message("assistant", "First **answer**"))
    html = made(asked(answer(text="The answer."), history=history))
    assert "a later turn of a conversation" in html
    assert re.search(r"<details><summary>Earlier: user</summary>.*?First \*question\*", html)
    assert re.search(r"<details><summary>Earlier: assistant</summary>.*?First <strong>answer</strong>", html)
    assert "<details open" not in html


def test_thinking_is_folded_as_it_is(answer: MakeAnswer) -> None:
    thought = answer()
    assert thought.completion is not None
    thought = ended(thought, replace(thought.completion, thinking="Let me **see**"))
    assert re.search(r"<details><summary>Thinking</summary>.*?Let me \*\*see\*\*", made(thought))


def test_the_receipt_shows_tokens_times_price(answer: MakeAnswer) -> None:
    lines = (
        CostLine("input", 12000, Decimal("2.50"), Decimal("0.03")),
        CostLine("output", 900, Decimal("10"), Decimal("0.009")),
    )
    html = made(answer(cost=Cost("amount", Decimal("0.039"), lines, "list prices", "2026-11-01", "gpt-4o")))
    receipt = re.findall(r"<details><summary>Cost: \$0.039</summary>(.*?)</details>", html)[0]
    cells = [unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", receipt)]
    assert cells == ["input", "12,000", "$2.50", "$0.030", "output", "900", "$10.00", "$0.009"]
    assert "list prices for gpt-4o, as of 2026-11-01" in receipt


def test_columns_with_settings_of_their_own_say_so(answer: MakeAnswer) -> None:
    html = made(answer(), answer(settings=Settings(temperature=0.2)), settings=Settings())
    assert "differs: temperature 0.2" in article_of(html, 1)
    assert "differs" not in article_of(html, 0)
    assert "all with" not in html
    assert "all with temperature 0.2" in made(
        answer(settings=Settings(temperature=0.2)), settings=Settings(temperature=0.2)
    )


def test_a_run_with_nothing_answered_is_a_file_too() -> None:
    html = made(answer_of(Target("openai", "gpt-4o"), 0, 0), answer_of(Target("nowhere", "gone"), 1, 1))
    assert len(list(rows_of(html))) == html.count("<article") == 2
    assert "<dl" not in html
    assert ">waiting<" in article_of(html)


def test_broken_characters_do_not_break_the_file(answer: MakeAnswer) -> None:
    file = made(answer(text="half \ud83d of a fox"), prompt="half \udc00 too").encode()
    assert b"half ? too" in file
    assert b"of a fox" in file


def test_the_file_says_what_was_asked_and_when(answer: MakeAnswer) -> None:
    html = made(answer(), prompt="One\n  two", attachments=(Attachment("plan.pdf", "application/pdf", b"x"),))
    assert "<h1>One two</h1>" in html
    assert "<pre class='plain'>One\n  two</pre>" in html
    assert "Attached: plan.pdf" in html
    assert "2026-11-23 12:00 UTC" in html


def test_what_people_say_stands_with_the_answer_and_in_the_table(answer: MakeAnswer) -> None:
    rated, silent = answer(), answer("o3")
    marks = (Mark("ana", 1, 4, best=True, note="Two\nlines."), Mark("", stars=2, note=HOSTILE))
    rated = replace(rated, marks=marks, tags=(HOSTILE[:50],))
    html = made(rated, silent)
    first, second = article_of(html), article_of(html, 1)
    assert re.findall(r"<span class='say' data-kind='\w+' title='[^']*'>([^<]*)", first)[:3] == [
        "Best",
        "★ 3",
        "thumb up",
    ]
    assert "Note by ana:</p><p class='plain remark'>Two\nlines.</p>" in first
    assert escape(HOSTILE) in first
    assert "<script" not in html
    assert "class='say" not in second
    assert [row["Rating"] for row in rows_of(html)] == ["Best, ★ 3, thumb up", "—"]
    assert "Rating" not in made(silent)
