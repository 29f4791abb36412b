"""A sentence in clauses: what it says one after another of the same or of another thing.

Owns where a sentence may be cut, and what a clause is about: "It keeps everything in one file, needs no administration
and was first released in 2000" says three things of "it". In doubt nothing is cut: only before a word that is surely a
verb, and only where the part before it has one too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from prompts.analysis.agreement.verbs import (  # fmt: skip
    AUXILIARIES,
    PREPOSITIONS,
    SUBORDINATORS,
    Token,
    is_order,
    is_participle,
    is_verb,
    opening,
    subject,
    tokens,
    verb_after,
)

POINTING = frozenset("it they he she er sie elle elles ils".split())
"""Words that stand for a subject before them."""
_JOINING = frozenset("and but while whereas yet und aber et mais y pero".split())
_OPPOSING = frozenset("but while whereas yet aber mais pero".split())
_RELATIVE = frozenset("which who whose whom".split())
_QUANTITIES = frozenset("about around roughly nearly almost more most over some many few several no all both".split())
_TIMES = frozenset("since until after before as".split())
_OPEN, _CLOSE = frozenset("([„«"), frozenset(")]»")
_LONGEST_ASIDE_SUBJECT = 6


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a sentence."""

    start: int
    end: int
    about: str
    """Its subject as it is written here or in the clause before; empty where that is not sure."""
    has_subject: bool
    """It stands in the clause itself."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a clause ends and the next begins: places in the text."""

    end: int
    start: int
    kind: Literal["same", "own", "aside"]
    """Of the same subject, of one of its own, or of what was named last ("which")."""
    subject: tuple[int, int] | None = None
    """Its own: the tokens from the first to the one behind it."""


def clauses(text: str) -> list[Clause]:
    """The clauses of one sentence in order; the whole sentence if it is not surely of several."""
    found = tokens(text)
    if is_order(found, 0):
        return list(_orders(text, found))
    if found and is_verb([found[0]._replace(raw=found[0].word), *found[1:3]], 0):
        return [Clause(0, len(text), "", has_subject=False)]  # "Costs $10 a month": an item without its subject
    whose = next((each for start in opening(found) if (each := subject(found, start))), None)
    if whose is not None:
        return _cut_up(text, found, whose, [], 0)
    parted = _parted(found)
    if parted is None:
        return [Clause(0, len(text), "", has_subject=True)]
    comma, verb = parted
    aside = Clause(0, found[verb - 1].start, _written(text, found, (0, comma)), has_subject=True)
    return _cut_up(text, found, (0, verb), [aside], found[verb].start)


def _orders(text: str, found: Sequence[Token]) -> Iterator[Clause]:
    """`Mix the flour, add milk and bake`: one step after another."""
    start = 0
    for n, token in enumerate(found[1:], 1):
        if token.word not in (",", ";", "and", "then") or token.start < start:
            continue
        begins = next((m for m in range(n, len(found)) if found[m].word not in (",", ";", "and", "then")), n)
        if is_order(found, begins):
            yield Clause(start, token.start, "", has_subject=True)
            start = found[begins].start
    yield Clause(start, len(text), "", has_subject=True)


def _cut_up(text: str, found: Sequence[Token], whose: tuple[int, int], done: list[Clause], start: int) -> list[Clause]:
    """The clauses from `start` on, behind those that are `done`; `whose` are its subject and its first verb."""
    about = done[-1].about if done else _written(text, found, whose)
    has_subject = not done
    for cut in _cuts(found, whose[1]):
        done.append(Clause(start, cut.end, about, has_subject))
        if cut.kind != "same":
            about = _written(text, found, cut.subject) if cut.subject else ""
        start, has_subject = cut.start, cut.kind == "own"
    return [*done, Clause(start, len(text), about, has_subject)]


def _parted(found: Sequence[Token]) -> tuple[int, int] | None:
    """`The tower, built in 1889, is tall` or `K2, a mountain, is tall`: the first comma, and the later verb."""
    commas = [n for n, token in enumerate(found) if token.word == ","]
    if len(commas) < 2 or not 1 <= commas[0] <= _LONGEST_ASIDE_SUBJECT or found[0].word in SUBORDINATORS:
        return None
    aside = verb_after(found, commas[0] + 1)
    describes = aside is not None and is_participle(found[aside].word)
    if not describes and found[commas[0] + 1].word not in ("a", "an", "the"):
        return None
    for comma in commas[1:]:
        verb = verb_after(found, comma + 1)
        if verb is not None and (comma == commas[-1] or not is_participle(found[verb].word)):
            return commas[0], comma + 1
    return None


def _cuts(found: Sequence[Token], verb: int) -> Iterator[_Cut]:
    """Every place behind the first verb where a clause ends."""
    sure = True  # whose verb comes next: not behind "that" or "because"
    is_a = found[verb].word in AUXILIARIES and found[verb + 1 : verb + 2] and found[verb + 1].word in ("a", "an", "the")
    plain = not is_participle(found[verb].word)
    depth = 0
    n = verb + 1
    while n < len(found):
        word = found[n].word
        depth = max(0, depth + (word in _OPEN) - (word in _CLOSE))
        cut = None if depth else _cut(found, n, sure=sure, is_a=bool(is_a), plain=plain)
        if cut is not None:
            yield cut
            while found[n].start < cut.start:
                n += 1
            sure, is_a = cut.kind != "aside", False
        elif word in SUBORDINATORS and not (word in _TIMES and verb_after(found, n + 2) is None):
            sure = False
        n += 1


def _cut(found: Sequence[Token], n: int, *, sure: bool, is_a: bool, plain: bool) -> _Cut | None:
    """The cut at the mark or the joining word at `n`, if there is one."""
    mark = found[n].word if found[n].word in (",", ";") else ""
    if not mark and found[n].word not in _JOINING:
        return None
    after = n + 1 if mark else n
    joined = after < len(found) and found[after].word in _JOINING
    begins = after + joined
    if begins >= len(found):
        return None
    end, start = found[n].start, found[begins].start
    if found[begins].word in _RELATIVE:
        return _Cut(end, start, "aside") if mark and not joined else None
    verb = verb_after(found, begins)
    if verb is None:
        firm = mark == ";" or (joined and (bool(mark) or found[after].word in _OPPOSING))
        own = subject(found, begins) if firm or (joined and plain) else None
        sure_verb = own is not None and (firm or found[own[1]].word in AUXILIARIES)
        return _Cut(end, start, "own", own) if sure_verb and (sure or mark == ";") else None
    may_describe = mark == "," and not joined and is_participle(found[verb].word)
    if not sure or (may_describe and not (is_a or _goes_on(found, verb))):
        return None
    return _Cut(end, start, "same")


def _goes_on(found: Sequence[Token], verb: int) -> bool:
    """Whether the row of verbs that has one at `verb` is ended by "and" and another."""
    return any(
        token.word in _JOINING and verb_after(found, n + 1) is not None for n, token in enumerate(found[verb:], verb)
    )


def _written(text: str, found: Sequence[Token], place: tuple[int, int]) -> str:
    """The subject as it stands; empty where words before it or within it leave open what it is, or it only counts."""
    words = [token.word for token in found[place[0] : place[1]]]
    opens = words[0] in PREPOSITIONS | _QUANTITIES or words[0][0].isdigit()
    if opens or any(word in POINTING for word in words[1:]):
        return ""
    return text[found[place[0]].start : found[place[1] - 1].end]
