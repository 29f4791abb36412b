"""A judge beside people's blind votes: the same answer preferred, the other one, or nothing to say."""

from dataclasses import replace

from prompts.core.targets import Target
from prompts.experiments.asked import AskedCell
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check, Finding
from prompts.experiments.checks.kinds import Verdict
from prompts.experiments.judge_votes import against_votes
from prompts.experiments.plan import Cell, Plan, Wording
from tests.prompts.samples import BARE
from tests.prompts.votes.made import a_vote

PLAN = Plan(
    "x", (Wording("w", "{{a}}"),), made(["a"], [[str(n)] for n in range(12)]),
    (Target("builtin", "a"), Target("builtin", "b")), checks=(Check("judge", "Polite"),),
)  # fmt: skip


def cells(likes):
    """Both answers to every case; `likes(case)` says whether the judge passes A's and B's."""
    return [
        AskedCell(
            Cell(0, case, 0, target), f"{name}-{case}", "run", "complete", replace(BARE, state="complete", text="t"),
            Verdict(None, None, (Finding(likes(case)[target], ""),)),
        )
        for case in range(12) for target, name in enumerate("ab")
    ]  # fmt: skip


def votes(choice="left", count=12):
    return [a_vote("A", "B", choice, case=str(case)) for case in range(count)]


def test_agreement_is_a_share_of_the_pairs_on_which_both_prefer_an_answer():
    (found,) = against_votes(PLAN, cells(lambda case: (case < 10, case >= 10)), votes())
    assert (found.compared, found.agreed, found.silent) == (12, 10, 0)
    assert "in 10 of 12 pairs (55 to 95 %)" in found.sentence


def test_pairs_that_the_judge_or_people_think_equal_say_nothing():
    (found,) = against_votes(PLAN, cells(lambda case: (True, case % 2 == 0)), votes())
    assert (found.compared, found.silent) == (6, 6)
    assert "not checked against votes yet (6 of at least 10" in found.sentence
    (tied,) = against_votes(PLAN, cells(lambda case: (True, False)), votes("tie"))
    assert (tied.compared, tied.silent) == (0, 0)


def test_many_votes_on_one_pair_are_one_pair_and_the_most_decide():
    several = [a_vote("A", "B", choice, case="0", person=str(n)) for n, choice in enumerate(["left", "left", "right"])]
    (found,) = against_votes(PLAN, cells(lambda case: (True, False)), several)
    assert (found.compared, found.agreed) == (1, 1)
