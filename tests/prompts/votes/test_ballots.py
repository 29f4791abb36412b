"""What a ballot is made of."""

from dataclasses import replace

import pytest

from prompts.votes.ballots import About, Candidate, made
from prompts.votes.votes import VoteError
from tests.prompts.votes.made import SPRING

ABOUT = About("id", SPRING, " Poems\n of May ", "Poems")


def candidates(*pairs):
    """Case and name of each."""
    return [Candidate(case, name, f"acme:{name}", f"{name}-{case}-{n}") for n, (case, name) in enumerate(pairs)]


def test_answers_are_put_by_case_and_contestant_and_what_nobody_contests_is_left_out():
    ballot = made(ABOUT, candidates(("1", "a"), ("1", "b"), ("1", "b"), ("2", "a"), ("3", "c")))
    assert ballot.name == "Poems of May"
    assert [each.name for each in ballot.contestants] == ["a", "b"]
    assert [(case.key, case.answers) for case in ballot.cases] == [("1", (("a-1-0",), ("b-1-1", "b-1-2")))]


def test_only_those_that_are_chosen_take_part():
    found = candidates(*((case, name) for case in "12" for name in "abc"))
    assert [each.name for each in made(ABOUT, found, ("a", "c")).contestants] == ["a", "c"]


@pytest.mark.parametrize(
    ("about", "pairs", "said"),
    [
        (ABOUT, [("1", "a")], "at least two models"), (ABOUT, [("1", "a"), ("2", "b")], "answered by two models"),
        (ABOUT, [], "at least two models"), (replace(ABOUT, name=" "), [("1", "a"), ("1", "b")], "a name"),
        (replace(ABOUT, task="x" * 200), [("1", "a"), ("1", "b")], "At most 120"),
    ],
)  # fmt: skip
def test_what_is_no_ballot_is_said_in_words(about, pairs, said):
    with pytest.raises(VoteError, match=said):
        made(about, candidates(*pairs))
