"""How far an experiment is, in words: what is known is said, and what is not is left out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from dashboard.experiments.progress_text import headline, judge_line, line, share
from prompts.core.targets import Target
from prompts.experiments.asked import Progress, Stage, TargetProgress
from prompts.experiments.bill import Bill, Line
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.judge_progress import LATER
from prompts.experiments.plan import Budget, Plan, Wording

PLAN = Plan(
    "x", (Wording("w", "{{a}}"),), made(["a"], [["1"]]), (Target("openai", "gpt-x"), Target("ollama", "llama3.3")),
    budget=Budget(Decimal(3)),
)  # fmt: skip
FAR = TargetProgress(0, 72, 36, 2, 4, 12.0, 170.0, Decimal("0.12"))
NEAR = TargetProgress(1, 72, 72, 0, 0, None, None, None)
EXPECTED = Bill(
    (Line(0, 72, "about $0.31 to $0.52", Decimal("0.31"), Decimal("0.52"), True, None),), (), 144,
    "about $0.31 to $0.52", Decimal("0.31"), Decimal("0.52"), (), 1,
)  # fmt: skip


def progress(
    *rows: TargetProgress, stage: Stage = "running", reason: str = "", reserved: str = "0.01",
    judges: tuple[TargetProgress, ...] = (),
) -> Progress:  # fmt: skip
    spent = [row.spent for row in rows if row.spent is not None]
    return Progress(stage, rows, sum(spent, Decimal(0)) if spent else None, Decimal(reserved), reason, judges)


def test_a_row_says_all_that_is_known() -> None:
    assert line(FAR, PLAN, EXPECTED) == (
        "openai:gpt-x: 38 of 72, 2 failed, 12.0 a minute, about 3 min left, $0.120 of about $0.31 to $0.52"
    )
    assert line(NEAR, PLAN, EXPECTED) == "ollama:llama3.3: 72 of 72"


def test_what_a_target_waits_for_is_said() -> None:
    waits = TargetProgress(0, 5, 0, 0, 0, None, None, None, says="Waits 20 s: rate limit.")
    assert line(waits, PLAN, None) == "openai:gpt-x: 0 of 5, Waits 20 s: rate limit"


def test_the_headline_sums_up_money_against_forecast_and_budget() -> None:
    assert headline(progress(FAR, NEAR), EXPECTED, PLAN) == (
        "Running: 108 of 144 answers. 2 calls gave no answer. $0.120 spent, up to $0.010 more in progress, "
        "budget $3.00, forecast about $0.31 to $0.52. About 3 min left."
    )


JUDGED = replace(PLAN, checks=(Check("judge", "Polite.", ("mistral:large",)),))
JUDGE = TargetProgress(0, 72, 0, 0, 0, None, 120.0, None, says=LATER)


def test_the_judges_are_counted_and_their_time_comes_on_top() -> None:
    said = headline(progress(FAR, NEAR, judges=(JUDGE,)), None, JUDGED)
    assert said.startswith("Running: 108 of 144 answers, 0 of 72 judgements.")
    assert said.endswith("About 5 min left.")
    assert judge_line(JUDGE, JUDGED, None) == (
        "judge mistral:large: 0 of 72, about 2 min left, Begins once the answers are there"
    )


def test_a_judge_that_was_never_timed_makes_the_time_left_at_least() -> None:
    untimed = replace(JUDGE, left_s=None)
    assert headline(progress(FAR, NEAR, judges=(untimed,)), None, JUDGED).endswith("At least 3 min left.")
    assert " left" not in headline(progress(NEAR, judges=(untimed,)), None, JUDGED)


def test_the_judges_time_alone_is_left_once_the_answers_are_there() -> None:
    judging = replace(JUDGE, done=36, running=4, left_s=60.0, says="")
    assert headline(progress(NEAR, judges=(judging,)), None, JUDGED).endswith("About 60 s left.")


def test_the_reason_of_a_stop_takes_the_place_of_the_time_left() -> None:
    said = headline(progress(FAR, stage="stopped", reason="The budget is spent."), None, PLAN)
    assert said.startswith("Stopped: 36 of 72 answers.")
    assert said.endswith("The budget is spent.")


def test_a_lower_bound_is_marked() -> None:
    unsure = TargetProgress(0, 2, 2, 0, 0, None, None, Decimal("0.1"), at_least=True)
    assert "≥ $0.100 spent" in headline(progress(unsure), None, PLAN)
    assert "≥ $0.100" in line(unsure, PLAN, None)
    assert "cost unknown" in line(replace(unsure, spent=None), PLAN, None)


@pytest.mark.parametrize(
    ("row", "done"), [(FAR, 38 / 72), (NEAR, 1.0), (TargetProgress(0, 0, 0, 0, 0, None, None, None), 1.0)]
)
def test_the_share_that_is_over(row: TargetProgress, done: float) -> None:
    assert share(row) == done
