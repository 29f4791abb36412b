"""A run keeps less than the rule says, or as much, never more."""

import pytest

from providers.config.keep_rules import KEEPS, RecordRules, stricter


@pytest.mark.parametrize(("one", "other", "found"), [
    ("everything", "everything", "everything"), ("everything", "figures", "figures"),
    ("nothing", "figures", "nothing"), ("figures", "everything", "figures"), ("everything", "nothing", "nothing"),
])  # fmt: skip
def test_the_stricter_of_two_is_the_one_that_keeps_less(one, other, found):
    assert stricter(one, other) == found


def test_what_may_be_chosen_keeps_no_more_than_the_rule():
    assert [RecordRules(keep).choices for keep in KEEPS] == [KEEPS, ("figures", "nothing"), ("nothing",)]
