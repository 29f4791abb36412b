"""Topics whose answers are labelled by hand, and how well what is found fits the labels.

A topic is a text file: the question, then each answer after a line of `=`. In an answer `[[seats=5|It has 5 seats]]`
marks a statement: the same label and value in two answers say the same, another value contradicts it. Labels that
contradict each other stand below the answers (`conflict: safe | unsafe`); what bears no mark is not judged by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from prompts.analysis.agreement.agreement import Agreement, agree
from prompts.analysis.agreement.parse import Sentence

_MARK = re.compile(r"\[\[(?P<label>\w+)(?:=(?P<value>[^|\]]*))?\|(?P<text>.*?)\]\]", re.DOTALL)
_CONFLICT = re.compile(r"^conflict: (\w+) \| (\w+)\n", re.MULTILINE)
_COVERED = 0.6
"""The part of a label's text that a found sentence holds, or of itself that is in it, to be about it."""


@dataclass(frozen=True, slots=True)
class Label:
    """A marked statement of one answer."""

    answer: int
    name: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A question with its answers and what is marked in them."""

    name: str
    texts: tuple[str, ...]
    labels: tuple[Label, ...]
    opposed: frozenset[frozenset[str]]

    def same(self, one: Label, other: Label) -> bool:
        """Whether the two, of two answers, say the same."""
        return one.answer != other.answer and (one.name, one.value) == (other.name, other.value)

    def contradict(self, one: Label, other: Label) -> bool:
        """Whether they cannot both be right."""
        if one.answer == other.answer:
            return False
        named = frozenset((one.name, other.name)) in self.opposed
        return named or (one.name == other.name and one.value != other.value)

    def about(self, answer: int, text: str) -> frozenset[Label]:
        """The labels of an answer that a sentence of it is about."""
        return frozenset(label for label in self.labels if label.answer == answer and _overlap(label.text, text))


def topics(folder: Path) -> list[Topic]:
    """All topics in `folder`."""
    return [_topic(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))]


def _topic(name: str, text: str) -> Topic:
    opposed = frozenset(frozenset(pair) for pair in _CONFLICT.findall(text))
    _, *answers = re.split(r"^=====\n", _CONFLICT.sub("", text), flags=re.MULTILINE)
    labels = [
        Label(number, mark["label"], mark["value"] or "", mark["text"])
        for number, answer in enumerate(answers)
        for mark in _MARK.finditer(answer)
    ]
    return Topic(name, tuple(_MARK.sub(lambda mark: mark["text"], each) for each in answers), tuple(labels), opposed)


def _overlap(label: str, text: str) -> bool:
    one, other = _squeezed(label), _squeezed(text)
    length = max((end - start for start, end in _runs(one, other)), default=0)
    return length >= _COVERED * min(len(one), len(other))


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _runs(one: str, other: str) -> Iterator[tuple[int, int]]:
    """Runs of `one` that stand in `other`."""
    start = 0
    for end in range(1, len(one) + 1):
        while one[start:end] not in other:
            start += 1
        yield start, end


@dataclass(frozen=True, slots=True)
class Score:
    """Hits of how many, each as text to be read when a test fails."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def share(self) -> float:
        """The part that is right; 1 of nothing."""
        every = len(self.right) + len(self.wrong)
        return len(self.right) / every if every else 1.0

    def __str__(self) -> str:
        return f"{self.share:.2f} ({len(self.right)} of {len(self.right) + len(self.wrong)})"


@dataclass(frozen=True, slots=True)
class Scores:
    """How well what is found in some topics fits their labels."""

    shared_precision: Score
    """Pairs of sentences of two answers that are shown as one statement."""
    shared_recall: Score
    """Pairs of labels that say the same."""
    conflict_recall: Score
    """Labels on which answers contradict each other."""
    only_precision: Score
    """Labelled sentences shown as said by one only."""
    false_conflicts: tuple[str, ...]


