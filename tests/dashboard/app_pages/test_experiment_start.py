"""From a draft to a start: the bill, what has to be answered first, and the one case that is tried."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.engine import engine
from dashboard.experiments import fields
from prompts.experiments.cases import made
from prompts.experiments.plan import Budget, Plan
from tests.dashboard.app_pages.experiment_pages import (
    CASES,
    FAR,
    KEY,
    NEAR,
    PLAN,
    experiments,
    press,
    started,
    typed,
    written,
)
from tests.dashboard.pages import said
from tests.patience import wait_until
from tests.wire.server import WireServer

pytestmark = pytest.mark.usefixtures("far")


def test_the_bill_names_calls_and_what_the_plan_can_show(app: AppTest) -> None:
    written(app)
    assert "2 cases × 1 model = 2 answers" in said(app)
    assert "**no fee** for 2 calls" in said(app)
    assert "nothing is compared" in said(app)


def test_a_model_of_unknown_price_is_left_out_under_a_budget_unless_told_otherwise(app: AppTest) -> None:
    written(app, Plan("x", PLAN.wordings, CASES, (NEAR, FAR)))
    assert "cost unknown" in said(app)
    app.number_input(key=fields.BUDGET).set_value(3.0).run()
    assert "left out: its price is not known" in said(app)
    assert app.radio(key=fields.UNKNOWN).value == "leave out"
    app.radio(key=fields.UNKNOWN).set_value("ask").run()
    assert "left out" not in said(app)


def test_above_the_set_amount_it_is_asked_before_it_starts(app: AppTest) -> None:
    written(app, Plan("x", PLAN.wordings, CASES, (FAR,), budget=Budget(ask_above=0)))
    press(app, "experiment-start")
    assert "there is no upper bound on the cost" in said(app)
    assert experiments().list() == []
    press(app, "experiment-no")
    assert "no upper bound" not in said(app)
    press(app, "experiment-start")
    press(app, "experiment-yes")
    assert started(app).counts == {"complete": 2}


def test_private_cases_are_named_before_anything_is_sent_and_can_be_replaced(app: AppTest, far: WireServer) -> None:
    cases = made(["text"], [["hello"], [f"the key is {KEY}"]])
    press(written(app, Plan("x", PLAN.wordings, cases, (FAR,))), "experiment-start")
    assert "Case 2 seems to contain a key" in said(app)
    assert far.calls("/chat/completions") == []
    press(app, "experiment-mask")
    assert typed(app).cases.rows[1] == ("the key is [key]",)
    press(app, "experiment-start")
    started(app)
    assert all(KEY not in str(call.json) for call in far.calls("/chat/completions"))


def test_local_only_keeps_everything_here(app: AppTest, far: WireServer) -> None:
    written(app, Plan("x", PLAN.wordings, CASES, (NEAR, FAR)), local_only=True)
    press(app, "experiment-start")
    assert "with “Local only” it cannot be asked" in said(app)
    assert (experiments().list(), far.calls("/chat/completions")) == ([], [])


def test_one_case_is_tried_as_a_run_of_its_own_and_speaks_in_the_bill(app: AppTest) -> None:
    press(written(app), "experiment-try")
    tried = app.session_state[fields.TRIED]
    wait_until(lambda: (run := engine().find(tried)) is not None and run.finished)
    app.run()
    assert "The case that was tried: no fee" in said(app)
    run = engine().find(tried)
    assert run is not None
    assert (run.prompt, [a.target for a in run.answers]) == ("Say: A class is", [NEAR])
    assert experiments().list() == []


def test_a_model_that_is_none_is_named_left_out_and_replaced_by_what_is_meant(app: AppTest) -> None:
    written(app)
    app.multiselect(key=fields.TARGETS).set_value(["builtin:ngram-3", "ngram-2"]).run()
    assert "names no provider" in said(app)
    assert [str(target) for target in typed(app).targets] == ["builtin:ngram-3"]
    press(app, "use-ngram-2-builtin:ngram-2")
    assert [str(target) for target in typed(app).targets] == ["builtin:ngram-3", "builtin:ngram-2"]
    app.multiselect(key=fields.TARGETS).set_value(["nonsense"]).run()
    press(app, "experiment-start")
    assert "Choose at least one model." in said(app)
    assert experiments().list() == []
