"""Makes foreign text safe to show: what a model, a file or a vendor wrote must not control what displays it.

The only way for foreign text into HTML (`escape`), onto a terminal (`printable`), and into anything else that draws it
(`visible`). Removed characters are named in their place; the record and downloads keep the text unchanged.
"""

from __future__ import annotations

import re
from html import escape as as_html
from itertools import groupby
from unicodedata import category

MOST_MARKS = 10
"""The most combining marks on one letter: no script needs more, and browsers freeze with thousands."""

# Overrides, embeddings and isolates would also reverse the text after them, such as the target of a link.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HARMLESS = "\n\t\u200c\u200d"  # needed to join emoji, and in many scripts
_MAYBE_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{MOST_MARKS + 1},}}")


def escape(text: str, quote: bool = True) -> str:
    """`text` as HTML that displays it and can do nothing else."""
    return as_html(visible(text), quote)


def visible(text: str) -> str:
    """`text` with direction controls and excess combining marks named instead of drawn."""
    if text.isascii():
        return text
    return _MAYBE_MARKS.sub(_thinned, _TURNS.sub(_named, text))


def printable(text: str) -> str:
    """`text` without control and direction characters, which could rewrite the terminal or disguise what it says."""
    shown = "".join(
        c if c.isprintable() or c in _HARMLESS or category(c) == "Zs" else f"<U+{ord(c):04X}>" for c in text
    )
    return visible(shown)


def _named(match: re.Match[str]) -> str:
    return f"<U+{ord(match[0]):04X}>"


def _thinned(match: re.Match[str]) -> str:
    shown = ""
    for is_mark, run in groupby(match[0], lambda c: category(c)[0] == "M"):
        piece = "".join(run)
        left_out = len(piece) - MOST_MARKS if is_mark else 0
        shown += f"{piece[:MOST_MARKS]}<{left_out:,} more marks>" if left_out > 0 else piece
    return shown
