"""Which of several answers to one question say the same.

Owns what "the same" means: equal words once case, spacing, punctuation and Markdown are removed; or nearly the same: at
least 80 % of all words shared, in a short answer also in the same order, and every number, name, negation, word that
has an opposite ("more"), operator and line of code alike. Compares words, not meaning: "Paris." and "It is Paris."
count as different.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import normalize

from prompts.analysis.agreement.words import POLES, stem
from prompts.analysis.diff import longest_common

NEAR = 0.8
"""Minimum share of common words, of all words of both, each counted as often as it occurs."""
IN_ORDER = 40
"""In an answer of at most so many words the order of words counts too: "tea over coffee"."""
SHORT = 60
"""In characters; an answer up to this length is shown whole in a summary."""

_FENCED = re.compile(r"^ {0,3}(`{3,20}|~{3,20})[^`\n]*\n(.*?)(?:^ {0,3}\1[`~]* *$|\Z)", re.MULTILINE | re.DOTALL)
_LINE_MARKS = re.compile(r"^[ \t]*(?:>[ \t]*|#{1,6}[ \t]+|[-+*•][ \t]+|\|)+|^[\s|:-]+$|\|[ \t]*$", re.MULTILINE)
_OPERATORS = r"+<>=/%&@^|~\\$€£±×÷≤≥≠−"
# Anything that is not space, digit or punctuation is part of a word: vowel signs and emoji do not match \w.
_PUNCTUATION = "!-/:-@\\[-`{-~¡¿«»·\u2000-\u206f\u3000-\u303f\uff01-\uff0f\uff1a-\uff20،؛؟۔।॥"
_LETTER = rf"[^\s\d{_PUNCTUATION}{_OPERATORS}]"
_TOKEN = re.compile(
    r"(?P<number>(?:(?<![\w.)])[-−])?\d+(?:[.,]\d+)*)"  # 3.14, 1,000 and -5, but 10-5 is 10 and 5
    rf"|(?P<word>{_LETTER}+(?:['’]{_LETTER}+)*(?:(?<=\w)#(?!\w))?)"  # C#
    rf"|(?P<operator>[{_OPERATORS}])"
)
_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n])[\s\"'“‘(*_#>-]*$")
_WRITTEN = {
    word: str(number)
    for number, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)
}
_OPPOSED = frozenset(POLES)
_NEGATIONS = frozenset("no not none never nor neither without yes cannot nicht kein keine nein ja".split())


@dataclass(frozen=True, slots=True)
class Group:
    """Answers that say the same."""

    text: str
    """The most frequent wording, as it was first written."""
    repeats: tuple[int, ...]
    """The repeats that gave this answer, counted from 0."""
    exact: bool
    """Whether all use the same words; else they are nearly the same."""


@dataclass(frozen=True, slots=True)
class _Words:
    """An answer in the form in which it is compared."""

    words: tuple[str, ...]
    facts: tuple[str, ...] = field(compare=False)
    """What must be identical, in the same order, in answers that are nearly the same."""


def distinct(answers: Iterable[tuple[int, str]]) -> list[Group]:
    """The distinct answers among pairs (repeat, text): the most frequent first, then in order of arrival."""
    wordings: dict[_Words, list[tuple[int, str]]] = {}
    for repeat, text in answers:
        wordings.setdefault(_words_of(text), []).append((repeat, text))
    groups: list[list[_Words]] = []
    for words in sorted(wordings, key=lambda each: -len(wordings[each])):
        # Compared only with the most frequent wording, so that no chain of small steps joins answers that differ.
        home = next((group for group in groups if _near(group[0], words)), None)
        if home is None:
            groups.append([words])
        else:
            home.append(words)
    found = [_group([wordings[words] for words in group]) for group in groups]
    return sorted(found, key=lambda group: (-len(group.repeats), group.repeats))


def agreement(groups: Sequence[Group]) -> str:
    """`4 of 5 said the same` and the like; has words also for one answer, none, and all different."""
    n = sum(len(group.repeats) for group in groups)
    if n == 0:
        return "No answer to compare"
    most = groups[0]
    if n == 1:
        return "One answer only"
    if len(most.repeats) == 1:
        return "Both differ" if n == 2 else f"All {n} differ"
    who = ("Both" if n == 2 else f"All {n}") if len(groups) == 1 else f"{len(most.repeats)} of {n}"
    return f"{who} said {'the same' if most.exact else 'nearly the same'}"


def majority(groups: Sequence[Group]) -> str | None:
    """On one line, the answer that more than half gave; `None` if there is none or answers are long."""
    n = sum(len(group.repeats) for group in groups)
    if n < 2 or any(len(group.text.strip()) > SHORT for group in groups):
        return None
    most = groups[0]
    return " ".join(most.text.split()) if 2 * len(most.repeats) > n else None


def _group(wordings: Sequence[Sequence[tuple[int, str]]]) -> Group:
    repeats = sorted(repeat for wording in wordings for repeat, _ in wording)
    return Group(wordings[0][0][1], tuple(repeats), len(wordings) == 1)


def _near(one: _Words, other: _Words) -> bool:
    if one.facts != other.facts:
        return False
    short, long = sorted((len(one.words), len(other.words)))
    if short < NEAR * long:
        return False  # too different in length to share enough
    if long <= IN_ORDER:
        shared = len(longest_common(one.words, other.words))
    else:
        shared = (Counter(one.words) & Counter(other.words)).total()
    return shared >= NEAR * (short + long - shared)


@lru_cache(maxsize=256)  # a page is redrawn at every click, with the same answers
def _words_of(text: str) -> _Words:
    """An answer as bare words; of code only the spacing is normalised."""
    words: list[str] = []
    facts: list[str] = []
    for part, is_code in _parts(normalize("NFC", text)):
        if is_code:
            lines = [" ".join(line.split()) for line in part.splitlines() if line.strip()]
            words += lines
            facts += lines
        else:
            _read_prose(_LINE_MARKS.sub(" ", part), words, facts)
    return _Words(tuple(words), tuple(facts))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in turn as prose and fenced code: pairs (text, is it code)."""
    end = 0
    for fence in _FENCED.finditer(text):
        yield text[end : fence.start()], False
        yield fence[2], True
        end = fence.end()
    yield text[end:], False


def _read_prose(prose: str, words: list[str], facts: list[str]) -> None:
    for token in _TOKEN.finditer(prose):
        kind, raw = token.lastgroup, token[0]
        word = _number(raw) if kind == "number" else raw.casefold().replace("’", "'")
        kind, word = ("number", _WRITTEN[word]) if word in _WRITTEN else (kind, word)
        words.append(word)
        name = (
            raw[0].isupper()
            and raw != "I"
            and not _SENTENCE_START.search(prose, max(0, token.start() - 12), token.start())
        )
        decides = word in _NEGATIONS or word.endswith("n't") or stem(word) in _OPPOSED
        if kind != "word" or name or decides:
            facts.append(word)


def _number(raw: str) -> str:
    """`1,000` as `1000`; a comma that does not separate thousands is kept."""
    plain = raw.replace("−", "-")
    return plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain
