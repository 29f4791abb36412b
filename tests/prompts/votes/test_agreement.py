"""Agreement between people who saw the same two answers."""

from prompts.votes.agreement import agreement
from tests.prompts.votes.made import a_vote


def both(case, one, other, turned=False):
    """Two people's choices on one pair; `turned`: the second saw them in the other order."""
    sides = ("B", "A") if turned else ("A", "B")
    return [a_vote(choice=one, case=case, person="ana"), a_vote(*sides, other, case=case, person="ben")]


def test_the_same_answer_counts_wherever_it_stood_and_neither_is_neither():
    votes = [vote for n in range(8) for vote in both(str(n), "left", "right", turned=True)]
    votes += [*both("x", "tie", "both_bad"), *both("y", "left", "tie")]
    found = agreement(votes)
    assert (found.pairs, found.people, found.share.estimate) == (10, 2, 0.9)
    assert found.share.low < 0.9 < found.share.high


def test_skips_and_what_one_person_saw_alone_do_not_count_and_few_are_not_told():
    votes = [*both("a", "left", "left"), *both("b", "left", "skip"), a_vote(case="c", person="ana")]
    found = agreement(votes)
    assert (found.pairs, found.people, found.share) == (1, 2, None)
    assert agreement([]).pairs == 0
