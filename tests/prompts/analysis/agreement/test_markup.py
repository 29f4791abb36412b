"""Lines of Markdown and their kinds."""

import pytest

from prompts.analysis.agreement.markup import bare, cells, lines, paragraphs

TEXT = """# Title

First line
goes on here.
Second: a line of its own

- one
- [x] two
1. three

> quoted
---
~~~
# no heading
```
~~~
| a | b |
|---|:-:|
| **c** | d |
"""


def test_each_line_knows_its_kind() -> None:
    kinds = [line.kind for line in lines(TEXT) if line.kind != "blank"]
    assert kinds == [
        "heading", "prose", "prose", "prose", "item", "item", "item", "prose", "fence", "code", "code", "table",
        "table_rule", "table",
    ]  # fmt: skip


def test_paragraphs_are_prose_and_items_only() -> None:
    assert list(paragraphs(lines(TEXT))) == [
        "First line goes on here.", "Second: a line of its own", "one", "two", "three", "quoted",
    ]  # fmt: skip


def test_a_wrapped_line_goes_on_also_before_a_capital() -> None:
    assert list(paragraphs(lines("He built a part of the\nStatue of Liberty,\nNew York.\nA line"))) == [
        "He built a part of the Statue of Liberty, New York.", "A line",
    ]  # fmt: skip


def test_cells_of_tables_are_found_without_marks() -> None:
    assert list(cells(lines(TEXT))) == ["a", "b", "c", "d"]


def test_a_fence_that_is_never_closed_holds_the_rest() -> None:
    assert [line.kind for line in lines("```\na\n# b")] == ["fence", "code", "code"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("$$ a = b $$\nc", ["code", "prose"]),
        ("$$\na = b\n$$\nc", ["code", "code", "code", "prose"]),
        ("\\[\na = b\n\\]\nc", ["code", "code", "code", "prose"]),
        ("$$ is the process id\nc", ["prose", "prose"]),
        ("```\n$$\n```\n$$", ["fence", "code", "prose"]),
    ],
)
def test_displayed_formulas_are_no_prose(text: str, kinds: list[str]) -> None:
    assert [line.kind for line in lines(text)] == kinds


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("**bold** and *slanted* and __both__", "bold and slanted and both"),
        ("call `f(x)` now", "call f(x) now"),
        ("see [the docs](https://a.example/b) or https://c.example/d?e=f", "see the docs or"),
        ("![a tower](https://a.example/x.png) stands", "a tower stands"),
        ("a<br>b [1] c[^2]", "a b c"),
        ("2 * 3 = 2*3 and snake_case", "2 * 3 = 2*3 and snake_case"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("for $n > 1$ servers and \\(x\\)", "for n > 1 servers and x"),
        ("from $5 to $6, or US$ and $", "from $5 to $6, or US$ and $"),
    ],
)
def test_marks_are_taken_off_and_words_stay(text: str, left: str) -> None:
    assert bare(text) == left
