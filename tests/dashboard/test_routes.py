"""What the stream of answers is given for an address."""

from __future__ import annotations

import gc
from weakref import ref

import pytest

from dashboard import engine, routes
from dashboard.engine import Engine
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record.recorder import RecordError
from providers.interface import Settings
from tests.dashboard.test_engine import wait_until_finished
from tests.runs import run_of, started


@pytest.fixture
def core(own_engine: None) -> Engine:
    return engine.engine()


@pytest.fixture
def run(core: Engine) -> Run:
    made = started("Why?", [Target("builtin", "ngram-2", Settings(max_output_tokens=2))], repeats=2)
    made = core.start(made, core.configuration.connections)
    wait_until_finished(core, made)
    return made


def test_every_viewer_of_a_repeat_is_given_the_same_view(run: Run) -> None:
    first, second = routes.find_view(run.id), routes.find_view(f"{run.id}.1")
    assert first is not None
    assert second is not None
    assert routes.find_view(run.id) is first
    assert routes.find_view(f"{run.id}.1") is second
    assert [view.id for view in (first, second)] == [run.id, f"{run.id}.1"]
    assert [answer.title[-8:] for answer in second.columns] == ["repeat 2"]
    assert second.finished


def test_an_address_of_no_run_leads_nowhere(core: Engine) -> None:
    assert routes.find_view("no-such-run") is None
    assert routes.find_view("") is None


def test_a_record_that_is_away_leads_nowhere_and_raises_nothing(core: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: str) -> Run:
        raise RecordError("The record is away.")

    monkeypatch.setattr(core, "find", away)
    assert routes.find_view("any") is None


def test_a_run_that_was_read_afresh_gets_a_view_of_its_own(
    run: Run, core: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = routes.find_view(run.id)
    again = run_of(run.prompt, run.answers, id=run.id)
    monkeypatch.setattr(core, "find", lambda _: again)
    second = routes.find_view(run.id)
    assert first is not None
    assert second is not None
    assert second is not first
    assert second.run is again


def test_a_run_that_nobody_looks_at_is_not_kept_in_memory(core: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = ref(made := started("Why?", [Target("builtin", "ngram-2")]))
    monkeypatch.setattr(core, "find", lambda _: seen())
    view = routes.find_view(made.id)
    del made
    gc.collect()
    assert seen() is not None, "somebody looks at it"
    del view
    gc.collect()
    assert seen() is None