def scores(every: Iterable[Topic]) -> Scores:
    """The scores over all topics together."""
    found = [(topic, agree(topic.texts)) for topic in every]
    return Scores(
        _score(_pairs_found, found), _score(_pairs_wanted, found), _score(_conflicts_wanted, found),
        _score(_only_found, found), _score(_conflicts_found, found).wrong,
    )  # fmt: skip


def _score(judge, found: Sequence[tuple[Topic, Agreement]]) -> Score:
    judged = [(f"{topic.name}: {text}", good) for topic, each in found for text, good in judge(topic, each)]
    return Score(tuple(text for text, good in judged if good), tuple(text for text, good in judged if not good))


def _together(found: Agreement) -> Iterator[tuple[Sentence, Sentence]]:
    """Sentences shown as saying the same: those of a statement, and those on one side of a conflict."""
    sides = [side for conflict in found.conflicts for side in conflict.sides]
    for each in [*found.statements, *sides]:
        yield from combinations(each.sentences, 2)


def _pairs_found(topic: Topic, found: Agreement) -> Iterator[tuple[str, bool]]:
    """A pair of which only one sentence bears a label is wrong; one without any is not judged."""
    for one, other in _together(found):
        ours, theirs = topic.about(one.answer, one.text), topic.about(other.answer, other.text)
        if ours or theirs:
            yield f"{one.text!r} – {other.text!r}", any(topic.same(a, b) for a in ours for b in theirs)


def _pairs_wanted(topic: Topic, found: Agreement) -> Iterator[tuple[str, bool]]:
    shown = {
        frozenset((a, b))
        for one, other in _together(found)
        for a in topic.about(one.answer, one.text)
        for b in topic.about(other.answer, other.text)
    }
    for a, b in combinations(topic.labels, 2):
        if topic.same(a, b):
            yield f"{a.text!r} – {b.text!r}", frozenset((a, b)) in shown


def _sides(topic: Topic, found: Agreement) -> Iterator[tuple[str, set[frozenset[Label]]]]:
    """Each conflict as text, and the pairs of labels that stand on two sides of it."""
    for conflict in found.conflicts:
        text = " / ".join(f"{side.value}: {side.sentences[0].text!r}" for side in conflict.sides)
        yield (
            text,
            {
                frozenset((a, b))
                for one, other in combinations(conflict.sides, 2)
                for ours in one.sentences
                for theirs in other.sentences
                for a in topic.about(ours.answer, ours.text)
                for b in topic.about(theirs.answer, theirs.text)
            },
        )


def _conflicts_wanted(topic: Topic, found: Agreement) -> Iterator[tuple[str, bool]]:
    shown = {pair for _, pairs in _sides(topic, found) for pair in pairs}
    wanted: dict[frozenset[str], set[frozenset[Label]]] = {}
    for a, b in combinations(topic.labels, 2):
        if topic.contradict(a, b):
            wanted.setdefault(frozenset((a.name, b.name)), set()).add(frozenset((a, b)))
    for name, pairs in wanted.items():
        yield " | ".join(sorted(name)), not pairs.isdisjoint(shown)


def _conflicts_found(topic: Topic, found: Agreement) -> Iterator[tuple[str, bool]]:
    for text, pairs in _sides(topic, found):
        yield text, any(topic.contradict(*pair) for pair in pairs if len(pair) == 2)


def _only_found(topic: Topic, found: Agreement) -> Iterator[tuple[str, bool]]:
    for statement in found.at("one"):
        one = statement.sentences[0]
        if labels := topic.about(one.answer, one.text):
            again = any(topic.same(label, other) for label in labels for other in topic.labels)
            yield f"{one.text!r}", not again


def main() -> None:
    """Print the scores of both sets, and what is wrong."""
    for name in ("open", "own", "later", "blind", "second", "fields", "third", "fourth"):
        result = scores(topics(Path(__file__).parent / "topics" / name))
        for what in ("shared_precision", "shared_recall", "conflict_recall", "only_precision"):
            score = getattr(result, what)
            print(name, what, score)
            print(*(f"    {text}" for text in score.wrong), sep="\n")
        print(name, "false conflicts", len(result.false_conflicts), *result.false_conflicts, sep="\n    ")


if __name__ == "__main__":
    main()
