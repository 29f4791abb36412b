"""Fences within fences of Markdown, where they can be told; all others end where CommonMark ends them."""

import pytest

from dashboard.answer_grid.blocks import Blocks, whole
from dashboard.answer_grid.fences import lengthened
from dashboard.answer_grid.markdown import render

NESTED = {
    "one": "```markdown\n# T\n```python\nx = 1\n```\nmore\n```\n\nAfter **bold**.\n",
    "two": "```md\n```sh\na\n```\n```js\nb\n```\nmore\n```\n\nAfter **bold**.\n",
    "tildes": "~~~markdown\n~~~sh\na\n~~~\nmore\n~~~\n\nAfter **bold**.\n",
    "in a list": "1. item\n\n   ```markdown\n   ```js\n   a\n   ```\n   more\n   ```\n\n   After **bold**.\n",
    "longer inside": "```mdx\n````js\na\n````\nmore\n```\n\nAfter **bold**.\n",
    "three deep": "```markdown\n```markdown\n```js\na\n```\n```\nmore\n```\n\nAfter **bold**.\n",
    "end of line": "```Markdown\r\n```js\r\na\r\n```\r\nmore\r\n```\r\n\r\nAfter **bold**.\r\n",
    "two blocks": "```md\n```js\na\n```\nmore\n```\n\nBetween.\n\n```md\n```js\nb\n```\n```\n\nAfter **bold**.\n",
}
PLAIN = {
    "no inner fence": "```markdown\n# T\n```\n\nAfter **bold**.\n",
    "without an end of its own": "```markdown\n```js\na\n```\n\nAfter **bold**.\n",
    "another language": "```text\n```js\na\n```\n\nAfter **bold**.\n",
    "longer outside": "````markdown\n```js\na\n```\nmore\n````\n\nAfter **bold**.\n",
}


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED.keys())
def test_what_follows_the_inner_fence_is_still_in_the_outer_one(text: str) -> None:
    html = whole(text)
    assert "<strong>bold</strong>" in html
    code = html[html.index("<pre") : html.index("</pre>")]
    assert "more" in code
    assert "<pre" not in html[html.index("<strong>") :]


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN.keys())
def test_others_end_where_commonmark_ends_them(text: str) -> None:
    assert lengthened(text) == text
    assert "<strong>bold</strong>" in whole(text)


@pytest.mark.parametrize("text", [*NESTED.values(), *PLAIN.values()], ids=[*NESTED, *PLAIN])
@pytest.mark.parametrize("size", [1, 7])
def test_an_answer_in_pieces_becomes_what_it_is_in_one(text: str, size: int) -> None:
    blocks = Blocks()
    for start in range(0, len(text), size):
        blocks.feed(text[start : start + size])
        assert "<" in blocks.tail_html() or not blocks.tail_html()
    blocks.finish()
    assert "".join(blocks.closed) == whole(text)


@pytest.mark.parametrize("text", [*NESTED.values(), *PLAIN.values()], ids=[*NESTED, *PLAIN])
def test_blocks_in_a_row_are_what_the_whole_text_gives(text: str) -> None:
    assert whole(text) == render(text)
