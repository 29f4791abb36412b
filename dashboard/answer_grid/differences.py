"""The difference between two answers as safe HTML: deletions and insertions, marked for eyes and screen readers.

Owns the marks and the sentence above them. Both texts are untrusted and shown as text, spaces and all.
"""

from __future__ import annotations

from functools import lru_cache

from prompts.analysis.diff import Difference, Piece, difference
from prompts.core import format as text_of
from prompts.core.printable import escape

_KEPT_RESULTS = 32


@lru_cache(maxsize=_KEPT_RESULTS)
def difference_html(base: str, other: str) -> str:
    """How `other` differs from `base`: a sentence, then the text with its marks."""
    found = difference(base, other)
    marks = "".join(map(_marked, found.pieces))
    return f'{_summary(found)}<pre class="plain marks">{marks}</pre>'


def _summary(found: Difference) -> str:
    words = f"{found.base_words:,} words in the base, {found.other_words:,} here"
    rule = "A script without spaces counts each character as a word."
    shared = f"{found.shared_words:,} are in both, in the same order"
    if found.same:
        said, help_ = "The same text, character by character", f"{words}."
    elif found.share is None:
        said, help_ = "No words to compare", "Neither text has words; the marks show what differs."
    elif found.share == 1:
        said, help_ = "All words shared", f"{words}: only spaces or punctuation differ."
    else:
        said = f"{text_of.share(found.share)} of words shared"
        help_ = f"{words}; {shared}. The share is twice those over all words of both. {rule}"
    passages = "One passage was" if found.not_compared == 1 else f"{found.not_compared} passages were"
    limit = (
        f'<p class="warning">{passages} too long to compare: shown as changed whole.</p>' if found.not_compared else ""
    )
    return f'<p class="summary" title="{escape(help_)}">{said}</p>{limit}'


def _marked(piece: Piece) -> str:
    text = escape(piece.text, quote=False)
    if piece.kind == "kept":
        return text
    tag, word = ("del", "deleted") if piece.kind == "deleted" else ("ins", "inserted")
    return f'<{tag}><span class="unseen">[{word}: </span>{text}<span class="unseen">]</span></{tag}>'
