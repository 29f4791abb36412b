"""A sentence, or a part of one, with all that decides what it is to another: ready to be compared many times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from prompts.analysis.agreement.parse import Sentence
from prompts.analysis.agreement.vocabulary import Vocabulary
from prompts.analysis.agreement.words import POLES, SCALES


@dataclass(slots=True, eq=False)
class Item:
    """A sentence or part; words are those of the vocabulary."""

    sentence: Sentence
    words: frozenset[str]
    weight: float
    before: frozenset[str]
    """What may stand in the other and be meant here: "it" is something of the sentence before."""
    lead: tuple[str, ...]
    """The first two words: what it is about, if it does not lean on what is before it."""
    subject: str
    """The first word of what it is about, also where that stands before it."""
    names: frozenset[str]
    names_heard: frozenset[str]
    """Before it, in its sentence or the one before."""
    poles: tuple[tuple[str, str], ...]
    """Each word of a scale with the word before it."""
    denied: frozenset[str]
    """The word after each "not"."""
    keys: list[frozenset[str]] = field(default_factory=list[frozenset[str]])
    """What tells it apart from alike sentences of its own answer: of each set one word at least."""
    says_both: bool = False
    """Its answer says the same with another value too."""


class Items:
    """Makes items of the sentences of some answers."""

    def __init__(self, sentences: Sequence[Sentence], known_names: frozenset[str]) -> None:
        self.vocabulary = Vocabulary([[word.stem for word in each.words] for each in sentences])
        self._known = known_names
        self._name_words = self.vocabulary.words(word for each in sentences for word in self._named(each))

    def of(self, sentence: Sentence) -> Item:
        """One sentence or part."""
        words, word = self.vocabulary.words, self.vocabulary.word
        order = [(word(each.stem), each) for each in sentence.words]
        own = words(sentence.stems)

        def before(place: int) -> str:
            return next((each for each, at in reversed(order) if at.start < place and at.stem not in POLES), "")

        def after(place: int) -> str:
            return next((each for each, at in order if at.start > place), order[-1][0] if order else "")

        return Item(
            sentence, own, self.vocabulary.weight(own),
            words(sentence.leans_on),
            tuple(each for each, _ in order[:2]), word(sentence.subject), words(self._named(sentence)),
            words(sentence.before | sentence.earlier) & self._name_words,
            tuple((before(each.start), each.stem) for each in sentence.words if each.stem in SCALES),
            frozenset(map(after, sentence.denials)),
        )  # fmt: skip

    def _named(self, sentence: Sentence) -> Iterator[str]:
        for name in sentence.names:
            if name.key in self._known:
                end = name.start + len(name.text)
                yield from (word.stem for word in sentence.words if name.start <= word.start < end)
