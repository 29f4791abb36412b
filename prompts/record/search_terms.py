"""Search terms: parsed from what people type, translated for each database, and marked where they occur.

Owns a small language: words, all of which must be found; "a phrase in quotes"; the beginning of a word, `word*`.
Anything else is taken literally, so no input is an error. Case and accents are ignored. Scripts without spaces between
words are searched character by character. Only letters and digits are searched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Parts = tuple[tuple[str, bool], ...]

_UNSPACED = (
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)  # Thai and Lao, Burmese, Khmer, kana, ideographs, Hangul; migration 0004 names the same
_CHARACTER = re.compile(_UNSPACED)
_TYPED = re.compile(r'"([^"]*)"?|([^\s"]+)')
_TOKEN = re.compile(f"{_UNSPACED}|(?:(?!{_UNSPACED})[^\\W_])+")
_MARKS = "[\u0300-\u036f]*"
_SPACE = re.compile(r"\s+")
_BEFORE, _AFTER = 60, 140
_MOST_SHOWN = 32  # how many different words are marked


@dataclass(frozen=True, slots=True)
class Term:
    """Something that must be found: a word, or adjacent words."""

    text: str
    """In lower case, without characters that databases reject; `tokens` are its words for the marker."""
    prefix: bool = False
    """Whether the last word is only the beginning of a word."""

    @property
    def tokens(self) -> list[str]:
        """Its words, without accents."""
        return _TOKEN.findall(_folded(self.text))


def spaced(text: str | None) -> str | None:
    """`text` with spaces around each character of scripts without spaces between words. Called by SQLite too."""
    return text if text is None or text.isascii() else _CHARACTER.sub(r" \g<0> ", text)


def terms(typed: str) -> tuple[Term, ...] | None:
    """What must be found, each once; empty if nothing was typed. `None`: nothing in it can be searched for."""
    found: dict[Term, None] = {}
    typed = unicodedata.normalize("NFC", typed.encode(errors="replace").decode().replace("\x00", " ")).lower()
    for phrase, word in _TYPED.findall(typed):
        term = Term((word or phrase).strip("* "), word.endswith("*"))
        if term.tokens:
            found[term] = None
    return tuple(found) or (None if typed.strip() else ())


def fts5(terms: Sequence[Term], *, prompt_only: bool = False) -> str:
    """`terms` in the query language of SQLite's FTS5."""
    said = " AND ".join(f'"{spaced(term.text)}"{" *" * term.prefix}' for term in terms)
    return f"{{prompt}} : ({said})" if prompt_only else said


def tsquery(terms: Sequence[Term], *, prompt_only: bool = False) -> str:
    """`terms` for PostgreSQL's `to_tsquery`, with words as they are indexed.

    A phrase must be within the prompt or within the answer.
    """
    return " & ".join(
        "(" + " | ".join(_following(term, place) for place in ("A" if prompt_only else "AB")) + ")" for term in terms
    )


def _following(term: Term, place: str) -> str:
    *first, last = term.text.split()
    said = [*(f"{word}:{place}" for word in first), f"{last}:{'*' * term.prefix}{place}"]
    return "(" + " <-> ".join(said) + ")"


class Marker:
    """Finds the places of search terms in a text."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._pattern = re.compile("|".join(_pattern(term) for term in terms[:_MOST_SHOWN]))

    def around(self, text: str, clean: Callable[[str], str] = str) -> Parts:
        """An excerpt of `text` around the first match, split into matching and other parts; empty if nothing matches.

        `clean` removes from the excerpt what must not be shown, unless it would remove the match.
        """
        first = self._pattern.search(_folded(text))
        if first is None:
            return ()
        start, end = _whole_words(text, first.start(), first.end())
        piece = text[start:end]
        shown = next(each for each in (clean(piece), piece) if each is piece or self._pattern.search(_folded(each)))
        parts: list[tuple[str, bool]] = [("… ", False)] if start else []
        at = 0
        for hit in self._pattern.finditer(_folded(shown)):
            parts += [(shown[at : hit.start()], False), (shown[hit.start() : hit.end()], True)]
            at = hit.end()
        parts += [(shown[at:], False), ("…" if end < len(text) else "", False)]
        return tuple(part for part in parts if part[0])


def _whole_words(text: str, first: int, last: int) -> tuple[int, int]:
    """The ends of the excerpt around a match, moved to the ends of words if there are spaces."""
    start, end = max(0, first - _BEFORE), min(len(text), last + _AFTER)
    if start and (space := _SPACE.search(text, start - 1, first)):
        start = space.end()
    if end < len(text):
        end = max((space.start() for space in _SPACE.finditer(text, last, end + 1)), default=end)
    return start, end


def _pattern(term: Term) -> str:
    tokens = term.tokens
    said = "[\\W_]*".join(_MARKS.join(map(re.escape, token)) + _MARKS for token in tokens)
    begins = "" if _CHARACTER.match(tokens[0]) else r"(?<![^\W_])"
    ends = "" if term.prefix or _CHARACTER.match(tokens[-1]) else r"(?![^\W_])"
    return begins + said + ends


class _Fold(dict[int, int]):
    """Maps each character's code point to one without case and accent, one to one."""

    def __missing__(self, code: int) -> int:
        first, *rest = unicodedata.normalize("NFD", chr(code))
        plain = first if all("\u0300" <= mark <= "\u036f" for mark in rest) else chr(code)
        lower = plain.lower()
        self[code] = ord(lower) if len(lower) == 1 else ord(plain)
        return self[code]


_FOLD = _Fold()


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_FOLD)
