"""How well agreement fits what people have labelled: topics in six languages, some written before it was built.

`open` and `own` were looked at while it was built; `later` was written afterwards and changed nothing.
"""

from pathlib import Path

import pytest

from tests.prompts.analysis.agreement.labelled import Scores, scores, topics

FOUND = {name: scores(topics(Path(__file__).parent / "topics" / name)) for name in ("open", "own", "later")}


@pytest.mark.parametrize("found", FOUND.values(), ids=FOUND.keys())
def test_what_is_shown_is_right_and_nearly_all_is_found(found: Scores) -> None:
    assert found.false_conflicts == ()
    assert found.shared_precision.share >= 0.95, found.shared_precision.wrong
    assert found.shared_recall.share >= 0.85, found.shared_recall.wrong
    assert found.conflict_recall.share >= 0.8, found.conflict_recall.wrong
    assert found.only_precision.share >= 0.85, found.only_precision.wrong


def test_every_topic_is_labelled_in_full() -> None:
    folders = (Path(__file__).parent / "topics").iterdir()
    every = [topic for folder in folders for topic in topics(folder)]
    assert len(every) == 39
    assert all(len(topic.texts) >= 2 and len(topic.labels) >= 4 for topic in every)
    assert not [topic.name for topic in every for text in topic.texts if "[[" in text or "conflict:" in text]
