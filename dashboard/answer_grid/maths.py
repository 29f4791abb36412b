"""Formulas in answers: where they begin and end, and LaTeX as MathML.

Owns the delimiters `$..$`, `$$..$$`, `\\(..\\)` and `\\[..\\]`, and the list of MathML tags and attributes that may
leave this module. The converter's own serialisation is not used: it leaves a `<` in a formula unescaped, and
`\\href`, `\\style` and `\\class` become live attributes. What cannot be converted is shown as code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar

from dashboard.answer_grid.formula_marks import is_between_brackets, is_between_dollars
from prompts.core.printable import escape

DELIMITER = re.compile(r"\$|\\[(\[]")

TAGS = frozenset(
    "math mrow mi mn mo ms mtext mspace msup msub msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd"
    " mpadded mphantom menclose mstyle mmultiscripts mprescripts none".split()
)
ATTRIBUTES = frozenset(
    "display stretchy fence form accent accentunder movablelimits largeop symmetric separator minsize maxsize lspace"
    " rspace width height depth voffset mathvariant displaystyle scriptlevel columnalign columnspacing columnlines"
    " rowspacing rowlines linethickness notation".split()
)
# Words and short lengths only: nothing that could carry an address, a declaration or a page-wide shift.
_VALUE = re.compile(r"(?:[a-z -]{1,40}|[+-]?\d{0,2}(?:\.\d{1,4})?(?:em|ex|px|pt|mu|cm|mm|in|%)?)", re.IGNORECASE)
# Macros can grow without bound; the other commands are not mathematics.
_REFUSED = re.compile(
    r"\\(?:\w*def|let|\w*command|DeclareMathOperator|href|class|style|require)(?![a-z])", re.IGNORECASE
)
_THIN = '<mspace width="0.17em"></mspace>'
_CLOSING = {"$$": "$$", "\\[": "\\]"}
_LONGEST = 2_000
_DEEPEST = 20


def enable(parser: MarkdownIt) -> None:
    """Teach a parser the four kinds of delimiters."""
    # A price is no formula: "$5 and $6" has a digit after its second dollar, "$a and b $" a space before it.
    dollarmath_plugin(
        parser, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False, double_inline=True
    )
    parser.inline.ruler.at("math_inline", _inline_dollars)
    parser.inline.ruler.before("escape", "math_brackets", _inline_brackets)
    parser.block.ruler.at("math_block", _block, {"alt": ["paragraph"]})  # the plugin's cannot follow a line of text
    for kind, template, display in (
        ("math_inline", '<span class="math">{}</span>', False),
        ("math_inline_double", '<span class="math wide">{}</span>', True),
        ("math_block", '<div class="math wide">{}</div>\n', True),
    ):
        parser.renderer.rules[kind] = _rule(template, display)  # type: ignore[attr-defined]


def _rule(template: str, display: bool) -> Callable[..., str]:
    def rule(tokens: Sequence[Token], index: int, *_: object) -> str:
        return template.format(mathml(tokens[index].content.strip(), display))

    return rule


@lru_cache(maxsize=2_000)
def mathml(source: str, display: bool) -> str:
    """One formula as MathML; its LaTeX source as code where that is refused or cannot be converted."""
    if len(source) <= _LONGEST and _depth(source) <= _DEEPEST and not _REFUSED.search(source):
        try:
            return _serialise(convert_to_element(source, display="block" if display else "inline"))
        except Exception:  # noqa: BLE001, S110 - the converter raises whatever its tables and recursion raise
            pass
    return f"<code>{escape(source, quote=False)}</code>"


def _serialise(element: Element) -> str:
    if element.tag not in TAGS:
        raise ValueError(element.tag)
    attributes = "".join(
        f' {name}="{value}"' for name, value in element.items() if name in ATTRIBUTES and _VALUE.fullmatch(value)
    )
    # The converter writes symbols as character references into the text, and means them to be resolved.
    inner = escape(unescape(element.text or ""), quote=False) + "".join(_spaced(element))
    return f"<{element.tag}{attributes}>{inner}</{element.tag}>"


def _spaced(parent: Element) -> Iterator[str]:
    """The children of an element, with the thin space that TeX leaves around `log` and its like in a row."""
    children = list(parent)
    for index, child in enumerate(children):
        named = parent.tag in ("mrow", "mtd") and _is_named(child)
        if named and index > 0 and children[index - 1].tag != "mo":
            yield _THIN
        yield _serialise(child)
        if named and index + 1 < len(children) and children[index + 1].tag != "mo":
            yield _THIN


def _is_named(element: Element) -> bool:
    while element.tag in ("msub", "msup", "msubsup") and len(element):
        element = element[0]
    text = element.text or ""
    return element.tag == "mi" and len(text) > 1 and text.isalpha()


def _depth(source: str) -> int:
    depth = deepest = 0
    for mark in re.findall(r"\\left\b|\\right\b|\\begin\b|\\end\b|[{}^_]", source):
        opens = mark in ("{", "\\left", "\\begin")
        depth += 1 if opens else -1 if mark not in ("^", "_") else 0
        deepest = max(deepest, depth)
    return deepest


_DOLLARS = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)


def _inline_dollars(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if state.src[start] != "$" or not _DOLLARS(state, True):
        return False
    end, state.pos = state.pos, start
    marks = 2 if state.src.startswith("$$", start) else 1
    content = state.src[start + marks : end - marks]
    if not is_between_dollars(state.src[max(0, start - 1) : start], content, state.src[end : end + 4]):
        return False
    return _DOLLARS(state, silent)


def _inline_brackets(state: StateInline, silent: bool) -> bool:
    opening = state.src[state.pos : state.pos + 2]
    if opening not in ("\\(", "\\["):
        return False
    end = state.src.find("\\)" if opening == "\\(" else "\\]", state.pos + 2, state.posMax)
    content = state.src[state.pos + 2 : end]
    before = state.src[max(0, state.pos - 1) : state.pos]
    if end < 0 or not content.strip() or not is_between_brackets(before, content, displayed=opening == "\\["):
        return False
    if not silent:
        token = state.push("math_inline" if opening == "\\(" else "math_inline_double", "math", 0)
        token.content = content
    state.pos = end + 2
    return True


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A displayed formula: `\\[` or `$$` begins a line, its counterpart ends that or a later one, without a blank line
    or fence between them.
    """
    first = _line(state, start)
    closing = _CLOSING.get(first[:2])
    if closing is None or state.is_code_block(start):
        return False
    text = first[2:]
    last = start
    while not text.endswith(closing):
        last += 1
        line = _line(state, last) if last < end and state.sCount[last] >= state.blkIndent else ""
        if not line or closing in text or line.startswith(("```", "~~~")):
            return False
        text += "\n" + line
    content = text[:-2]
    if not content.strip() or closing in content:
        return False
    if closing == "\\]" and not is_between_brackets("", content, displayed=True):
        return False
    if not silent:
        token = state.push("math_block", "math", 0)
        token.block = True
        token.content = content
        token.map = [start, last + 1]
        state.line = last + 1
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].strip()
