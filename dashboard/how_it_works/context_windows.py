"""How much of the context windows of well-known models a text fills.

Pure. The sizes of the windows come from the catalogue. The length in tokens is counted for the built-in models and
estimated for all others, because each vendor splits text into tokens in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass

from prompts.core import format as text_of
from prompts.core.printable import escape
from providers.builtin import builtin, ngram
from providers.catalogue.catalogue import defaults, find

CHARACTERS_PER_TOKEN = 4
"""A rule of thumb for English prose; code and other languages need more tokens."""
WORDS_PER_PAGE, CHARACTERS_PER_PAGE = 500, 3_000
ESTIMATE = "Estimate: 4 characters a token, fair for English prose. Code and other languages need more."
_ALSO = (("openai", "gpt-4o"), ("anthropic", "claude-haiku-4-5"))


@dataclass(frozen=True, slots=True)
class Window:
    """The context window of one model, and the length of the text in it."""

    label: str
    tokens: int
    """Size of the window."""
    prompt_tokens: int
    counted: bool
    """Whether `prompt_tokens` was counted exactly rather than estimated."""

    @property
    def share(self) -> float:
        """The share of the window that the text fills; above 1 it does not fit."""
        return self.prompt_tokens / self.tokens


@dataclass(frozen=True, slots=True)
class Length:
    """The length of a text: in words as the built-in n-gram models count them, and in characters."""

    words: int
    characters: int

    @classmethod
    def of(cls, text: str) -> Length:
        """The length of that text."""
        return cls(sum(1 for _ in ngram.tokens(text)), len(text))

    @classmethod
    def pages(cls, pages: int) -> Length:
        """The typical length of that many printed pages."""
        return cls(pages * WORDS_PER_PAGE, pages * CHARACTERS_PER_PAGE)

    @property
    def estimated_tokens(self) -> int:
        """The approximate number of tokens for a large model; 0 only for an empty text."""
        return -(-self.characters // CHARACTERS_PER_TOKEN)


def windows(length: Length) -> tuple[Window, ...]:
    """The windows of the built-in n-gram models and of some in the catalogue, smallest first."""
    own = [Window(f"Built-in {name}", order - 1, length.words, True) for name, order in builtin.MODELS.items()]
    rows = [*defaults(), *(row for provider, model in _ALSO if (row := find(provider, model)))]
    hosted = {row.label: row.context_tokens for row in rows if row.context_tokens}
    found = own + [Window(label, tokens, length.estimated_tokens, False) for label, tokens in hosted.items()]
    return tuple(sorted(found, key=lambda window: window.tokens))


def as_html(rows: tuple[Window, ...]) -> str:
    """A bar for each window, filled as far as the text fills the window."""
    return f'<ol class="how-bars how-windows">{"".join(f"<li>{_row(row)}</li>" for row in rows)}</ol>'


def _row(row: Window) -> str:
    room = f"{text_of.count(row.tokens)} " + ("word" if row.tokens == 1 else "words" if row.counted else "tokens")
    about = "" if row.counted else "about "
    title = f"{about}{text_of.count(row.prompt_tokens)} of {room}. " + ("Counted." if row.counted else ESTIMATE)
    full = " how-over" if row.share > 1 else ""
    return (
        f'<div class="how-bar{full}" title="{escape(title)}">'
        f'<span class="how-token">{escape(row.label)} <small>{room}</small></span>'
        f'<span class="how-track"><span class="how-fill" style="--share:{min(row.share, 1):.6f}"></span></span>'
        f'<span class="how-share">{_said(row, about, room)}</span></div>'
    )


def _said(row: Window, about: str, room: str) -> str:
    if row.share <= 1:
        figure = text_of.probability(row.share)
        return figure if figure.startswith("under") else about + figure
    return f"sees the last {room}" if row.counted else "does not fit"
