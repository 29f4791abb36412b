"""Contradictions, and what only looks like one."""

import pytest

from prompts.analysis.agreement import agree

TALL = "The Eiffel Tower is 330 metres tall."


def found(*texts: str) -> list[list[tuple[str, list[int]]]]:
    """The sides of each conflict: the value, and which answers give it."""
    return [
        [(side.value, [each.answer for each in side.sentences]) for side in conflict.sides]
        for conflict in agree(texts).conflicts
    ]


def test_another_number_in_the_same_words_is_a_conflict() -> None:
    assert found(TALL, "The **Eiffel Tower** is 324 m tall.", TALL) == [[("330 metres", [0, 2]), ("324 m", [1])]]


def test_another_date_behind_the_same_word_is_a_conflict_though_one_sentence_goes_on() -> None:
    one = "The Eiffel Tower was built in 1889 by Gustave Eiffel's company."
    other = "- Tall.\n- The Eiffel Tower was built in 1887."
    assert found(one, other) == [[("1887", [1]), ("1889", [0])]]
    assert found("Built in 1889, the Eiffel Tower is 330 m tall.", other) == [[("1887", [1]), ("1889", [0])]]


def test_a_denial_in_the_same_words_is_a_conflict() -> None:
    assert found("Lists are hashable.", "Lists aren't hashable.", "Lists are not hashable.") == [
        [("no", [1, 2]), ("yes", [0])]
    ]


def test_a_final_answer_needs_no_other_words() -> None:
    assert found("The answer is 41.", "So the **answer** is 42.", "Answer: 42") == [[("42", [1, 2]), ("41", [0])]]


@pytest.mark.parametrize(
    "texts",
    [
        (TALL, TALL),
        (TALL, "The Eiffel Tower is 330 m (1,083 ft) tall."),
        (TALL, "The Eiffel Tower is about 324 m tall."),
        ("The country has 68 million people.", "The country has 68.2 million people."),
        ("The population of Paris is 2.1 million.", "The population of Greater Paris is 12 million."),
        ("Marie Curie won a Nobel Prize in Physics in 1903.", "Marie Curie won a Nobel Prize in Chemistry in 1911."),
        ("Python was released in 2008.", "Python was first released in 1991."),
        ("It is 330 m tall.", "It is 20 m tall."),
        ("It is 330 m tall and wide.", "It is 20 m tall and wide."),
        ("The city wall was built in 1889.", "The new city wall was built in 1887."),
        ("The wall was built in 1889.", "The wall was built in 1887 by nobody known."),
        ("Price: $20", "Price: $30"),
        ("Battery life of it: 20 hours", "Battery life of it: 30 hours"),
        ("For example, the tower may be 20 m tall.", "For example, the tower may be 30 m tall."),
        ("The tower is 330 m tall. The tower is 324 m tall.", TALL.replace("Eiffel ", "")),
        ("Step 3 is short.", "Step 4 is short."),
        ("Tomatoes are fruits, not vegetables.", "Tomatoes are vegetables, not fruits."),
        ("Is the tower 330 m tall?", "Is the tower 324 m tall?"),
        ("The war lasted from 1914 to 1918.", "The war lasted in Europe, Asia and Africa from 1915 to 1919."),
    ],
)
def test_what_may_both_be_right_is_no_conflict(texts: tuple[str, ...]) -> None:
    assert found(*texts) == []


def test_an_answer_that_says_both_is_not_counted_on_either_side() -> None:
    both = TALL + " " + TALL.replace("330", "324")
    assert found(TALL, TALL.replace("330", "312"), both) == [[("330 metres", [0]), ("312 metres", [1])]]


def test_what_is_in_conflict_is_not_agreed() -> None:
    assert agree([TALL, TALL, TALL.replace("330", "324")]).statements == ()
