"""Words and their probabilities as HTML: bars that can be clicked, and the text so far.

Pure. Words come from models, so every one is escaped. A click sends back the word itself, which must be checked
against the words that were offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from prompts.core import format as text_of
from prompts.core.printable import escape
from providers.builtin import ngram

_VISIBLE = str.maketrans({"\n": "⏎", "\r": "⏎", "\t": "⇥"})


class Row(NamedTuple):
    """One word that may come next, with the model's probability (0 to 1)."""

    word: str
    probability: float


def shown(token: str) -> str:
    """A token with its spaces and line breaks made visible; the end of the text is put in words."""
    if token == ngram.END:
        return "(the text ends)"
    bare = token.strip(" ")
    if not bare:
        return "␣" * len(token)
    left, right = len(token) - len(token.lstrip(" ")), len(token) - len(token.rstrip(" "))
    return "␣" * left + bare.translate(_VISIBLE) + "␣" * right


def text_so_far(prompt: str, answer: str) -> str:
    """The prompt, with what was added to it marked."""
    added = f' <mark class="how-added">{escape(answer)}</mark>' if answer else ""
    return f'<p class="how-text">{escape(prompt)}{added}<span class="how-caret" aria-hidden="true"></span></p>'


def bars(rows: Sequence[Row], *, rest: str, pickable: bool) -> str:
    """The rows as bars, the most probable one at full length; `rest` says what is not shown."""
    longest = max((row.probability for row in rows), default=1.0)
    items = "".join(f"<li>{_bar(row, longest, pickable=pickable)}</li>" for row in rows)
    return f'<ol class="how-bars">{items}</ol><p class="muted">{escape(rest)}</p>'


def _bar(row: Row, longest: float, *, pickable: bool) -> str:
    word, share = escape(shown(row.word)), text_of.probability(row.probability)
    inside = (
        f'<span class="how-token">{word}</span>'
        f'<span class="how-track"><span class="how-fill" style="--share:{row.probability / longest:.4f}"></span></span>'
        f'<span class="how-share">{share}</span>'
    )
    if not pickable:
        return f'<div class="how-bar">{inside}</div>'
    what = "End the text here" if row.word == ngram.END else f"Add “{word}”"
    return (
        f'<button class="how-bar" data-pick="{escape(row.word)}" title="{what}: probability {share}">{inside}</button>'
    )


def lines(rows: Sequence[tuple[str, str, str]]) -> str:
    """Labelled texts, one below the other: label, text, and a remark that may be empty."""
    items = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(text)}"
        + (f' <span class="how-remark">{escape(remark)}</span>' if remark else "")
        + "</dd>"
        for label, text, remark in rows
    )
    return f'<dl class="how-lines">{items}</dl>'
