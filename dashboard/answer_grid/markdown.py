"""An answer's Markdown as safe HTML: the one renderer for live view, history and export.

Decides which parts of Markdown are understood and which HTML they become. Model text is untrusted: markup in it
is shown as text, an image becomes a labelled chip and is never fetched, and a link leads to http, https or mailto
only and names its host. Reference definitions stay text, so that no block depends on another. Text that is too
long, deep or dense to lay out cheaply is shown as plain text, complete, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise, takewhile
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from dashboard.answer_grid import cjk, maths
from dashboard.answer_grid.colours import code_block
from dashboard.answer_grid.fences import lengthened
from dashboard.answer_grid.leads_to import leads_to, says_where
from prompts.core.printable import escape

LONGEST = 50_000
"""Characters of one block that are still parsed; beyond, it is plain text."""
_DEEPEST = 20
_MOST_BRACKETS = 1_000  # each may open a link, and every one is tried to the end of its paragraph
_MOST_FORMULAS = 200
_MOST_TAGS = 8_000
"""Tags in the HTML of one block: whatever they mark (cells, items, links, coloured words), each is work to draw."""

_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_BREAK_TAG = "break_tag"

Env = dict[str, Any]


def render(markdown: str, *, coloured: bool = True) -> str:
    """Safe HTML of one block or a whole text; `coloured` may be off while code is still arriving."""
    if len(markdown) > LONGEST or markdown.count("[") > _MOST_BRACKETS:
        return _as_it_is(markdown, "very long" if len(markdown) > LONGEST else "many brackets", said=coloured)
    text, markdown = markdown, lengthened(markdown)
    parser = _parser(len(maths.DELIMITER.findall(markdown)) <= _MOST_FORMULAS)
    env: Env = {"coloured": coloured, "hosts": []}
    tokens = parser.parse(markdown, env)
    if _depth(tokens) > _DEEPEST:
        return _as_it_is(text, "deeply nested", said=coloured)
    html: str = parser.renderer.render(tokens, parser.options, env)
    return _as_it_is(text, "many parts", said=coloured) if html.count("<") > _MOST_TAGS else html


def _as_it_is(markdown: str, why: str, *, said: bool) -> str:
    """The complete text, not laid out, and if `said` a line before it with the reason."""
    return (f'<p class="chip">[{why}: shown as plain text]</p>\n' if said else "") + plain(markdown)


def plain(text: str) -> str:
    """Safe HTML that shows a text exactly as it is, line breaks and spaces included."""
    return f'<pre class="plain">{escape(text, quote=False)}</pre>\n'


def warm() -> None:
    """Load now what the first answer would otherwise load in the middle of somebody's measurement."""
    for language in ("python", "javascript", "bash", "json", "sql"):
        render(f"```{language}\nx = 1\n```\n| a |\n|---|\n| $x^2$ |\n")


@cache
def _parser(with_maths: bool) -> MarkdownIt:
    # A line break in an answer is shown: models write verse and lists of lines so, and hardly ever wrap prose.
    # The parser drops what is nested deeper than `maxNesting`, so the limit above must be met first.
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 4 * _DEEPEST})
    parser.enable(["table", "strikethrough"]).disable("reference")
    cjk.enable(parser)
    if with_maths:
        maths.enable(parser)
    parser.validateLink = lambda url: leads_to(url) is not None
    for kind, rule in {
        "text": _text, "code_inline": _inline_code, "fence": _fence, "code_block": _code,
        "link_open": _link_open, "link_close": _link_close, "image": _image,
        "heading_open": _heading, "heading_close": _heading, "th_open": _cell, "td_open": _cell,
        "table_open": lambda *_: '<div class="table"><table dir="auto">\n',
        "table_close": lambda *_: "</table></div>\n",
    }.items():  # fmt: skip
        parser.renderer.rules[kind] = rule  # type: ignore[attr-defined]
    parser.core.ruler.push("direction", _give_direction)
    parser.inline.ruler.before("autolink", "line_break", _line_break)
    parser.core.ruler.push("line_breaks", _breaks_in_cells)
    return parser


def _line_break(state: StateInline, silent: bool) -> bool:
    """Recognise `<br>`. It breaks lines in table cells only, where Markdown has no other way; elsewhere it is text."""
    found = _BREAK.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push(_BREAK_TAG, "", 0).content = found[0]
    state.pos = found.end()
    return True


def _breaks_in_cells(state: StateCore) -> None:
    for before, inline in pairwise(state.tokens):
        for token in inline.children or ():
            if token.type == _BREAK_TAG:
                token.type = "hardbreak" if before.type in ("td_open", "th_open") else "text"


def _give_direction(state: StateCore) -> None:
    """Let bullets, numbers and the bar of a quotation stand on the side where their text begins, left or right."""
    for token in state.tokens:
        if token.type in ("bullet_list_open", "ordered_list_open", "blockquote_open"):
            token.attrSet("dir", "auto")


def _text(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    return escape(tokens[index].content)


def _inline_code(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    return f"<code>{escape(tokens[index].content)}</code>"


def _link_open(tokens: Sequence[Token], index: int, _options: object, env: Env) -> str:
    href = str(tokens[index].attrs.get("href", ""))
    host = leads_to(href)
    inside = list(takewhile(lambda token: token.type != "link_close", tokens[index + 1 :]))
    says = inside[0].content.strip() if len(inside) == 1 and inside[0].type == "text" else ""
    env["hosts"].append("" if says_where(says, href) else host)
    if host is None:
        return "<span>"
    return f'<a href="{escape(href)}" target="_blank" rel="noopener noreferrer"><bdi>'


def _link_close(_tokens: Sequence[Token], _index: int, _options: object, env: Env) -> str:
    host = env["hosts"].pop()
    if host is None:
        return "</span>"
    return f'</bdi></a> <bdi class="host">{escape(host)}</bdi>' if host else "</bdi></a>"


def _image(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    host = leads_to(str(tokens[index].attrs.get("src", ""))) or "nowhere"
    alt = " ".join(_words(tokens[index].children or ())) or "no description"
    return f'<span class="chip">[image: {escape(alt)} — {escape(host)}]</span>'


def _words(tokens: Sequence[Token]) -> list[str]:
    return [word for t in tokens for word in (_words(t.children) if t.children else t.content.split())]


def _fence(tokens: Sequence[Token], index: int, _options: object, env: Env) -> str:
    language = (tokens[index].info.split() or [""])[0]
    return code_block(tokens[index].content, language, coloured=env["coloured"])


def _code(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    return code_block(tokens[index].content, "")


def _heading(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    # Two levels down, because the page's title and the column's are above an answer's first heading.
    level = min(6, int(tokens[index].tag[1]) + 2)
    return f"<h{level}>" if tokens[index].nesting > 0 else f"</h{level}>\n"


def _cell(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    align = str(tokens[index].attrs.get("style", "")).removeprefix("text-align:")
    known = align if align in ("left", "right", "center") else ""
    return f'<{tokens[index].tag} class="{known}">' if known else f"<{tokens[index].tag}>"


def _depth(tokens: Sequence[Token]) -> int:
    depth = deepest = 0
    for token in tokens:
        depth += token.nesting
        deepest = max(deepest, depth, depth + _depth(token.children or ()))
    return deepest
