"""A pair as HTML: complete, safe, and formatted only where that is wanted."""

import re

from dashboard.votes.given_html import given_html
from dashboard.votes.pair_html import pair_html
from dashboard.votes.plain_text import unformatted
from prompts.votes.showing import ShownAnswer, ShownPair
from tests.prompts.votes.made import a_vote

FORMATTED = """# Title

**Bold** and ✨ `code`

- one
- two

| a | b |
|---|---|
| c | d |

```py
x = 1
```

<b>tag</b>"""


def a_pair(left="left text", right="right text", plain=False, earlier=()):
    return ShownPair(ShownAnswer(left, plain, False), ShownAnswer(right, plain, True), "Asked", earlier, False)


def test_both_answers_and_the_prompt_are_there_and_nothing_runs():
    evil = "<script>alert(1)</script> ![x](https://evil.example/a.png)"
    html = pair_html(a_pair(evil, "fine", earlier=(("user", "<i>hi</i>"),)), "<b>Ask</b>")
    assert html.index("Left") < html.index("Right") < html.index("fine")
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;b&gt;Ask&lt;/b&gt;" in html
    assert "&lt;i&gt;hi&lt;/i&gt;" in html
    assert html.count("Cut off") == 1


def test_formatting_is_shown_or_taken_off():
    assert "<strong>" in pair_html(a_pair(FORMATTED), "")
    bare = unformatted(FORMATTED)
    assert [line for line in bare.splitlines() if line] == [
        "Title", "Bold and code", "one", "two", "a  b", "c  d", "x = 1", "<b>tag</b>",
    ]  # fmt: skip
    assert "<strong>" not in pair_html(a_pair(bare, plain=True), "")


def test_text_without_formatting_stays_word_for_word():
    text = "First line\nsecond line\n\nA price of $5 * 3 and a_name_with_parts."
    assert unformatted(text) == text
    assert unformatted("x" * 300_000) == "x" * 300_000


def test_given_votes_name_both_models_and_mark_the_one_that_was_chosen():
    html = given_html([a_vote("A<b>", "B", "right", reason="tone", gave_away=True)], {})
    assert "A&lt;b&gt;" in html
    assert "<td data-won>B</td>" in html
    assert "better tone · named its model" in html


def test_given_votes_on_pictures_show_them_with_the_names():
    vote = a_vote("A<b>", "B", "right")
    hers = [("api/v1/pictures/a", ""), ("api/v1/pictures/b", "A cat’s <b>")]
    html = given_html([vote], {vote.left.completion_id: hers, "another": [("api/v1/pictures/c", "")]})
    assert re.findall('<img[^>]* src="([^"]*)"[^>]* alt="([^"]*)"', html) == [
        ("api/v1/pictures/a", "Picture by A&lt;b&gt;"), ("api/v1/pictures/b", "A cat’s &lt;b&gt;"),
    ]  # fmt: skip


def test_a_prompt_that_all_cases_share_is_behind_a_click_and_as_safe():
    html = pair_html(a_pair(), "mail: Hi", "<i>Sort</i> mail: Hi")
    assert html.index("mail: Hi</p><details>") < html.index("&lt;i&gt;Sort&lt;/i&gt; mail: Hi</p></details>")
    assert "<details" not in pair_html(a_pair(), "mail: Hi")


def test_pictures_stand_in_place_of_texts_and_are_named_by_their_side():
    left, right = (ShownAnswer("", False, False, (f"api/v1/pictures/{each}",)) for each in "ab")
    html = pair_html(ShownPair(left, right, "Asked", (), False), "A cat?")
    assert re.findall('<img[^>]* src="([^"]*)"[^>]* alt="([^"]*)"', html) == [
        ("api/v1/pictures/a", "Left picture"), ("api/v1/pictures/b", "Right picture"),
    ]  # fmt: skip
