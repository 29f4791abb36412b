"""What a paragraph speaks of, from clause to clause: what "it" is, and whose "the company" or "its height".

Owns the guess and its limits: a pronoun is the subject of the clause before it, unless that clause names another that
it may be as well. In doubt the subject is not known, and nothing contradicts what is said of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from prompts.analysis.agreement.clauses import POINTING, Clause
from prompts.analysis.agreement.names import Name
from prompts.analysis.agreement.verbs import AUXILIARIES
from prompts.analysis.agreement.words import content

Known = Literal["known", "asked", "unknown"]
_LEANING = frozenset("its their his her this that these those such".split())


@dataclass(slots=True)
class Thread:
    """The subject of the last clause, and what may be called by a word."""

    asked: bool = False
    """At the beginning of an answer: there "it", with nothing before it, is what was asked about."""
    context: frozenset[str] = frozenset()
    """Words of the subject that the last one leans on."""
    _subject: str = ""
    _root: str = ""
    """The last subject that leans on none before it."""
    _said: str = ""
    _names: Sequence[Name] = ()
    """Of the last clause."""
    _heads: dict[str, str] = field(default_factory=dict[str, str])
    """The last name or subject that ends with a word, by that word: "tower" is the Eiffel Tower. Of all paragraphs."""

    def broken(self, *, asked: bool) -> Thread:
        """The thread of a new paragraph."""
        return Thread(asked, _heads=self._heads)

    def follow(self, clause: Clause) -> str:
        """The subject of `clause` if that stands before it; empty where it stands in it, or is not sure."""
        points = clause.about.lower() in POINTING
        if not points:
            self._subject = clause.about
        elif clause.has_subject and not self._is_clear(clause.about):
            self._subject = ""
        leans = _leans(self._subject)
        if self._subject and not leans:
            self._root = self._subject
        root = (self._heads.get(self._subject.split()[-1].lower()) or self._root) if leans else ""
        self.context = frozenset(word.stem for word in content(root).words)
        return self._subject if points or not clause.has_subject else ""

    def known(self, clause: Clause) -> Known:
        """Whether the subject is known, in the clause or before it."""
        told = bool(self._subject) or (clause.has_subject and clause.about.lower() not in POINTING)
        if told and (self.context or not _leans(self._subject)):
            return "known"
        return "asked" if self.asked else "unknown"

    def hear(self, said: str, names: Sequence[Name], known: Known) -> None:
        """The clause that was followed, in full."""
        self._said, self._names = said, names
        self.asked = self.asked and known == "asked"
        self._remember(self._subject)

    def remember(self, names: Sequence[Name]) -> None:
        """The names of a sentence."""
        for name in names:
            if name.sure:
                self._remember(name.text)

    def _remember(self, name: str) -> None:
        words = name.split()
        if len(words) > 1 and not _leans(name):
            self._heads[words[-1].lower()] = name

    def _is_clear(self, pronoun: str) -> bool:
        """Whether `pronoun` can only be the subject of the clause before: "Ann met Eve. She ..." may be either.

        What a passive is followed by ("was written by Ann") is not spoken of as "it".
        """
        at = self._said.find(self._subject)
        end = at + len(self._subject) if at >= 0 else 0
        verb = self._said[end:].split(maxsplit=1)[:1]
        passive = bool(verb) and verb[0].lower() in AUXILIARIES
        return all(name.start < end for name in self._names) or (passive and pronoun.lower() == "it")


def _leans(subject: str) -> bool:
    """Whether it says of what only together with the subject before it: "its height", "the melting point"."""
    words = subject.split()
    if not words or words[0].lower() in _LEANING:
        return bool(words)
    return words[0].lower() == "the" and len(words) > 1 and "of" not in words and " ".join(words[1:]).islower()
