"""Experiments in process: the list, what was asked, and the ways from other pages to a draft."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.engine import engine
from dashboard.experiments import fields
from dashboard.experiments.from_runs import REPEATS
from prompts.core.run import Run
from prompts.decide import watch_store
from prompts.experiments.cases import Cases
from prompts.experiments.checks.check import Check
from prompts.experiments.plan import Budget
from tests.dashboard.app_pages.experiment_pages import (
    PAGE,
    PLAN,
    experiments,
    listed,
    press,
    shown,
    started,
    typed,
    written,
)
from tests.dashboard.pages import run_id_of, said
from tests.patience import wait_until

pytestmark = pytest.mark.usefixtures("far")


def test_the_example_runs_with_one_click_and_lands_on_the_results(app: AppTest) -> None:
    press(listed(app), "experiment-run-example")
    experiment = started(app)
    assert experiment.plan.name == "Which model sorts support mail best?"
    assert len(experiments().cells(experiment.id)) == 24
    app.run()
    assert not app.exception
    assert "Finished: 24 of 24 answers." in said(app)


def test_what_was_asked_is_listed_and_opened(app: AppTest) -> None:
    press(written(app), "experiment-start")
    experiment = started(app)
    press(app, "experiment-back")
    assert "2 of 2 answers" in said(app)
    press(app, f"experiment-open-{experiment.id}")
    assert shown(app) == experiment.id


def test_an_experiment_is_duplicated_as_a_draft(app: AppTest) -> None:
    press(written(app), "experiment-start")
    experiment = started(app)
    app.run()
    press(app, "experiment-copy")
    assert shown(app) != experiment.id
    assert typed(app) == PLAN


def test_an_experiment_that_is_not_there_is_said_to_be_so(app: AppTest) -> None:
    listed(app).query_params["experiment"] = "no-such"
    app.run()
    assert "is not on record here" in said(app)
    app.query_params["experiment"] = "draft-no-such"
    app.run()
    assert "This draft is not here." in said(app)


def test_an_experiment_is_renamed_and_deleted(app: AppTest) -> None:
    press(written(app), "experiment-start")
    experiment = started(app)
    app.run()
    app.text_input(key=f"experiment-new-name-{experiment.id}").set_value("Other words")
    press(app, "experiment-rename")
    assert experiments().find(experiment.id).plan.name == "Other words"
    press(app, "experiment-delete")
    press(app, "experiment-delete-now")
    assert experiments().list() == []
    assert "experiment" not in app.query_params


def test_an_experiment_goes_on_with_more_cases_and_asks_only_those(app: AppTest) -> None:
    press(written(app), "experiment-start")
    experiment = started(app)
    first = {cell.completion_id for cell in experiments().cells(experiment.id)}
    app.run()
    press(app, "experiment-extend")
    assert "Nothing new is to be asked yet" in said(app)
    app.toggle(key="experiment-below-pasted").set_value(True)
    app.text_area(key="experiment-pasted").set_value("text\tlabel\nA tuple is\tz\n")
    press(app, "experiment-use-pasted")
    assert "**no fee** for 1 call" in said(app)
    press(app, "experiment-start")
    assert shown(app) == experiment.id
    assert started(app).extended
    cells = experiments().cells(experiment.id)
    assert (len(cells), first < {cell.completion_id for cell in cells}) == (3, True)


def test_other_checks_are_held_to_the_answers_that_are_there_and_nothing_is_asked(app: AppTest) -> None:
    press(written(app, replace(PLAN, checks=(Check("contains", "no answer says this"),))), "experiment-start")
    experiment = started(app)
    asked = {cell.completion_id: cell.completion for cell in experiments().cells(experiment.id)}
    app.run()
    press(app, "experiment-extend")
    app.toggle(key=fields.key("negated", 0, "check")).set_value(True).run()
    assert "No model needs to be asked: Start applies the new checks to the existing answers." in said(app)
    press(app, "experiment-start")
    assert shown(app) == experiment.id
    cells = experiments().cells(experiment.id)
    assert [cell.verdict.passed for cell in cells] == [True, True]
    assert {cell.completion_id: cell.completion for cell in cells} == asked


def test_a_budget_that_was_reached_can_be_raised(app: AppTest) -> None:
    press(written(app, replace(PLAN, budget=Budget(Decimal("0.10")))), "experiment-start")
    experiment = started(app)
    app.run()
    press(app, "experiment-extend")
    app.number_input(key=fields.BUDGET).set_value(0.5).run()
    assert "Nothing new is to be asked yet" not in said(app)
    press(app, "experiment-start")
    assert started(app).plan.budget.usd == Decimal("0.5")
    assert (shown(app), len(experiments().cells(experiment.id))) == (experiment.id, 2)


def test_what_was_asked_cannot_be_changed_by_going_on(app: AppTest) -> None:
    press(written(app), "experiment-start")
    started(app)
    app.run()
    press(app, "experiment-extend")
    app.number_input(key=fields.REPEATS).set_value(2)
    app.text_area(key=fields.key("prompt", 0)).set_value("Otherwise: {{text}}").run()
    press(app, "experiment-start")
    assert "The prompts that were asked must stay as they are" in said(app)


def asked_on_compare(app: AppTest) -> Run:
    app.run()
    app.text_area(key="prompt").set_value("What is a class?")
    press(app, "run")
    run = engine().find(run_id_of(app))
    assert run is not None
    wait_until(lambda: run.finished)
    return run


def test_runs_of_history_become_cases(app: AppTest) -> None:
    run = asked_on_compare(app)
    app.session_state[state.CASES_OF] = (run.id,)
    app.query_params.clear()
    app.switch_page(PAGE).run()
    assert not app.exception
    assert typed(app).cases == Cases(("prompt",), (("What is a class?",),))
    assert app.text_area(key=fields.key("prompt", 0)).value == "{{prompt}}"


def test_a_run_on_compare_becomes_an_experiment_over_its_models(app: AppTest) -> None:
    run = asked_on_compare(app)
    press(app.run(), "make-experiment")
    assert typed(app).targets == tuple(answer.target for answer in run.answers)
    assert typed(app).repeats == REPEATS


def test_a_finished_experiment_is_watched_and_left_alone_again(app: AppTest, caplog: pytest.LogCaptureFixture) -> None:
    press(written(app), "experiment-start")
    id = started(app).id
    app.run().run()
    assert "default value" not in caplog.text  # of fields whose values are kept
    assert app.selectbox(key=f"{state.CHOOSE}every-{id}").label == "How often"  # the page has its name already
    press(app, f"watch-{id}")
    archive = engine().archive
    assert archive is not None
    assert [each.plan_id for each in archive.read(watch_store.every)] == [id]
    press(app, f"watch-stop-{id}")
    assert archive.read(watch_store.every) == []
