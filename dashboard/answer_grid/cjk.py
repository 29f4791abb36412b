"""Emphasis beside Chinese, Japanese and Korean: `**「強調」**です` is meant as bold, but CommonMark finds no end of it.

CommonMark wants a space or a punctuation mark after a `**` that follows a punctuation mark. These scripts put no
spaces between words, so beside one of their characters a mark may open before anything but a space, and close after
anything but a space.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, emphasis, strikethrough
from markdown_it.rules_inline.state_inline import Scanned

_CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uffef\U00020000-\U0003ffff]"
)


def enable(parser: MarkdownIt) -> None:
    """Let emphasis and strikethrough begin and end beside these scripts."""
    for name, rule in (("emphasis", emphasis.tokenize), ("strikethrough", strikethrough.tokenize)):
        parser.inline.ruler.at(name, partial(_beside, rule))


def _beside(rule: Callable[[StateInline, bool], bool], state: StateInline, silent: bool) -> bool:
    state.scanDelims = partial(_scan, state)  # type: ignore[method-assign]
    return rule(state, silent)


def _scan(state: StateInline, start: int, can_split_word: bool) -> Scanned:
    found = StateInline.scanDelims(state, start, can_split_word)
    before = state.src[start - 1 : start] or " "
    after = state.src[start + found.length : start + found.length + 1] or " "
    if not can_split_word or not (_CJK.match(before) or _CJK.match(after)):
        return found
    can_open, can_close = found.can_open or not after.isspace(), found.can_close or not before.isspace()
    return Scanned(can_open, can_close, found.length)
