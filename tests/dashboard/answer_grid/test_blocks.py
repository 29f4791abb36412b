"""Cutting an answer into blocks while it arrives."""

from __future__ import annotations

import random

import pytest

from dashboard.answer_grid.blocks import Blocks, whole
from dashboard.answer_grid.markdown import LONGEST, render

TYPICAL = {
    "paragraphs": "One.\n\nTwo,\nthree.\n\n\nFour.",
    "headings": "# A\ntext\n\n## B\n\n- x\n- y\n\nend",
    "loose list": "Intro:\n\n1. one\n\n2. two\n\n   more of two\n\n3. three\n\nOutro",
    "nested list": "- a\n  - b\n\n    deep\n- c\n\n  ```py\n  x = 1\n\n  y = 2\n  ```\n- d\n\nend",
    "badly indented code in a list": "1. a\n  ```py\n  x = 1\n\nz = 3\n  ```\n2. b\n\nend",
    "numbers go on after code": "1. a\n\n```\ncode\n\nmore\n```\n\n2. b\n\n```\nx\n```\n\n3. c",
    "code after text": "So:\n```python\ndef f():\n\n    return 1\n```\nand\n~~~\n```\n~~~\nend",
    "code with longer fence": "````md\n```\ninner\n\n```\n````\nend",
    "unfinished code": "text\n\n```js\nlet a\n\nlet b\n",
    "indented code": "text\n\n    code\n\n    more\n\ntext",
    "table": "Text\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nText",
    "maths": "so\n\n$$\na\n+ b\n$$\n\nand \\[\n- c\n\\]\n\n\\[\nd\n\\]\nend",
    "quotes": "> a\n>\n> b\n\n> c\n\nd",
    "rules": "a\n\n---\n\nb\n***\nc",
    "references": "[a][1] and [^2]\n\n[1]: https://e.example\n[^2]: note",
    "windows lines": "a\r\n\r\n- b\r\n- c\r\n\r\n```\r\nd\r\n\r\n```\r\n",
}


@pytest.mark.parametrize("name", TYPICAL)
def test_the_blocks_in_a_row_are_the_whole(name: str) -> None:
    assert whole(TYPICAL[name]) == render(TYPICAL[name].removesuffix("\n") + "\n")


def test_nearly_every_heap_of_odd_lines_is_cut_only_where_it_may_be() -> None:
    lines = [
        "text", "para **bold** `c`", "# Head", "- item", "  - nested", "* star", "1. one", "2. two", "   cont",
        "    four", "\ttab", "```", "```py", "  ```", "   ```js", "~~~", "> quote", "---", "| a |", "|---|", "$$",
        "\\[", "\\]", "+ b", "- ```", "      deep", "10) ten", "<div>", "[r]: http://x", "", "", "", "", "",
    ]  # fmt: skip
    differ = 0
    for seed in range(1500):
        chance = random.Random(seed)
        text = "\n".join(chance.choices(lines, k=chance.randint(2, 14))) + "\n"
        differ += whole(text) != render(text)
    assert differ <= 1


@pytest.mark.parametrize("name", TYPICAL)
def test_the_cuts_depend_on_the_text_not_on_its_pieces(name: str) -> None:
    text = TYPICAL[name]
    at_once, in_pieces = Blocks(), Blocks()
    at_once.feed(text)
    for character in text:
        in_pieces.feed(character)
        in_pieces.tail_html()
    assert in_pieces.closed == at_once.closed
    assert in_pieces.tail_html() == at_once.tail_html()


def test_a_block_is_rendered_when_it_closes_and_never_again() -> None:
    blocks = Blocks()
    blocks.feed("First.\n\nSecond")
    assert blocks.closed == ["<p>First.</p>\n"]
    assert blocks.tail_html() == "<p>Second</p>\n"
    first = blocks.closed[0]
    blocks.feed(" part.\n\nThird")
    assert blocks.closed == [first, "<p>Second part.</p>\n"]
    assert blocks.closed[0] is first
    blocks.finish()
    assert blocks.closed[-1] == "<p>Third</p>\n"
    assert blocks.tail_html() == ""


def test_a_loose_list_stays_one_block() -> None:
    blocks = Blocks()
    blocks.feed("1. one\n\n2. two\n\n3. three\n")
    assert blocks.closed == []
    blocks.feed("\nEnd")
    assert len(blocks.closed) == 1


def test_open_code_is_plain_until_it_closes() -> None:
    blocks = Blocks()
    blocks.feed("```python\ndef f():\n\n    ret")
    assert blocks.closed == []
    assert blocks.tail_html() == '<pre data-lang="python"><code>def f():\n\n    ret</code></pre>\n'
    blocks.feed("urn\n```\n")
    assert '<span class="k">return</span>' in blocks.closed[0]
    assert blocks.tail_html() == ""


@pytest.mark.parametrize(
    ("arrived", "shown"),
    [
        ("Intro:\n-", "<p>Intro:</p>\n"),  # no heading that flashes up
        ("Intro:\n1. ", "<p>Intro:</p>\n"),
        ("so **bold te", "<p>so <strong>bold te</strong></p>\n"),
        ("so **", "<p>so</p>\n"),
        ("call `f(x", "<p>call <code>f(x</code></p>\n"),
        ("42", "<p>42</p>\n"),
    ],
)
def test_an_unfinished_line_does_not_flicker(arrived: str, shown: str) -> None:
    blocks = Blocks()
    blocks.feed(arrived)
    assert blocks.tail_html() == shown


def test_an_endless_block_is_handed_over_in_plain_pieces() -> None:
    text = "".join(f"line {n} <b>\n" for n in range(20_000))
    blocks = Blocks()
    for start in range(0, len(text), 1000):
        blocks.feed(text[start : start + 1000])
    assert len(blocks.closed) > 10
    assert len(blocks.tail_html()) < 10_000
    blocks.finish()
    assert all(block.startswith('<pre class="plain">') and "<b>" not in block for block in blocks.closed)
    assert "line 19999 " in blocks.closed[-1]


def test_an_endless_line_is_no_exception() -> None:
    blocks = Blocks()
    for _ in range(30):
        blocks.feed("x" * 10_000)
    blocks.finish()
    assert "".join(blocks.closed).count("x") == 300_000
    assert max(map(len, blocks.closed)) < 3 * LONGEST
