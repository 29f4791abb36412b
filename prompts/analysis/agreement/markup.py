"""An answer's Markdown as classified lines, and its text without markup.

Reads Markdown for counting and comparing only; the renderer decides what is drawn. One pass, line by line: indented
code is read as prose, because in answers an indent nearly always continues a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from prompts.analysis.agreement.words import FUNCTION_WORDS

Kind = Literal["prose", "item", "heading", "table", "table_rule", "fence", "code", "blank"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its block markup.

    A displayed formula is `code`. A `fence` opens a code block, a `table_rule` is the line under a table's header.
    """

    kind: Kind
    text: str = ""
    indented: bool = False
    """Prose that may belong to the list item above it."""


_QUOTED = re.compile(r"[ \t]*>[ \t]?")
_HEADING = re.compile(r"#{1,6}(?=[ \t]|$)")
_ITEM = re.compile(r"(?:[-*+•]|\d{1,9}[.)])[ \t]+")
_TASK = re.compile(r"\[[ xX]\][ \t]")
_FENCE = re.compile(r"`{3,}(?=[^`]*$)|~{3,}")
_FORMULA_ENDS = {"$$": "$$", "\\[": "\\]"}
_LONGEST_FORMULA = 30
"""In lines; a "$$" not closed within so many does not start a formula."""
_INLINE = re.compile(r"(?<![\w$])\$(?=[^\s\d$])([^$\n]{0,200}(?<=[^\s$]))\$(?![\w$])|\\\((.{1,200}?)\\\)")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s\"[^\"()]*\")?\)")
_NOT_WORDS = re.compile(r"https?://[^\s<>\[\]()]+|</?[a-zA-Z][^<>]{0,200}>|\[\^?\d{1,3}\]")
_MARKS = re.compile(r"\*\*|~~|`+|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|(?<!\w)__?(?=\w)|(?<=\w)__?(?!\w)")


def lines(text: str) -> list[Line]:
    """Every line of `text` in order; only the line that closes a fence is dropped."""
    found: list[Line] = []
    fence = ""
    formula = 0
    every = text.splitlines()
    for n, raw in enumerate(every):
        bare = raw.strip()
        formula = max(0, formula - 1) or (0 if fence else _formula(bare, every, n))
        if formula:
            found.append(Line("code", raw))
            continue
        if fence:
            closed = bare.startswith(fence) and not bare.strip(fence[0])
            fence = "" if closed else fence
            found += [] if closed else [Line("code", raw)]
            continue
        line = _line(bare)
        if line.kind == "fence":
            fence = line.text
        if line.kind == "table_rule":
            if not found or "|" not in found[-1].text:
                line = Line("blank")
            else:
                found[-1] = Line("table", found[-1].text)
        elif line.kind == "prose" and "|" in line.text and found and found[-1].kind in ("table", "table_rule"):
            line = Line("table", line.text)
        elif line.kind == "prose" and raw[0].isspace():
            line = Line("prose", line.text, indented=True)
        found.append(line)
    return found


def _formula(bare: str, every: list[str], n: int) -> int:
    """How many lines the displayed formula beginning at line `n` takes; 0 if there is none."""
    end = _FORMULA_ENDS.get(bare[:2])
    if end is None:
        return 0
    if len(bare) > len(end) + 1 and bare.endswith(end):
        return 1
    for more, line in enumerate(every[n + 1 : n + _LONGEST_FORMULA], 2):
        if line.strip().endswith(end):
            return more
    return 0


def _line(text: str) -> Line:
    while quoted := _QUOTED.match(text):
        text = text[quoted.end() :]
    if not text or _is_rule(text):
        return Line("blank")
    if fence := _FENCE.match(text):
        return Line("fence", fence[0])
    if heading := _HEADING.match(text):
        return Line("heading", text[heading.end() :].strip(" #"))
    if "|" in text and "-" in text and not text.strip("|:- \t"):
        return Line("table_rule")
    if item := _ITEM.match(text):
        rest = text[item.end() :]
        task = _TASK.match(rest)
        return Line("item", rest[task.end() :] if task else rest)
    return Line("prose", text)


def _is_rule(text: str) -> bool:
    squeezed = text.replace(" ", "")
    return len(squeezed) >= 3 and squeezed[0] in "-*_=" and not squeezed.strip(squeezed[0])


def bare(text: str) -> str:
    """`text` without emphasis, code and formula marks, tags, footnotes and addresses; a link becomes its words."""
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    if "$" in text or "\\(" in text:
        text = _INLINE.sub(lambda formula: formula[1] or formula[2], text)
    text = _NOT_WORDS.sub(" ", text)
    return " ".join(_MARKS.sub("", text).split())


def words_of(text: str) -> str:
    """A piece of an answer on one line, without Markdown markup; code is left as it is."""
    return " ".join(line.text if line.kind == "code" else bare(line.text) for line in lines(text) if line.text.strip())


def paragraphs(found: list[Line]) -> Iterator[str]:
    """Prose and list items without markup, each in one piece even if it spans several lines.

    Headings, tables and code are left out.
    """
    whole = ""
    joins = False
    for line in found:
        text = bare(line.text) if line.kind in ("prose", "item") else ""
        if text and joins and line.kind == "prose" and _continues(whole, text):
            whole += " " + text
        else:
            if whole:
                yield whole
            whole = text
        joins = bool(text)
    if whole:
        yield whole


def _continues(above: str, text: str) -> bool:
    """Whether a line continues the sentence above: it starts in lower case, or follows a comma or word like "of"."""
    if above[-1] in ".!?:;":
        return False
    return text[0].islower() or above[-1] == "," or above.rsplit(maxsplit=1)[-1].lower() in FUNCTION_WORDS


def cells(found: list[Line]) -> Iterator[str]:
    """The text of each table cell, without markup; empty cells are skipped."""
    for line in found:
        if line.kind == "table":
            yield from filter(None, (bare(cell) for cell in line.text.split("|")))
