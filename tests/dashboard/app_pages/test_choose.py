"""Choose in process: a task finds its evidence, must-haves exclude, weights rank, a probe becomes a draft."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.decide.notice import forget_aged
from dashboard.engine import engine
from dashboard.experiments.drafts import drafts
from prompts.core.decision import Decision
from prompts.core.targets import Target
from prompts.decide import decision_store, watch_store
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.plan import Plan, Wording
from providers.interface import Settings
from tests.dashboard.pages import said

PAGE = "app_pages/choose.py"
SHORT = Settings(max_output_tokens=4)
PLAN = Plan(
    "Short words", (Wording("plain", "Say: {{text}}"),),
    made(["text"], [[f"A class {n}"] for n in range(8)]),
    (Target("builtin", "ngram-3", SHORT), Target("builtin", "ngram-2", SHORT)),
    settings=SHORT, checks=(Check("contains", "e"),),
)  # fmt: skip


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


def test_without_a_task_nothing_is_said_of_evidence(app: AppTest) -> None:
    """There is some: it was not looked for."""
    run_plan()
    opened(app, None)
    html = str(app.get_by_key("choose-families").proto)
    assert "long-form analysis, nuance, safety, large context" in html
    assert "evidence" not in html


def test_a_task_finds_its_experiment_and_each_model_stands_with_its_evidence(app: AppTest) -> None:
    id = run_plan()
    opened(app)
    assert app.multiselect(key="wanted-evidence").value == [id]
    assert "1 experiment, 8 cases, 2 models measured." in said(app)
    assert "measured here (n = 8 cases" in cards(app)
    assert "decide:builtin:ngram-3" in cards(app)


def test_words_of_ones_own_find_what_they_are_about(app: AppTest) -> None:
    id = run_plan()
    opened(app, "short greetings with few words")
    assert app.multiselect(key="wanted-evidence").value == [id]


def test_a_task_that_nothing_was_asked_for_has_no_evidence(app: AppTest) -> None:
    run_plan()
    opened(app, "translation")
    assert app.multiselect(key="wanted-evidence").value == []
    assert "0 experiments, 0 cases, 0 models measured." in said(app)


def test_a_must_have_excludes_and_says_why(app: AppTest) -> None:
    run_plan()
    opened(app)
    app.toggle(key="wanted-local").set_value(True).run()
    assert "Must have: local only." in said(app)
    excluded = str(app.get_by_key("choose-excluded").proto)
    assert "not local: text goes to OpenAI (api.openai.com)" in excluded
    assert "openai:" not in cards(app)


def test_nothing_is_ranked_before_weights_are_given(app: AppTest) -> None:
    run_plan()
    opened(app)
    assert "Nothing is ranked until you set weights" in said(app)
    app.slider(key="wanted-weight-quality").set_value(5).run()
    app.slider(key="wanted-weight-time").set_value(5).run()
    assert "Weights: quality 50 %, cost 0 %, time 50 %." in said(app)
    assert not app.exception


def test_a_probe_opens_a_draft_of_five_cases_for_that_model(app: AppTest) -> None:
    run_plan()
    opened(app)
    app.session_state[state.CHOOSE_ACT] = "probe:ollama:llama3.2"
    app.run()
    assert not app.exception
    shown = app.query_params["experiment"]
    held = drafts().find(shown if isinstance(shown, str) else shown[0])
    assert held is not None
    draft = held.draft
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


def decide(app: AppTest, name: str = "builtin:ngram-3", because: str = "It is small.") -> AppTest:
    app.session_state[state.CHOOSE_ACT] = f"decide:{name}"
    app.run()
    app.text_area(key="wanted-because").set_value(because)
    app.button(key="decision-record").click().run()
    assert not app.exception
    return app


def kept() -> list[Decision]:
    archive = engine().archive
    assert archive is not None
    return archive.read(decision_store.every)


def test_a_decision_is_recorded_with_its_evidence_and_shown(app: AppTest) -> None:
    id = run_plan()
    decide(opened(app))
    (decision,) = kept()
    assert (decision.task, decision.chosen, decision.because) == ("Short words", "builtin:ngram-3", "It is small.")
    assert [(each.id, each.answers) for each in decision.evidence.experiments] == [(id, 16)]
    app.run()
    assert app.query_params["decision"] in (decision.id, [decision.id])
    assert "Short words: builtin:ngram-3" in [str(each.value).replace("\\", "") for each in app.subheader]
    assert "It is small." in str(app.get_by_key("decision-evidence").proto)


def test_a_decision_that_aged_is_told_on_the_first_page_in_history_and_beside_it(app: AppTest) -> None:
    id = run_plan()
    decide(opened(app))
    core = engine()
    assert core.experiments is not None
    core.experiments.delete(id)
    forget_aged()
    told = "Short words: builtin:ngram-3. The experiment “Short words” is no longer on record."
    for page in ("app_pages/compare.py", "app_pages/history.py"):
        app.switch_page(page).run()
        assert told in said(app)
    app.query_params["decision"] = kept()[0].id
    app.switch_page(PAGE).run()
    assert "The experiment “Short words” is no longer on record." in said(app)


def test_a_decision_can_be_taken_off_the_record(app: AppTest) -> None:
    run_plan()
    decide(opened(app))
    app.run()
    app.button(key="decision-delete").click().run()
    assert not app.exception
    assert kept() == []


def test_an_address_of_no_decision_says_so(app: AppTest) -> None:
    app.query_params["decision"] = "nobody-knows"
    opened(app, None)
    assert "The decision in this address is not on record here." in said(app)


def test_an_experiment_is_watched_and_left_alone_again(app: AppTest) -> None:
    id = run_plan()
    opened(app)
    app.button(key=f"watch-{id}").click().run()
    archive = engine().archive
    assert archive is not None
    assert [(each.plan_id, each.every_days) for each in archive.read(watch_store.every)] == [(id, 7)]
    assert "Short words: every week, $0 at most" in said(app)
    app.button(key=f"watch-stop-{id}").click().run()
    assert archive.read(watch_store.every) == []
    assert not app.exception
