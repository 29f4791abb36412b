"""Choose in process: a task finds its evidence, must-haves exclude, weights rank, a probe becomes a draft."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.engine import engine
from dashboard.experiments.drafts import drafts
from prompts.core.targets import Target
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.plan import Plan, Wording
from providers.interface import Settings
from tests.dashboard.test_pages import MAIN, texts
from tests.patience import PATIENCE_S

PAGE = "app_pages/choose.py"
SHORT = Settings(max_output_tokens=4)
PLAN = Plan(
    "Short words", (Wording("plain", "Say: {{text}}"),),
    made(["text"], [[f"A class {n}"] for n in range(8)]),
    (Target("builtin", "ngram-3", SHORT), Target("builtin", "ngram-2", SHORT)),
    settings=SHORT, checks=(Check("contains", "e"),),
)  # fmt: skip


@pytest.fixture
def app(home: Path) -> Iterator[AppTest]:
    engine.cache_clear()
    drafts.cache_clear()
    yield AppTest.from_file(MAIN, default_timeout=PATIENCE_S)
    engine().close()
    engine.cache_clear()


def said(app: AppTest) -> str:
    return texts(app).replace("\\", "").replace("\u2060", "")


def run_plan(plan: Plan = PLAN) -> str:
    core = engine()
    assert core.experiments is not None
    id = core.call(core.experiments.start(plan, core.configuration.connections))
    core.call(core.experiments.wait(id))
    return id


def opened(app: AppTest, task: str | None = "Short words") -> AppTest:
    if task is not None:
        app.query_params["task"] = task
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def cards(app: AppTest) -> str:
    return str(app.get_by_key("choose-cards").proto)


def test_without_a_task_the_families_are_shown_with_no_evidence(app: AppTest) -> None:
    opened(app, None)
    html = str(app.get_by_key("choose-families").proto)
    assert "long-form analysis, nuance, safety, large context" in html
    assert "no evidence yet" in html


def test_a_task_finds_its_experiment_and_each_model_stands_with_its_evidence(app: AppTest) -> None:
    id = run_plan()
    opened(app)
    assert app.multiselect(key="choose-evidence").value == [id]
    assert "1 experiment, 8 cases, 2 models measured." in said(app)
    assert "measured here (n = 8 cases" in cards(app)
    assert "decide:builtin:ngram-3" in cards(app)


def test_words_of_ones_own_find_what_they_are_about(app: AppTest) -> None:
    id = run_plan()
    opened(app, "short greetings with few words")
    assert app.multiselect(key="choose-evidence").value == [id]


def test_a_task_that_nothing_was_asked_for_has_no_evidence(app: AppTest) -> None:
    run_plan()
    opened(app, "translation")
    assert app.multiselect(key="choose-evidence").value == []
    assert "0 experiments, 0 cases, 0 models measured." in said(app)


def test_a_must_have_excludes_and_says_why(app: AppTest) -> None:
    run_plan()
    opened(app)
    app.toggle(key="choose-local").set_value(True).run()
    assert "Must have: local only." in said(app)
    excluded = str(app.get_by_key("choose-excluded").proto)
    assert "not local: text goes to OpenAI (api.openai.com)" in excluded
    assert "openai:" not in cards(app)


def test_nothing_is_ranked_before_weights_are_given(app: AppTest) -> None:
    run_plan()
    opened(app)
    assert "Nothing is ranked until you give weights" in said(app)
    app.slider(key="choose-weight-quality").set_value(5).run()
    app.slider(key="choose-weight-time").set_value(5).run()
    assert "Weights: quality 50 %, cost 0 %, time 50 %." in said(app)
    assert not app.exception


def test_a_probe_opens_a_draft_of_five_cases_for_that_model(app: AppTest) -> None:
    run_plan()
    opened(app)
    app.session_state[state.CHOOSE_ACT] = "probe:ollama:llama3.2"
    app.run()
    assert not app.exception
    shown = app.query_params["experiment"]
    draft = drafts().find(shown if isinstance(shown, str) else shown[0])
    assert draft is not None
    assert (len(draft.plan.cases), draft.chosen) == (5, ("ollama:llama3.2",))
    assert draft.plan.checks == PLAN.checks
    assert set(draft.plan.cases.rows) < set(PLAN.cases.rows)


def test_a_button_that_names_no_candidate_does_nothing(app: AppTest) -> None:
    run_plan()
    opened(app)
    app.session_state[state.CHOOSE_ACT] = "probe:nobody:at-all"
    app.run()
    assert not app.exception
    assert "1 experiment, 8 cases" in said(app)
