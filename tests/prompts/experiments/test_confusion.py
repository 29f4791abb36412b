"""Which labels were given in place of which."""

from __future__ import annotations

from dataclasses import replace

from prompts.experiments.asked import AskedCell
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check, Finding
from prompts.experiments.checks.kinds import Verdict
from prompts.experiments.confusion import NONE, confusions
from tests.prompts.experiments.asked_cells import PLAN, asked

PLAN_OF_LABELS = replace(PLAN, checks=(Check("label", "{{kind}}", ("Billing", "Sales")),))


def labelled(cell: AskedCell, label: str | None) -> AskedCell:
    return replace(cell, verdict=Verdict(True, None, (Finding(True, "Seen.", label=label),)))


def test_answers_are_counted_by_what_was_expected_and_what_was_given() -> None:
    experiment, cells = asked("+ + + !", "! ! ! !", plan=PLAN_OF_LABELS)
    kinds = ("billing", "Sales", "Sales", "Sales")
    rows = made(["mail", "kind"], [[f"mail {n}", kind] for n, kind in enumerate(kinds)])
    experiment = replace(experiment, plan=replace(experiment.plan, cases=rows))
    said = [labelled(cells[0], "Billing"), labelled(cells[1], "billing"), labelled(cells[2], None), *cells[3:]]
    (found,) = confusions(experiment, said)
    assert (found.side, found.labels, found.right, found.answers) == (0, ("Billing", "Sales"), 1, 3)
    assert found.of("Billing", "Billing") == found.of("Sales", "Billing") == found.of("Sales", NONE) == 1


def test_a_label_check_that_expects_nothing_has_no_matrix() -> None:
    plan = replace(PLAN, checks=(Check("label", "", ("Billing", "Sales")),))
    assert confusions(*asked("+", "+", plan=plan)) == []
