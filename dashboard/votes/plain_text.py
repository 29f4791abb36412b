"""An answer without its Markdown formatting (words, line breaks and code), so that only content is judged. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST = 200_000
"""A text with more characters is left as it is."""
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u20e3]+ ?")
_ENDS_OF_LINES = re.compile(r"[ \t]+$", re.MULTILINE)
_BLANKS = re.compile(r"\n{3,}")


def unformatted(markdown: str) -> str:
    """The words of `markdown`, without headings, bold, tables and emoji; each list item is on its own line."""
    if len(markdown) > LONGEST:
        return markdown
    text = "".join(_pieces(_parser().parse(markdown)))
    return _BLANKS.sub("\n\n", _ENDS_OF_LINES.sub("", _EMOJI.sub("", text))).strip()


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


_ENDS = {
    "paragraph_close": "\n\n", "heading_close": "\n\n", "list_item_close": "\n", "tr_close": "\n", "td_close": "  ",
    "th_close": "  ", "bullet_list_close": "\n", "ordered_list_close": "\n", "table_close": "\n",
}  # fmt: skip


def _pieces(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield from _inline(token.children or [])
        elif token.type in ("fence", "code_block", "html_block"):
            yield f"{token.content.rstrip()}\n\n"
        elif token.type == "paragraph_close" and token.hidden:
            yield "\n"
        else:
            yield _ENDS.get(token.type, "")


def _inline(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif token.type in ("text", "code_inline", "html_inline", "image"):
            yield token.content
