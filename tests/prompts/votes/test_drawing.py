"""Which pair comes next: what tells most, at least a fifth by chance, never twice, in random order."""

from collections import Counter
from dataclasses import replace
from random import Random

from prompts.votes.drawing import next_pair
from prompts.votes.votes import BallotCase
from tests.prompts.votes.made import a_ballot, a_vote


def readings(ballot):
    """Every answer reads differently."""
    return {id: id for case in ballot.cases for ids in case.answers for id in ids}


def drawn(ballot, votes=(), person="ana", times=400, known=None):
    """Many first draws, each by other chance."""
    known = readings(ballot) if known is None else known
    return [next_pair(ballot, list(votes), person, Random(n), known) for n in range(times)]


def test_each_side_and_each_case_comes_about_equally_often():
    pairs = drawn(a_ballot(cases=4))
    sides, cases = Counter(pair.left for pair in pairs), Counter(pair.case for pair in pairs)
    assert set(sides) == {0, 1}
    assert min(sides.values()) > 150
    assert len(cases) == 4
    assert min(cases.values()) > 60
    assert all(pair.left != pair.right for pair in pairs)


def test_a_person_sees_every_pair_once_and_then_there_is_none():
    ballot, votes, seen = a_ballot(names="ABC", cases=3), [], []
    while pair := next_pair(ballot, votes, "ana", Random(len(votes)), readings(ballot)):
        names = [each.name for each in ballot.contestants]
        seen.append((pair.case, frozenset((pair.left, pair.right))))
        votes.append(a_vote(names[pair.left], names[pair.right], "skip", case=pair.case, person="ana"))
    assert len(seen) == len(set(seen)) == 9
    assert next_pair(ballot, votes, "ben", Random(0), readings(ballot)) is not None


def test_a_repeat_is_drawn_at_random_and_a_second_one_only_when_every_case_was_seen():
    ballot = replace(a_ballot(cases=0), cases=(
        BallotCase("0", (("a-0", "a-0b", "a-0c"), ("b-0", "b-0b"))), BallotCase("1", (("a-1",), ("b-1",))),
    ))  # fmt: skip
    assert len({(pair.left_id, pair.right_id) for pair in drawn(ballot) if pair.case == "0"}) == 12
    voted = [a_vote(case="0", person="ana")]
    assert {pair.case for pair in drawn(ballot, voted)} == {"1"}
    both = [*voted, a_vote(case="1", person="ana")]
    assert {pair.case for pair in drawn(ballot, both)} == {"0"}
    assert all(pair.answers != {"a-0", "b-0"} for pair in drawn(ballot, both))


def test_answers_that_are_gone_or_read_the_same_are_not_shown():
    ballot = a_ballot(cases=3)
    known = readings(ballot) | {"a-1": "same", "b-1": "same"}
    del known["a-2"]
    assert {pair.case for pair in drawn(ballot, known=known)} == {"0"}
    assert drawn(ballot, known={}, times=1) == [None]


def test_most_pairs_are_the_least_known_of_the_top_and_some_are_by_chance():
    """D loses always; A and B are well known, A and C hardly."""
    votes = [a_vote(x, "D", "left", person="ben") for x in "ABC" for _ in range(12)]
    votes += [a_vote("A", "B", ("left", "right")[n % 2], person="ben") for n in range(40)]
    votes += [a_vote("B", "C", ("left", "right")[n % 2], person="ben") for n in range(20)]
    ballot = a_ballot(names="ABCD", cases=30)
    met = Counter("".join(sorted("ABCD"[n] for n in (pair.left, pair.right))) for pair in drawn(ballot, votes))
    by_chance = sum(count for pair, count in met.items() if "D" in pair)
    assert met.most_common(1)[0][0] == "AC"
    assert 0.6 < met["AC"] / 400 < 0.9
    assert by_chance > 20


def test_people_meet_on_some_cases():
    votes = [a_vote(case=str(n), person="ben") for n in range(10)]
    pairs = drawn(a_ballot(cases=40), votes)
    again = sum(int(pair.case) < 10 for pair in pairs) / len(pairs)
    assert 0.2 < again < 0.5
