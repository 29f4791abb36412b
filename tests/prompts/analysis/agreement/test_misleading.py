"""Answers that were written to mislead: no contradiction that is none, and nearly all that is shared."""

import pytest

from prompts.analysis.agreement.agreement import Agreement, agree
from tests.prompts.analysis.agreement.misleading import TOPICS, Shared, Topic

NOT_FOUND = {
    "keeps everything one file",  # two of the sentences contradict each other elsewhere, and are shown there
    "needs no administration",
    "useEffect runs after every render",  # "runs only once" shares as many words, and no word that excludes another
}
MOST_MISSED = 7
"""Labelled contradictions that are not found: said of "it", with too few words around them, or of two amounts in one
sentence that both differ."""


@pytest.fixture(scope="module")
def found() -> dict[str, Agreement]:
    """What is found in each topic, by its name."""
    return {topic.name: agree(topic.texts) for topic in TOPICS}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_only_labelled_contradictions_are_found(topic: Topic, found: dict[str, Agreement]) -> None:
    for conflict in found[topic.name].conflicts:
        sides = [{each.answer for each in side.sentences} for side in conflict.sides]
        assert any(_fits(sides, labelled) for labelled in topic.conflicts), (conflict.kind, conflict.sides)


def test_few_labelled_contradictions_are_missed(found: dict[str, Agreement]) -> None:
    labelled = [(topic, each) for topic in TOPICS for each in topic.conflicts]
    missed = [
        (topic.name, sides)
        for topic, sides in labelled
        if not any(
            _fits([{each.answer for each in side.sentences} for side in conflict.sides], sides)
            for conflict in found[topic.name].conflicts
        )
    ]
    assert len(missed) <= MOST_MISSED, missed


def _fits(found: list[set[int]], labelled: tuple[tuple[int, ...], ...]) -> bool:
    """Whether each side that was found is part of another of the labelled ones."""
    homes = [next((n for n, side in enumerate(labelled) if answers <= set(side)), None) for answers in found]
    return None not in homes and len(set(homes)) == len(homes)


@pytest.mark.parametrize(
    ("topic", "shared"),
    [(topic, shared) for topic in TOPICS for shared in topic.shared if shared.words not in NOT_FOUND],
    ids=lambda each: each.words if isinstance(each, Shared) else each.name,
)
def test_shared_statements_are_found_with_all_who_make_them(
    topic: Topic, shared: Shared, found: dict[str, Agreement]
) -> None:
    assert any(set(shared.by) <= by for by in authors_of(shared.words, found[topic.name]))


def authors_of(words: str, found: Agreement) -> list[set[int]]:
    """Who makes each statement, or is on each side of a contradiction, that has all of `words` in a sentence."""
    wanted = words.lower().split()
    sides = [side for conflict in found.conflicts for side in conflict.sides]
    return [
        {each.answer for each in together.sentences}
        for together in [*found.statements, *sides]
        if any(all(word in each.text.lower() for word in wanted) for each in together.sentences)
    ]
