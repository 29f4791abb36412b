"""The words people search by: read from what they typed, said to a database, shown where they stand.

Owns a small language: words, all of which must be found; "a phrase in quotes"; the beginning of a
word, `word*`. Everything else is taken as it is, so nothing typed is an error. Case and accents do
not count. Scripts that put no spaces between words are searched character by character. What is
neither letter nor digit is not searched.
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
_MOST_SHOWN = 32  # different words that are marked where they stand


@dataclass(frozen=True, slots=True)
class Term:
    """Something that must be found: a word, or words that stand one after the other."""

    text: str
    """In lower case, without what no database takes; `tokens` are its words as the marker knows them."""
    prefix: bool = False
    """The last word may go on."""

    @property
    def tokens(self) -> list[str]:
        """Its words, without accents."""
        return _TOKEN.findall(_folded(self.text))


def spaced(text: str | None) -> str | None:
    """`text` with spaces around each character of the scripts that have none between words. SQLite calls this."""
    return text if text is None or text.isascii() else _CHARACTER.sub(r" \g<0> ", text)


def terms(typed: str) -> tuple[Term, ...] | None:
    """What must be found, each once; empty: nothing was typed. `None`: nothing in it can be searched for."""
    found: dict[Term, None] = {}
    typed = unicodedata.normalize("NFC", typed.encode(errors="replace").decode().replace("\x00", " ")).lower()
    for phrase, word in _TYPED.findall(typed):
        term = Term((word or phrase).strip("* "), word.endswith("*"))
        if term.tokens:
            found[term] = None
    return tuple(found) or (None if typed.strip() else ())


def fts5(terms: Sequence[Term], *, prompt_only: bool = False) -> str:
    """`terms` in the language of SQLite's FTS5."""
    said = " AND ".join(f'"{spaced(term.text)}"{" *" * term.prefix}' for term in terms)
    return f"{{prompt}} : ({said})" if prompt_only else said


def tsquery(terms: Sequence[Term], *, prompt_only: bool = False) -> str:
    """`terms`, their words as they are indexed, in the language of PostgreSQL's `to_tsquery`.

    A phrase lies within the prompt or within the answer.
    """
    return " & ".join(
        "(" + " | ".join(_following(term, place) for place in ("A" if prompt_only else "AB")) + ")" for term in terms
    )


def _following(term: Term, place: str) -> str:
    *first, last = term.text.split()
    said = [*(f"{word}:{place}" for word in first), f"{last}:{'*' * term.prefix}{place}"]
    return "(" + " <-> ".join(said) + ")"


class Marker:
    """Finds where words stand in a text."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._pattern = re.compile("|".join(_pattern(term) for term in terms[:_MOST_SHOWN]))

    def around(self, text: str, clean: Callable[[str], str] = str) -> Parts:
        """A piece of `text` around the first hit, cut into parts that match and parts that do not; empty: none do.

        `clean` takes from the piece what is not to be shown; where it would take the hit, nothing is taken.
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
    """Where the piece around a hit begins and ends: at no half word, where there are spaces to tell."""
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
    """Each character without case and accent, by its number: as many characters as before."""

    def __missing__(self, code: int) -> int:
        first, *rest = unicodedata.normalize("NFD", chr(code))
        plain = first if all("\u0300" <= mark <= "\u036f" for mark in rest) else chr(code)
        lower = plain.lower()
        self[code] = ord(lower) if len(lower) == 1 else ord(plain)
        return self[code]


_FOLD = _Fold()


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_FOLD)
