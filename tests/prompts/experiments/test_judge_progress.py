"""How many questions judges have before them, and how long those take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prompts.core.targets import Target
from prompts.experiments.cell_reading import Sums
from prompts.experiments.checks.check import Check
from prompts.experiments.judge import calls_of
from prompts.experiments.judge_progress import LATER, Ahead, Going, judge_rows, numbers_of
from prompts.experiments.throughput import Rate, Throughput
from tests.prompts.experiments.wired import plan

JUDGE = Target("mistral", "small")
RUBRIC = Check("judge", "It greets.", ("mistral:small",))
PAIR = Check("judge-pair", "Clearer.", ("mistral:small",), against="Hi.")
PLAN = plan("groq:llama", cases=100, checks=(RUBRIC,))
TIMED = Ahead.of(PLAN, {JUDGE: 2.0})
FREE = {JUDGE: Going(Throughput(10))}
ASKED = Sums(done=40, waiting=60, planned=100, tokens_each=500.0)
OVER = Sums(done=90, failed=10, planned=100, tokens_each=500.0)
NUMBER, *_ = numbers_of(PLAN)[JUDGE]


def test_before_it_is_asked_a_judge_takes_what_it_took_here_before() -> None:
    (row,) = judge_rows(PLAN, {0: ASKED}, TIMED, FREE)
    assert (row.planned, row.done, row.left_s, row.says) == (100, 0, 20.0, LATER)


def test_an_answer_that_will_not_come_is_not_judged() -> None:
    (row,) = judge_rows(PLAN, {0: replace(ASKED, done=30, failed=10)}, TIMED, FREE)
    assert row.planned == 90


def test_a_judge_that_was_never_timed_has_no_time_left() -> None:
    (row,) = judge_rows(PLAN, {0: ASKED}, Ahead.of(PLAN, {}), FREE)
    assert row.left_s is None


def test_nothing_is_said_of_the_time_while_nobody_asks() -> None:
    (row,) = judge_rows(PLAN, {0: ASKED}, TIMED, {})
    assert (row.planned, row.left_s) == (100, None)


def test_a_limit_of_tokens_counts_at_least_what_was_asked_and_answered() -> None:
    limited = {JUDGE: Going(Throughput(10, rates=(Rate(10_000, "token"),)))}
    (row,) = judge_rows(PLAN, {0: ASKED}, TIMED, limited)
    assert row.left_s == pytest.approx((100 * 500 - 1_000) / 10_000 * 60)


def test_once_it_is_asked_what_is_on_record_and_its_speed_count() -> None:
    sums = {0: OVER, NUMBER: Sums(done=30, running=2, waiting=58, planned=90, tokens_each=600.0)}
    (row,) = judge_rows(PLAN, sums, TIMED, {JUDGE: Going(Throughput(10), 60.0, 1.0)})
    assert (row.planned, row.done, row.running, row.per_minute, row.left_s, row.says) == (90, 30, 2, 60.0, 60.0, "")


def test_judges_of_one_provider_wait_for_each_other() -> None:
    two = plan("groq:llama", cases=100, checks=(replace(RUBRIC, values=("mistral:small", "mistral:large")),))
    both = {JUDGE: 2.0, Target("mistral", "large"): 4.0}
    rows = judge_rows(two, {0: ASKED}, Ahead.of(two, both), dict.fromkeys(both, Going(Throughput(10))))
    assert [row.left_s for row in rows] == [60.0, 60.0]


def test_a_pair_takes_two_questions_and_a_check_of_some_cases_none_about_the_others() -> None:
    assert calls_of(replace(PLAN, checks=(PAIR,))) == 200
    filled = replace(PLAN.cases, columns=("name", "hard"), rows=tuple((f"{n}", "x" * (n < 7)) for n in range(100)))
    assert calls_of(replace(PLAN, cases=filled, checks=(replace(RUBRIC, when="hard"),))) == 7
