"""Runs in memory, kept and looked for by the threads of many pages at once."""

from __future__ import annotations

import pytest

from prompts.asking import held_runs
from prompts.asking.held_runs import HeldRuns
from tests.prompts.samples import FULL, a_run
from tests.runs import end
from tests.threads import together


def test_many_threads_keep_and_look_for_runs_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_runs, "KEPT_RUNS", 3)
    runs = HeldRuns()
    made = [a_run(f"run {n}") for n in range(40)]
    for run in made:
        end(run.live[0], FULL)

    def page(number: int) -> None:
        for run in made[number:] + made[:number]:
            assert runs.keep(run) is run
            assert runs.under_way == 0
            runs.drop(made[number].id)

    together(page)
    assert len(runs.all_held) <= 3


def test_runs_that_are_asked_stay_and_the_oldest_finished_ones_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_runs, "KEPT_RUNS", 2)
    runs = HeldRuns()
    asked, *others = (a_run(f"run {n}") for n in range(4))
    for run in others:
        end(run.live[0], FULL)
    for run in (asked, *others):
        runs.keep(run)
    assert runs.all_held == (asked, others[-1])
    assert runs.under_way == 1
