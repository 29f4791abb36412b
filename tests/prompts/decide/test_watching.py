"""Watched experiments are asked again when due, by one of several, within money, and what they show is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from prompts.decide import watch_store
from prompts.decide.watch_store import Look, Moved, Watch
from prompts.decide.watching import GONE, ask_due
from prompts.experiments.experiments import Experiments
from prompts.history.archive import Archive
from prompts.record.database import open_database
from tests.patience import patiently
from tests.prompts.experiments.wired import connections, laboratory, over, plan

START = datetime(2026, 11, 1, tzinfo=UTC)
LATER = START + timedelta(days=8)


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[tuple[Experiments, Archive]]:
    url = f"sqlite:///{tmp_path}/collate.db"
    async with laboratory(url, connections()) as experiments:
        database = open_database(url)
        yield experiments, Archive(database)
        database.dispose()


async def watched(lab: tuple[Experiments, Archive], budget: str = "1") -> Watch:
    experiments, archive = lab
    id = await experiments.start(plan("builtin:ngram-3", cases=2), connections())
    await over(experiments, id)
    watch = Watch("w", id, START, "ada", 7, Decimal(budget), None)
    archive.write(lambda c: watch_store.put(c, watch))
    return watch


async def test_what_is_due_is_asked_again_once_and_its_look_is_kept(lab: tuple[Experiments, Archive]) -> None:
    experiments, archive = lab
    watch = await watched(lab)
    assert await ask_due(archive, experiments, connections(), START + timedelta(days=6)) == []
    ((_, look),) = await patiently(ask_due(archive, experiments, connections(), LATER))
    assert (look.problem, look.moved) == (None, ())
    assert archive.read(lambda c: watch_store.looks_of(c, watch.id)) == [look]
    asked = experiments.find(look.plan_id or "")
    assert asked is not None
    assert (asked.plan.name, asked.plan.budget.usd) == ("Greetings (watch 2026-11-09)", Decimal(1))
    assert await ask_due(archive, experiments, connections(), LATER) == []


async def test_of_two_that_see_it_due_one_asks(lab: tuple[Experiments, Archive]) -> None:
    _, archive = lab
    watch = await watched(lab)
    assert archive.write(lambda c: watch_store.claim(c, watch, LATER))
    assert not archive.write(lambda c: watch_store.claim(c, watch, LATER))


async def test_money_for_all_of_them_is_never_passed(lab: tuple[Experiments, Archive]) -> None:
    experiments, archive = lab
    watch = await watched(lab)
    assert await ask_due(archive, experiments, connections(), LATER, most=Decimal("0.99")) == []
    assert archive.read(watch_store.every) == [watch]


async def test_an_experiment_that_is_gone_is_a_look_that_says_so(lab: tuple[Experiments, Archive]) -> None:
    experiments, archive = lab
    watch = await watched(lab)
    experiments.delete(watch.plan_id)
    ((_, look),) = await ask_due(archive, experiments, connections(), LATER)
    assert (look.problem, look.plan_id) == (GONE, None)


async def test_a_model_that_cannot_be_asked_is_a_look_with_its_problem(lab: tuple[Experiments, Archive]) -> None:
    experiments, archive = lab
    await watched(lab)
    ((_, look),) = await ask_due(archive, experiments, {}, LATER)
    assert look.problem
    assert look.moved == ()


async def test_one_can_be_asked_before_it_is_due(lab: tuple[Experiments, Archive]) -> None:
    experiments, archive = lab
    watch = await watched(lab)
    found = await patiently(ask_due(archive, experiments, connections(), START, only=watch.plan_id))
    assert [each.id for each, _ in found] == [watch.id]


async def test_only_what_is_certain_ages_a_decision(lab: tuple[Experiments, Archive]) -> None:
    _, archive = lab
    watch = await watched(lab)
    both = (Moved("builtin:ngram-3", "price", "Dearer.", True), Moved("builtin:ngram-3", "slower", "Slower.", False))
    archive.write(lambda c: watch_store.add_look(c, Look("l", watch.id, LATER, None, both, None)))
    assert [(each.experiment, each.sentence) for each in archive.read(watch_store.drifts)] == [
        (watch.plan_id, "Dearer.")
    ]


async def test_watching_again_changes_how_and_stopping_forgets(lab: tuple[Experiments, Archive]) -> None:
    _, archive = lab
    watch = await watched(lab)
    archive.write(lambda c: watch_store.put(c, replace(watch, id="other", every_days=1)))
    (found,) = archive.read(watch_store.every)
    assert (found.id, found.every_days) == ("w", 1)
    archive.write(lambda c: watch_store.stop(c, watch.plan_id))
    archive.write(lambda c: watch_store.add_look(c, Look("l", watch.id, LATER, None, (), None)))
    assert archive.read(watch_store.every) == []
