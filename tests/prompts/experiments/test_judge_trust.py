"""How far a judge can be trusted, said with its n."""

from __future__ import annotations

from dataclasses import replace

from prompts.experiments.asked import AskedCell
from prompts.experiments.checks.check import Check, Finding
from prompts.experiments.checks.kinds import Verdict
from prompts.experiments.judge_trust import Trust, trust
from tests.prompts.experiments.asked_cells import PLAN, asked

JUDGED = replace(PLAN, checks=(Check("judge", "Polite.", ("a:1",), name="polite"),))
PAIRED = replace(PLAN, checks=(Check("judge-pair", "Kinder.", ("a:1",), against="Hi."),))


def said(cell: AskedCell, passed: bool | None, label: str | None = None) -> AskedCell:
    return replace(cell, verdict=Verdict(passed, None, (Finding(passed, "", label=label),)))


def of_judge(rated: int, agreed: int) -> Trust:
    """One judge that passed twenty answers, of which people rated so many."""
    _, cells = asked("+ " * 20, "! " * 20, plan=JUDGED)
    ratings = {cell.completion_id: n < agreed for n, cell in enumerate(cells[:rated])}
    (found,) = trust(JUDGED, [said(cell, True) if cell.answered else cell for cell in cells], ratings)
    return found


def test_agreement_with_people_is_told_with_its_interval() -> None:
    assert of_judge(20, 17).sentence == "polite: agreement with people: 17 of 20 rated (64 to 95 %)."


def test_a_judge_without_a_name_of_its_own_is_called_by_its_model_and_criterion() -> None:
    _, cells = asked("+", "+", plan=PAIRED)
    assert trust(PAIRED, [said(cell, True) for cell in cells], {})[0].sentence.startswith("a:1 on “Kinder.”: not")


def test_below_ten_rated_answers_it_is_not_checked_yet() -> None:
    assert of_judge(9, 9).sentence == "polite: not checked against people yet (9 of at least 10 answers rated)."


def test_a_judge_without_a_verdict_agrees_with_nobody() -> None:
    _, cells = asked("+ +", "+ +", plan=JUDGED)
    told = [said(cells[0], None), said(cells[1], False), *(said(cell, True) for cell in cells[2:])]
    (found,) = trust(JUDGED, told, {cell.completion_id: True for cell in cells})
    assert (found.verdicts, found.undecided, found.marked, found.agreed) == (3, 1, 3, 2)


def test_flips_of_pairs_are_counted() -> None:
    _, cells = asked("+ + +", "+ + +", plan=PAIRED)
    labels = ("better", "flipped", "same", "flipped", "worse", "better")
    told = [said(cell, label != "worse", label) for cell, label in zip(cells, labels, strict=True)]
    assert "2 of 6 verdicts changed with the order and count as ties" in trust(PAIRED, told, {})[0].sentence


def test_a_taste_for_long_answers_shows() -> None:
    _, cells = asked("+ +", "+ +", plan=JUDGED)
    sized = [
        replace(cell, completion=replace(cell.completion, text="x" * size))
        for cell, size in zip(cells, (300, 320, 100, 90), strict=True) if cell.completion
    ]  # fmt: skip
    told = [said(cell, n < 2) for n, cell in enumerate(sized)]
    assert "what it passes is 215 characters longer than what it does not" in trust(JUDGED, told, {})[0].sentence
