"""How well agreement fits what people have labelled: topics in six languages, some written before it was built.

`open` and `own` were looked at while it was built; `later` was written afterwards and changed nothing. `blind` was
written before it was read and showed what was missing; `second` was written before that was mended and measures it.
`fields` and `third` came afterwards from twenty other fields: `fields` showed what was missing, `third` measured it.
`fourth`, with more of it said in other words, measured `third`'s mends and showed some more.
"""

from pathlib import Path

import pytest

from tests.prompts.analysis.agreement.labelled import Scores, scores, topics

SETS = ("open", "own", "later", "second", "fields")


def found_in(name: str) -> Scores:
    return scores(topics(Path(__file__).parent / "topics" / name))


@pytest.mark.parametrize("name", SETS)
def test_what_is_shown_is_right_and_nearly_all_is_found(name: str) -> None:
    found = found_in(name)
    assert found.false_conflicts == ()
    assert found.shared_precision.share >= 0.95, found.shared_precision.wrong
    assert found.shared_recall.share >= 0.85, found.shared_recall.wrong
    assert found.conflict_recall.share >= 0.8, found.conflict_recall.wrong
    assert found.only_precision.share >= 0.85, found.only_precision.wrong


@pytest.mark.parametrize("name", ["blind", "third", "fourth"])
def test_what_is_said_in_other_words_is_missed_more_often_but_little_of_what_is_shown_is_wrong(name: str) -> None:
    found = found_in(name)
    assert found.false_conflicts == ()
    assert found.shared_precision.share >= 0.93, found.shared_precision.wrong
    assert found.shared_recall.share >= 0.78, found.shared_recall.wrong
    assert found.conflict_recall.share >= 0.7, found.conflict_recall.wrong
    assert found.only_precision.share >= 0.85, found.only_precision.wrong


def test_every_topic_is_labelled_in_full() -> None:
    folders = (Path(__file__).parent / "topics").iterdir()
    every = [topic for folder in folders for topic in topics(folder)]
    assert len(every) == 91
    assert all(len(topic.texts) >= 2 and len(topic.labels) >= 4 for topic in every)
    assert not [topic.name for topic in every for text in topic.texts if "[[" in text or "conflict:" in text]
