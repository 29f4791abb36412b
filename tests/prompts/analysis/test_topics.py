"""The labelled answers: no contradiction that is none, every one that is, and nearly all that is shared."""

import pytest

from prompts.analysis.agreement.agreement import Agreement, agree
from tests.prompts.analysis.topics import TOPICS, Shared, Topic

FOUND = {topic.name: agree(topic.texts) for topic in TOPICS}
NOT_FOUND = {"Western Roman Empire fell"}
"""A year of three digits without AD is read as a number."""


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_exactly_the_labelled_contradictions_are_found(topic: Topic) -> None:
    sides = [
        tuple(tuple(each.answer for each in side.sentences) for side in conflict.sides)
        for conflict in FOUND[topic.name].conflicts
    ]
    assert sorted(sides) == sorted(topic.conflicts)


@pytest.mark.parametrize(
    ("topic", "shared"),
    [(topic, shared) for topic in TOPICS for shared in topic.shared if shared.words not in NOT_FOUND],
    ids=lambda each: each.words if isinstance(each, Shared) else each.name,
)
def test_shared_statements_are_found_with_all_who_make_them(topic: Topic, shared: Shared) -> None:
    assert shared.by in authors_of(shared.words, FOUND[topic.name])


def authors_of(words: str, found: Agreement) -> list[tuple[int, ...]]:
    """Who makes each statement that has all of `words` in one of its sentences."""
    wanted = words.lower().split()
    return [
        tuple(sorted(each.answer for each in statement.sentences))
        for statement in found.statements
        if any(all(word in each.text.lower() for word in wanted) for each in statement.sentences)
    ]
