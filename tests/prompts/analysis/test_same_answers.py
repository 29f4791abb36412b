"""When two answers say the same."""

import pytest

from prompts.analysis.same_answers import agreement, distinct, majority

LONG = "The river rises in the hills, runs through three old towns and meets the sea after a slow and winding way"


def same(one: str, other: str) -> bool:
    return len(distinct([(0, one), (1, other)])) == 1


def exactly(one: str, other: str) -> bool:
    found = distinct([(0, one), (1, other)])
    return len(found) == 1 and found[0].exact


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("42", "42."), ("42", "**42**\n"), ("It is Paris", "it is  PARIS!"), ("# Rain\n\nIt rains.", "Rain: it rains"),
        ("- one\n- two", "* one\n\n* two"), ("1,000 people", "1000 people"), ("don't", "don’t"), ("−5", "-5"),
        ("> said", "said"), ("| a | b |\n|---|---|\n| 1 | 2 |", "|a|b|\n|:--|--:|\n|1|2|"),
        ("e\u0301te", "\u00e9te"), ("```py\nx = 1\n```", "```\nx  =  1\n```"), ("", " \n"), ("five days", "5 days"),
    ],
)  # fmt: skip
def test_form_does_not_count(one: str, other: str) -> None:
    assert exactly(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("42", "41"), ("3.14", "314"), ("5", "-5"), ("10²", "102"), ("a == b", "a != b"), ("$5", "5 €"),
        ("```\nprint('a')\n```", "```\nprint('A')\n```"), ("कि", "का"), ("Paris.", "It is Paris."), ("Yes", "No"),
        ("1.5", "1,5"), ("C#", "C"),
        ("I would take tea over coffee for most people in the morning",
         "I would take coffee over tea for most people in the morning"),
        ("Take five cups of flour and a little water for the dough of this bread",
         "Take three cups of flour and a little water for the dough of this bread"),
        ("It increases the risk of an attack in adults who smoke a lot",
         "It decreases the risk of an attack in adults who smoke a lot"),
    ],
)  # fmt: skip
def test_what_differs_is_told_apart(one: str, other: str) -> None:
    assert not same(one, other)


def test_nearly_the_same_words_are_one_answer_and_marked_so() -> None:
    (group,) = distinct([(0, f"{LONG} today."), (1, f"{LONG}.")])
    assert (group.exact, group.repeats) == (False, (0, 1))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{LONG} of 12 days", f"{LONG} of 13 days"), (f"{LONG} at Rome", f"{LONG} at Oslo"),
        (f"Yes, {LONG}", f"No, {LONG}"), (f"{LONG} and is dry", f"{LONG} and isn't dry"),
        (f"from Rome to Oslo {LONG}", f"from Oslo to Rome {LONG}"),
        (f"{LONG}\n```\na\n```", f"{LONG}\n```\nb\n```"),
    ],
)  # fmt: skip
def test_a_number_a_name_a_negation_or_code_keeps_near_answers_apart(one: str, other: str) -> None:
    assert not same(one, other)


def test_the_threshold_is_eight_in_ten() -> None:
    words = "a b c d e f g h i j".split()
    assert same(" ".join(words), " ".join([*words[:9], "x"]))  # 9 of 11
    assert not same(" ".join([*words, "k"]), " ".join([*words[:9], "x", "y"]))  # 9 of 13
    assert not same(" ".join([*words, *"klmn"]), " ".join([*words, *"klyz"]))  # 12 of 16
    assert same(" ".join(words[:8]), " ".join(words))  # 8 of 10
    assert not same(" ".join(words[:7]), " ".join(words[:9]))  # 7 of 9


def test_near_answers_do_not_join_what_differs_by_a_chain() -> None:
    words = "a b c d e f g h i j".split()
    steps = [" ".join(words[:n]) for n in (10, 8, 7)]  # each near the next, the ends are not
    assert len(distinct(list(enumerate(steps)))) == 2


def test_the_most_frequent_comes_first_then_the_earliest() -> None:
    found = distinct(enumerate(["one", "two", "three", "Two!", "three"]))
    assert [(group.text, group.repeats) for group in found] == [("two", (1, 3)), ("three", (2, 4)), ("one", (0,))]


@pytest.mark.parametrize(
    ("answers", "said", "value"),
    [
        (["42", "42", "42.", "41", "42"], "4 of 5 said the same", "42"), (["a", "a", "a"], "All 3 said the same", "a"),
        (["a", "b", "c"], "All 3 differ", None), (["a", "b"], "Both differ", None),
        (["a", "a"], "Both said the same", "a"),
        (["a"], "One answer only", None), ([], "No answer to compare", None),
        (["a", "a", "b", "c"], "2 of 4 said the same", None),
        ([LONG, f"{LONG} today", "other"], "2 of 3 said nearly the same", None),
        ([LONG, LONG], "Both said the same", None),
    ],
)  # fmt: skip
def test_the_summary(answers: list[str], said: str, value: str | None) -> None:
    found = distinct(enumerate(answers))
    assert (agreement(found), majority(found)) == (said, value)


@pytest.mark.parametrize("unit", ["`", "```\n", "|", "- ", "> ", "\t|", " \n", "1,", "a'", "~~~\n"])
def test_odd_texts_do_not_take_long(unit: str) -> None:
    assert len(distinct([(0, unit * 20_000), (1, "x")])) == 2
