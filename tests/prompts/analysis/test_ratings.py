"""Ratings as results: what counts as a contest, and how much may be said of few."""

import pytest

from prompts.analysis.ratings import NOTHING, Ratings, Say, rate_says, ratings, stars_say, thumbs_say
from prompts.analysis.statistics.rates import Tally, pass_rate

BOTH = frozenset({"a", "b"})


def test_a_model_wins_where_it_is_chosen_and_loses_where_another_is() -> None:
    says = [Say("a", "1", "me", best=True), Say("a", "2", "me", best=True), Say("b", "3", "me", best=True)]
    found = ratings(says, {"1": BOTH, "2": BOTH, "3": frozenset({"b", "c"})})
    assert {name: (each.wins.passed, each.wins.answered) for name, each in found.items()} == {
        "a": (2, 2), "b": (1, 3), "c": (0, 1),
    }  # fmt: skip


def test_a_run_of_one_model_is_no_contest() -> None:
    assert ratings([Say("a", "1", "me", best=True)], {"1": frozenset({"a"})}) == {}


def test_several_people_of_one_run_are_one_case_with_an_interval_no_narrower_than_one_choice() -> None:
    says = [Say("a", "1", person, best=True) for person in "xyz"]
    (wins,) = (each.wins for name, each in ratings(says, {"1": BOTH}).items() if name == "a")
    assert (wins.passed, wins.answered, wins.cases) == (3, 3, 1)
    assert wins.interval == pass_rate([Tally(1, 1)]).interval


def test_thumbs_and_stars_are_counted_with_their_number() -> None:
    says = [
        Say("a", "1", "x", thumb=1, stars=5), Say("a", "2", "x", thumb=-1, stars=2), Say("a", "2", "y", thumb=1),
        Say("a", "3", "x", stars=4),
    ]  # fmt: skip
    found = ratings(says, {})["a"]
    assert (thumbs_say(found.thumbs), stars_say(found)) == ("2 up, 1 down", "★ 4 (n = 3)")


@pytest.mark.parametrize(
    ("passed", "answered", "said"),
    [(0, 0, "—"), (7, 10, "7 of 10, 70 % (40 to 89 %)"), (1, 1, "1 of 1, 100 % (21 to 100 %)")],
)
def test_a_rate_stands_with_its_n_and_its_interval(passed: int, answered: int, said: str) -> None:
    assert rate_says(pass_rate([Tally(n < passed, 1) for n in range(answered)])) == said


def test_of_what_nobody_rated_nothing_is_said() -> None:
    assert (thumbs_say(NOTHING.thumbs), stars_say(NOTHING), rate_says(NOTHING.wins)) == ("—", "—", "—")
    assert Ratings(pass_rate(()), pass_rate(()), ()) == NOTHING
