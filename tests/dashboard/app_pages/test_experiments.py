"""Experiments in process: what is typed is what is planned, what stands against a start is said, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.engine import Engine, engine
from dashboard.experiments import fields
from dashboard.experiments.drafts import Draft, drafts
from prompts.core.targets import Target
from prompts.experiments.asked import Experiment
from prompts.experiments.cases import Cases, made
from prompts.experiments.checks.check import Check
from prompts.experiments.examples.support_mail import support_mail
from prompts.experiments.library.library import library
from prompts.experiments.plan import Budget, Plan, Wording
from prompts.experiments.plan_writer import dumps
from prompts.experiments.report.contents import report_of
from prompts.experiments.report.jsonl import as_jsonl
from providers.interface import Settings
from tests.dashboard.pages import run_id_of, said, session
from tests.patience import wait_until
from tests.prompts.experiments.asked_cells import asked
from tests.wire.server import WireServer

PAGE = "app_pages/experiments.py"
KEY = "sk-proj-Ab12Cd34Ef56Gh78Ij90Kl12Mn34"
NEAR = Target("builtin", "ngram-3", Settings(max_output_tokens=4))
FAR = Target("far", "m")
CASES = made(["text", "label"], [["A class is", "x"], ["A list is", "y"]])
PLAN = Plan("Words", (Wording("plain", "Say: {{text}}"),), CASES, (NEAR,))


pytestmark = pytest.mark.usefixtures("far")


def shown(app: AppTest) -> str:
    """The id in the address."""
    found = app.query_params["experiment"]
    return found if isinstance(found, str) else found[0]


def listed(app: AppTest) -> AppTest:
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def written(app: AppTest, plan: Plan = PLAN, **more: Any) -> AppTest:
    """The builder with that plan in it."""
    listed(app)
    draft = Draft(plan, tuple(dict.fromkeys(map(str, plan.targets))), **more)
    app.query_params["experiment"] = drafts().new(draft)
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def typed(app: AppTest) -> Plan:
    """The plan of the draft that is shown."""
    draft = drafts().find(shown(app))
    assert draft is not None
    return draft.plan


def started(app: AppTest) -> Experiment:
    """The experiment that is shown, once it is over."""
    asked, here = _asked(), shown(app)

    def over() -> bool:
        found = asked.find(here)
        return found is not None and found.stage == "finished"

    wait_until(over)
    found = asked.find(here)
    assert found is not None
    return found


def _asked() -> Any:
    core: Engine = engine()
    assert core.experiments is not None
    return core.experiments


# The list


def test_the_example_runs_with_one_click_and_lands_on_the_results(app: AppTest) -> None:
    press(listed(app), "experiment-run-example")
    experiment = started(app)
    assert experiment.plan.name == "Which model sorts support mail best?"
    assert len(_asked().cells(experiment.id)) == 24
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
    assert _asked().find(experiment.id).plan.name == "Other words"
    press(app, "experiment-delete")
    press(app, "experiment-delete-now")
    assert _asked().list() == []
    assert "experiment" not in app.query_params


def test_an_experiment_goes_on_with_more_cases_and_asks_only_those(app: AppTest) -> None:
    press(written(app), "experiment-start")
    experiment = started(app)
    first = {cell.completion_id for cell in _asked().cells(experiment.id)}
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
    cells = _asked().cells(experiment.id)
    assert (len(cells), first < {cell.completion_id for cell in cells}) == (3, True)


def test_what_was_asked_cannot_be_changed_by_going_on(app: AppTest) -> None:
    press(written(app), "experiment-start")
    started(app)
    app.run()
    press(app, "experiment-extend")
    app.number_input(key=fields.REPEATS).set_value(2)
    app.text_area(key=fields.key("prompt", 0)).set_value("Otherwise: {{text}}").run()
    press(app, "experiment-start")
    assert "The prompts that were asked must stay as they are" in said(app)


def test_a_plan_that_was_saved_is_opened_as_a_draft(app: AppTest) -> None:
    listed(app)
    app.file_uploader(key="experiment-plan-file").set_value(
        ("words.toml", dumps(PLAN).encode(), "application/toml")
    ).run()
    assert not app.exception
    assert typed(app) == PLAN


def test_a_configuration_of_promptfoo_is_opened_as_a_draft_with_what_could_not_be_followed(app: AppTest) -> None:
    listed(app)
    config = """
