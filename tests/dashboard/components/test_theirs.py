"""By roles: what belongs to somebody else is shown with whose it is, and with no button that would be refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.answer_grid.view import view_id
from dashboard.engine import engine
from prompts.core.decision import Decision, FrozenEvidence
from prompts.decide import decision_store
from prompts.experiments.library.library import library
from prompts.experiments.library.prompt import Prompt
from prompts.record.rights import Actor
from tests.dashboard.app_pages.compare_page import THREE, compose, send
from tests.dashboard.app_pages.experiment_pages import PLAN, shown, written
from tests.dashboard.app_pages.history_page import FOXES, record, tick
from tests.dashboard.pages import said, session
from tests.patience import wait_until


def login(name: str) -> dict[str, object]:
    return {"is_logged_in": True, "email": f"{name}@example.com", "sub": name}


ADA, BOB, CHIEF = login("ada"), login("bob"), login("chief")
HERS = "This is ada@example.com’s: only they or an administrator may"
NAMES = ["owner", "member", "administrator"]
roles = pytest.mark.parametrize(
    ("who", "may"), [(ADA, True), (BOB, False), (CHIEF, True)], ids=["owner", "member", "admin"]
)
members = pytest.mark.parametrize(("who", "may"), [(BOB, False), (CHIEF, True)], ids=NAMES[1:])


@pytest.fixture
def team(home: Path, own_engine: None) -> None:
    (home / "collate.toml").write_text('[team]\nadmins = ["chief@example.com"]\n')


def as_(who: Mapping[str, object], page: str = "", **address: str) -> AppTest:
    app = session(**address)
    app.user = dict(who)
    if page:
        app.switch_page(f"app_pages/{page}.py")
        app.query_params.update(address)
    app.run()
    assert not app.exception
    return app


def keys(app: AppTest) -> set[str | None]:
    return {button.key for button in app.button}


@roles
def test_a_run_is_steered_by_whoever_may(who: Mapping[str, object], may: bool, team: None) -> None:
    hers = session()
    hers.user = dict(ADA)
    run = send(compose(hers, "Where do foxes sleep?", THREE))
    app = as_(who, run=run.id)
    grid = json.loads(app.get_by_key(f"answers-{view_id(run, 0)}").proto.json)
    assert [grid["offers"][name] for name in ("stop", "retry", "without")] == [may] * 3
    assert grid["offers"]["continue"]
    assert (f"{HERS} stop, ask again or finish a run. Run asks the same in your name." in said(app)) is not may
    assert app.text_area(key="prompt").value == "Where do foxes sleep?"


@roles
def test_an_experiment_is_changed_by_whoever_may(who: Mapping[str, object], may: bool, team: None) -> None:
    hers = session()
    hers.user = dict(ADA)
    id = shown(_pressed(written(hers, PLAN), "experiment-start"))
    asked = engine().experiments
    assert asked is not None
    wait_until(lambda: (found := asked.find(id)) is not None and found.stage == "finished")
    app = as_(who, "experiments", experiment=id)
    assert {"experiment-extend"} & keys(app) == ({"experiment-extend"} if may else set())
    assert "experiment-copy" in keys(app)
    assert (f"{HERS} change an experiment. Duplicate it to continue" in said(app)) is not may


def _pressed(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


@roles
def test_a_prompt_is_saved_anew_by_whoever_may(who: Mapping[str, object], may: bool, team: None) -> None:
    mine = Prompt("Mine", "Sort {{mail}}", "classification")
    library().create(mine, Actor("ada@example.com", admin=False))
    app = as_(who, "prompts", prompt="mine")
    assert {"library-edit", "library-delete"} & keys(app) == ({"library-edit", "library-delete"} if may else set())
    assert "library-duplicate" in keys(app)
    assert (f"{HERS} save a new version of a prompt. Duplicate it" in said(app)) is not may


@roles
def test_a_decision_is_deleted_by_whoever_may(who: Mapping[str, object], may: bool, team: None) -> None:
    archive = engine().archive
    assert archive is not None
    made = Decision("d1", datetime.now(UTC), "Mail", THREE, "ada@example.com", "", FrozenEvidence())
    archive.write(lambda c: decision_store.add(c, made))
    app = as_(who, "choose", decision="d1")
    assert "decision-close" in keys(app)
    assert ("decision-delete" in keys(app)) is may
    assert (f"{HERS} delete a decision." in said(app)) is not may


@members
def test_runs_of_nobody_are_deleted_by_administrators(
    who: Mapping[str, object], may: bool, team: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(monkeypatch, record(FOXES))
    app = as_(who, "history")
    assert ("history-delete" in keys(app)) is may
    assert ("only an administrator may delete a run" in said(app)) is not may


@members
def test_newer_prices_are_fetched_by_administrators(who: Mapping[str, object], may: bool, team: None) -> None:
    app = as_(who, "settings")
    assert ("fetch-prices" in keys(app)) is may
    assert ("Only an administrator may fetch newer prices." in said(app)) is not may
