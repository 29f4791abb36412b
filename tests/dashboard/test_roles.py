"""Where people log in, nobody stops, changes or deletes what is another's, whatever a page lets them press."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dashboard.engine import Engine
from prompts.core.decision import Decision, FrozenEvidence
from prompts.core.plan import plan
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.decide import decision_store, watch_store
from prompts.decide.watch_store import Watch
from prompts.experiments import plan_store
from prompts.experiments.experiments import Experiments
from prompts.history.archive import Archive
from prompts.record.recorder import RecordError
from prompts.record.rights import OPERATOR, Actor, NotAllowedError
from prompts.votes.on_record import Votes
from providers.interface import Settings
from tests.dashboard.test_engine import wait_until_finished
from tests.patience import PATIENCE_S, wait_until
from tests.prompts.experiments.asked_cells import PLAN
from tests.prompts.votes.made import a_ballot

ADA, BOB, CHIEF = Actor("ada", admin=False), Actor("bob", admin=False), Actor("eve", admin=True)
SHORT = plan("What is a class?", [Target("builtin", "ngram-3", Settings(max_output_tokens=5, seed=1))])
NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.fixture
def core(home: Path) -> Iterator[Engine]:
    made = Engine()
    yield made
    made.close()


@pytest.fixture
def archive(core: Engine) -> Archive:
    assert core.archive is not None
    return core.archive


@pytest.fixture
def hers(core: Engine) -> Run:
    """A run of Ada's that is over."""
    run = core.start(replace(SHORT, person="bob"), core.configuration.connections, by=ADA)
    wait_until_finished(core, run)
    return run


def told(archive: Archive) -> list[tuple[str, bool, str]]:
    """What the audit trail says of people; the settings of the start are there too."""
    return [(each.person, each.admin, each.act) for each in archive.trail(10) if each.act != "settings in force"]


def test_a_run_belongs_to_whoever_has_logged_in_whatever_the_page_says(hers: Run, archive: Archive) -> None:
    assert hers.person == "ada"
    stored = archive.run(hers.id)
    assert stored is not None
    assert stored.person == "ada"


ON_A_RUN: dict[str, Callable[[Engine, Run, Actor], object]] = {
    "stop": lambda core, run, by: core.stop(run, by=by),
    "retry": lambda core, run, by: core.retry(run, run.answers[0], core.configuration.connections, by=by),
    "finish": lambda core, run, by: core.finish(run, run.answers, core.configuration.connections, by=by),
    "leave": lambda core, run, by: core.leave(run.id, by=by),
}


@pytest.mark.parametrize("what", ON_A_RUN.values(), ids=ON_A_RUN)
def test_only_its_owner_and_administrators_steer_a_run(
    what: Callable[[Engine, Run, Actor], object], core: Engine, hers: Run
) -> None:
    with pytest.raises(NotAllowedError, match="This is ada’s"):
        what(core, hers, BOB)
    assert hers.answers[0].attempt == 1
    for by in (ADA, CHIEF, OPERATOR):
        what(core, hers, by)
        wait_until(lambda: hers.finished)


@pytest.mark.parametrize("by", [ADA, CHIEF, OPERATOR], ids=["owner", "administrator", "program"])
def test_only_its_owner_and_administrators_delete_a_run(by: Actor, hers: Run, archive: Archive) -> None:
    assert archive.delete([hers.id], by=BOB).others == (hers.id,)
    assert archive.holds(hers.id)
    assert archive.delete([hers.id], by=by).runs == 1


ARGUMENTS: dict[str, Any] = {"connections": {}, "plan": PLAN, "cells": (), "checks": (), "name": "Mine now"}
ACTS = [
    name
    for name, method in inspect.getmembers(Experiments, inspect.isfunction)
    if "by" in inspect.signature(method).parameters and not name.startswith("_") and name != "start"
]


@pytest.mark.parametrize("act", ACTS)
def test_only_its_owner_and_administrators_change_an_experiment(act: str, core: Engine, archive: Archive) -> None:
    archive.write(lambda c: plan_store.add(c, "e1", PLAN, "ada", NOW))
    assert core.experiments is not None
    method = getattr(core.experiments, act)
    wanted = {name: value for name, value in ARGUMENTS.items() if name in inspect.signature(method).parameters}

    def outcome(by: Actor) -> type | None:
        try:
            done = method("e1", **wanted, by=by)
            if inspect.isasyncgen(done):
                list(core.each(done, PATIENCE_S))
            elif inspect.iscoroutine(done):
                core.call(done)
        except (RecordError, ValueError, LookupError) as exc:  # no provider is set up, so nothing is sent
            return type(exc)
        return None

    assert outcome(BOB) is NotAllowedError
    assert archive.read(lambda c: plan_store.head(c, "e1")) is not None
    assert told(archive) == []
    assert outcome(ADA) is not NotAllowedError  # though there may be nothing to stop


def test_all_that_changes_an_experiment_is_tried() -> None:
    assert {"resume", "extend", "ask_again", "pause", "stop", "recheck", "rename", "delete"} == set(ACTS)


def test_only_its_owner_and_administrators_delete_a_ballot(archive: Archive) -> None:
    votes = Votes(archive)
    votes.add(a_ballot(person="ada"))
    with pytest.raises(NotAllowedError):
        votes.delete("ballot", by=BOB)
    assert [line.id for line in votes.lines()] == ["ballot"]
    votes.delete("ballot", by=ADA)
    assert votes.lines() == []
    assert told(archive) == [("ada", False, "deleted a ballot")]


def test_only_who_decided_and_administrators_delete_a_decision(archive: Archive) -> None:
    decision = Decision("d1", NOW, "Mail", "builtin:ngram-3", "ada", "", FrozenEvidence())
    archive.write(lambda c: decision_store.add(c, decision))
    with pytest.raises(NotAllowedError):
        archive.write(lambda c: decision_store.delete(c, "d1", by=BOB))
    assert archive.read(decision_store.any_there)
    archive.write(lambda c: decision_store.delete(c, "d1", by=CHIEF))
    assert told(archive) == [("eve", True, "deleted a decision")]


def test_only_who_watches_and_administrators_change_what_is_watched(archive: Archive) -> None:
    watch = Watch("w1", "e1", NOW, "ada", 7, Decimal(1), None)
    archive.write(lambda c: watch_store.put(c, watch, by=ADA))
    with pytest.raises(NotAllowedError):
        archive.write(lambda c: watch_store.put(c, replace(watch, person="bob", budget=Decimal(1000)), by=BOB))
    with pytest.raises(NotAllowedError):
        archive.write(lambda c: watch_store.stop(c, "e1", by=BOB))
    assert archive.read(watch_store.every) == [watch]
    archive.write(lambda c: watch_store.stop(c, "e1", by=ADA))
    assert archive.read(watch_store.every) == []
