"""Length, formatting and side as what votes correlate with, and the ranking without the first two."""

import numpy as np
import pytest

from prompts.votes.style import FEWEST_HELD, held_equal, leanings, marks
from tests.prompts.votes.made import a_vote


@pytest.mark.parametrize(
    ("text", "count"),
    [("# A\n\n- b\n- c\n1. d", 4), ("**bold** and __strong__", 2), ("```\ncode\n```", 2), ("| a |\n|---|\n| b |", 3),
     ("plain * text - with # signs", 0), ("", 0)],
)  # fmt: skip
def test_marks_of_formatting_are_counted(text, count):
    assert marks(text) == count


def test_a_leaning_says_its_n_and_is_not_told_of_a_few():
    long = [a_vote("A", "B", "left", left_characters=200) for _ in range(9)]
    assert leanings(long)["longer"] is None
    found = leanings([*long, a_vote("A", "B", "left", right_characters=200), a_vote("A", "B", "tie"), a_vote("A", "B")])
    assert (found["longer"].votes, found["longer"].share.estimate) == (10, 0.9)
    assert found["more formatted"] is None
    assert (found["left"].votes, found["left"].share.estimate) == (11, 1.0)


def test_a_preference_for_length_alone_vanishes_when_length_is_held_equal():
    """B is no better: it is longer, and length is all that is liked."""
    chance, votes = np.random.default_rng(5), []
    for _ in range(400):
        lengths = [max(20, int(each)) for each in chance.normal((150, 210), 60)]
        lead = 4 * (lengths[1] - lengths[0]) / sum(lengths)
        won = chance.random() < 1 / (1 + np.exp(-lead))
        votes.append(
            a_vote(
                "A", "B", "right" if won else "left", left_characters=int(lengths[0]), right_characters=int(lengths[1])
            )
        )
    plain = sum(vote.choice == "right" for vote in votes) / len(votes)
    held = held_equal(votes)["B"]
    assert plain > 0.6
    assert held.low < 0.5 < held.high
    assert held_equal(votes[: FEWEST_HELD - 1]) is None
