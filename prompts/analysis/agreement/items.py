"""A sentence or a part of one, with all that comparing it needs worked out once, as it is compared many times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from prompts.analysis.agreement.parse import Sentence
from prompts.analysis.agreement.vocabulary import Vocabulary
from prompts.analysis.agreement.words import POLES, SCALES


@dataclass(slots=True, eq=False)
class Item:
    """A sentence or part, prepared for comparison; all words are normalised by the `Vocabulary`."""

    sentence: Sentence
    words: frozenset[str]
    weight: float
    before: frozenset[str]
    """Words of the context (the sentence before, for "it") that another sentence may state explicitly."""
    lead: tuple[str, ...]
    """Its first two words: its subject, unless it refers back to something earlier."""
    subject: str
    """The first word of its subject, even where that stands in an earlier sentence."""
    names: frozenset[str]
    names_heard: frozenset[str]
    """Words of names mentioned earlier in its sentence or in the one before."""
    poles: tuple[tuple[str, str], ...]
    """Pairs (preceding word, scale word) for each word of a scale."""
    denied: frozenset[str]
    """The word after each "not"."""
    keys: list[frozenset[str]] = field(default_factory=list[frozenset[str]])
    """What tells it apart from similar sentences of its own answer: one set of words for each of those."""
    says_both: bool = False
    """Whether its answer says the same with another value too."""


class Items:
    """Makes an `Item` of each sentence; the vocabulary is that of all `sentences` together."""

    def __init__(self, sentences: Sequence[Sentence], known_names: frozenset[str]) -> None:
        self.vocabulary = Vocabulary([[word.stem for word in each.words] for each in sentences])
        self._known = known_names
        self._name_words = self.vocabulary.words(word for each in sentences for word in self._named(each))

    def of(self, sentence: Sentence) -> Item:
        """The item for one sentence or part."""
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