prompts: ["Sort: {{mail}}"]
providers: [openai:gpt-4o, nobody:here]
tests:
  - vars: {mail: I was charged twice}
    assert: [{type: contains, value: billing}, {type: javascript, value: output.length}]
"""
    app.file_uploader(key="experiment-plan-file").set_value(
        ("promptfooconfig.yaml", config.encode(), "application/yaml")
    ).run()
    assert not app.exception
    assert typed(app).cases.rows == (("I was charged twice",),)
    assert [check.kind for check in typed(app).checks] == ["contains"]
    assert "javascript" in said(app)


def test_a_report_is_opened_as_the_experiment_it_is_of(app: AppTest) -> None:
    listed(app)
    report = as_jsonl(report_of(*asked("+ + -", "+ - -"))).replace(b'"e1"', b'"22222222-2222-4222-8222-222222222222"')
    for _ in range(2):
        app.file_uploader(key="experiment-plan-file").set_value(("mail.jsonl", report, "application/jsonl")).run()
        assert not app.exception
        if "experiment" in app.query_params:
            assert shown(app) == "22222222-2222-4222-8222-222222222222"
            assert "Finished: 6 of 6 answers." in said(app)
            del app.query_params["experiment"]
            app.run()
    assert "mail.jsonl cannot be opened. This experiment is on record here already." in said(app)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name = ", "The file is not TOML"),
        ('name = "x"\nrepeat = 3', "the file: 'repeat' is not known"),
        ('name = "x"\n[cases]\nfile = "mails.csv"', "which a browser cannot hand along"),
        ('name = "x"\nprompts = ["no-such-prompt"]', "There is no prompt 'no-such-prompt'"),
        ('name = "x"\ntargets = ["nobody:m"]', "'nobody' is not set up as a provider"),
        ("\0", "words.toml"),
    ],
)
def test_a_plan_that_cannot_be_opened_is_said_to_be_so(app: AppTest, text: str, why: str) -> None:
    listed(app)
    app.file_uploader(key="experiment-plan-file").set_value(("words.toml", text.encode(), "application/toml")).run()
    assert not app.exception
    assert why in said(app)
    assert "experiment" not in app.query_params


# The builder


def test_every_part_of_a_plan_goes_through_the_fields_without_a_loss(app: AppTest) -> None:
    plan = Plan(
        name="All of it", wordings=(Wording("long", "Say {{text}}", "You are {{who}}."), Wording("short", "{{text}}")),
        cases=CASES, targets=(NEAR, Target("builtin", "ngram-2", Settings(seed=4))), repeats=3,
        settings=Settings(temperature=0.5), columns={"who": "label"},
        checks=(
            Check("contains", value="{{label}}", fold=frozenset({"case"}), negated=True),
            Check("words", at_most=20, weight=2, counts=False, name="short"),
            Check("label", value="{{label}}", values=("x", "y"), when="label"),
            Check("judge", value="Polite.", values=("far:m", "builtin:ngram-4"), own_family=True, counts=False),
            Check("judge-pair", value="Better?", values=("far:m",), against="{{label}}"),
        ),
        budget=Budget(usd=None), matters=0.15, baseline="builtin:ngram-2",
    )  # fmt: skip
    written(app, plan)
    assert typed(app) == plan


def test_a_new_draft_says_what_is_missing_and_starts_nothing(app: AppTest) -> None:
    press(listed(app), "experiment-own-table")
    assert "Write a prompt." in said(app)
    assert "Add at least one case." in said(app)
    press(app, "experiment-start")
    assert shown(app).startswith("draft-")
    assert _asked().list() == []


def test_a_pasted_table_makes_columns_and_its_holes_are_checked(app: AppTest) -> None:
    press(listed(app), "experiment-new")
    app.text_area(key=fields.key("prompt", 0)).set_value("Sort {{mail}} for {{who}}")
    app.text_area(key="experiment-pasted").set_value("mail\tlabel\n007\tNA\n1e5\tbug\n")
    press(app, "experiment-use-pasted")
    assert typed(app).cases == Cases(("mail", "label"), (("007", "NA"), ("1e5", "bug")))
    assert "No column fills :red-badge[{{who}}]" in said(app)
    assert "Nothing reads :gray-badge[label]" in said(app)
    press(app, "experiment-add-holes")
    assert typed(app).cases.columns == ("mail", "label", "who")
    assert "No column fills" not in said(app)


def test_a_column_is_chosen_for_a_hole_of_another_name(app: AppTest) -> None:
    written(app, Plan("x", (Wording("w", "Say {{mail}}"),), CASES, (NEAR,)))
    app.selectbox(key=fields.MAPPED + "mail").set_value("text").run()
    assert typed(app).columns == {"mail": "text"}
    assert "No column fills" not in said(app)


@pytest.mark.parametrize(
    ("pasted", "why"),
    [
        ("", "The pasted table is empty."),
        ("mail\tlabel\nonly one\n", "has 2 columns, but line 2 has 1."),
        ("mail\tmail\na\tb\n", "more than one column named 'mail'"),
        ('mail\n"open\n', "Is a quotation mark left open"),
        ("mail\n", "holds no case below them"),
    ],
)
def test_a_table_that_cannot_be_read_is_named_and_the_cases_stay(app: AppTest, pasted: str, why: str) -> None:
    written(app)
    app.text_area(key="experiment-pasted").set_value(pasted)
    press(app, "experiment-use-pasted")
    assert why in said(app)
    assert typed(app).cases == CASES
    assert app.text_area(key="experiment-pasted").value == pasted


def test_another_table_takes_the_place_of_the_first_until_that_is_undone(app: AppTest) -> None:
    written(app)
    app.text_area(key="experiment-pasted").set_value("text\tlabel\nnew\tz\n")
    press(app, "experiment-use-pasted")
    assert typed(app).cases.rows == (("new", "z"),)
    press(app, "experiment-undo-cases")
    assert typed(app).cases == CASES


def test_a_table_is_added_below_on_request(app: AppTest) -> None:
    written(app)
    app.toggle(key="experiment-below-pasted").set_value(True)
    app.text_area(key="experiment-pasted").set_value("text\nnew\n")
    press(app, "experiment-use-pasted")
    assert typed(app).cases.rows == (*CASES.rows, ("new", ""))


def test_a_file_becomes_cases_with_the_notes_of_how_it_was_read(app: AppTest) -> None:
    press(listed(app), "experiment-new")
    written_abroad = "mail;land\n" + "Schöne Grüße aus Köln, für die Müller GmbH;Österreich\n" * 2
    file = ("mails.csv", written_abroad.encode("cp1252"), "text/csv")
    app.file_uploader(key="experiment-file-0").set_value(file).run()
    assert typed(app).cases.rows == (("Schöne Grüße aus Köln, für die Müller GmbH", "Österreich"),) * 2
    assert "check the accents" in said(app)
    assert "1 case repeats another word for word." in said(app)


def test_wordings_are_added_as_copies_and_removed(app: AppTest) -> None:
    press(written(app), "experiment-add-wording")
    assert [(w.name, w.prompt) for w in typed(app).wordings] == [
        ("plain", "Say: {{text}}"),
        ("wording 2", "Say: {{text}}"),
    ]
    press(app, "experiment-drop-wording-0")
    assert [w.name for w in typed(app).wordings] == ["wording 2"]


def test_a_check_is_tried_at_once_with_its_reason(app: AppTest) -> None:
    press(written(app), "experiment-add-check")
    app.text_input(key=fields.key("value", 0, "check")).set_value("{{label}}").run()
    app.text_area(key=fields.SAMPLE).set_value("The label is y.").run()
    assert ":red[✗ fails] answer contains {{label}}" in said(app)
    app.number_input(key=fields.SAMPLE_CASE).set_value(2).run()
    assert ":green[✓ passes] answer contains {{label}}" in said(app)
    assert typed(app).checks == (Check("contains", value="{{label}}"),)


def test_a_check_that_cannot_be_is_named_where_it_stands_and_keeps_the_plan_from_starting(app: AppTest) -> None:
    press(written(app), "experiment-add-check")
    app.selectbox(key=fields.key("kind", 0, "check")).set_value("regex").run()
    app.text_input(key=fields.key("value", 0, "check")).set_value("(open").run()
    assert "Check 1, regex:" in said(app)
    press(app, "experiment-start")
    assert _asked().list() == []


def test_a_column_that_no_prompt_reads_is_offered_as_what_is_expected(app: AppTest) -> None:
    press(written(app), "experiment-suggest-label")
    assert typed(app).checks == (Check("contains", value="{{label}}", fold=frozenset({"case"})),)


def test_a_prompt_of_the_library_fills_the_empty_wording_and_brings_its_samples(app: AppTest) -> None:
    press(listed(app), "experiment-new")
    shipped = library().listing().prompts[0]
    app.selectbox(key="experiment-library-prompt").set_value(shipped.reference).run()
    press(app, "experiment-use-library")
    assert typed(app).wordings == (shipped.wording,)
    assert len(typed(app).cases) == len(shipped.prompt.samples)
    app.text_area(key=fields.key("prompt", 0)).set_value("Otherwise {{text}}").run()
    assert typed(app).wordings[0].source == ""
    app.selectbox(key="experiment-library-prompt").set_value(shipped.reference).run()
    press(app, "experiment-use-library")
    assert [w.source for w in typed(app).wordings] == ["", shipped.reference]


def test_an_experiment_begins_with_a_prompt_of_the_library(app: AppTest) -> None:
    app.run()
    app.switch_page("app_pages/prompts.py").run()
    press(app, "library-experiment")
    assert typed(app).wordings[0].source == library().listing().prompts[0].reference


def test_every_prompt_is_previewed_case_by_case(app: AppTest) -> None:
    plan = support_mail(("ngram-3", "ngram-4"))
    written(app, plan)
    assert not app.code
    app.session_state["experiment-preview"] = True
    app.run()
    assert app.code[-1].value == plan.prompt(0, 0)
    app.pagination(key="experiment-preview-page").set_value(12).run()
    assert app.code[-1].value == plan.prompt(11, 0)


def test_what_was_typed_is_there_after_another_page_and_after_a_reload(app: AppTest) -> None:
    written(app)
    app.text_area(key=fields.key("prompt", 0)).set_value("Whisper: {{text}}").run()
    draft_id = shown(app)
    app.switch_page("app_pages/settings.py").run()
    app.query_params.clear()
    app.switch_page(PAGE).run()
    press(app, "experiment-continue")
    assert app.text_area(key=fields.key("prompt", 0)).value == "Whisper: {{text}}"
    other = listed(session())
    other.query_params["experiment"] = draft_id
    other.run()
    assert other.text_area(key=fields.key("prompt", 0)).value == "Whisper: {{text}}"
    assert typed(other) == typed(app)


def test_the_models_of_an_experiment_are_not_those_of_compare(app: AppTest) -> None:
    chosen = app.run().multiselect(key="targets").value
    assert len(chosen) > 1
    written(app)
    assert app.multiselect(key=fields.TARGETS).value == ["builtin:ngram-3"]
    app.switch_page("app_pages/compare.py").run()
    assert app.multiselect(key="targets").value == chosen
    assert app.number_input(key="max_output_tokens").value is None


# The bill, and what is asked before the first call


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
    assert "nothing bounds the most it can cost" in said(app)
    assert _asked().list() == []
    press(app, "experiment-no")
    assert "nothing bounds" not in said(app)
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
    assert (_asked().list(), far.calls("/chat/completions")) == ([], [])


def test_one_case_is_tried_as_a_run_of_its_own_and_speaks_in_the_bill(app: AppTest) -> None:
    press(written(app), "experiment-try")
    tried = app.session_state[fields.TRIED]
    wait_until(lambda: (run := engine().find(tried)) is not None and run.finished)
    app.run()
    assert "The case that was tried: no fee" in said(app)
    run = engine().find(tried)
    assert run is not None
    assert (run.prompt, [a.target for a in run.answers]) == ("Say: A class is", [NEAR])
    assert _asked().list() == []


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
    assert _asked().list() == []


def test_runs_of_history_become_cases(app: AppTest) -> None:
    app.run()
    app.text_area(key="prompt").set_value("What is a class?")
    app.button(key="run").click().run()
    run = engine().find(run_id_of(app))
    assert run is not None
    wait_until(lambda: run.finished)
    app.session_state[state.CASES_OF] = (run.id,)
    app.query_params.clear()
    app.switch_page(PAGE).run()
    assert not app.exception
    assert typed(app).cases == Cases(("prompt",), (("What is a class?",),))
    assert app.text_area(key=fields.key("prompt", 0)).value == "{{prompt}}"
