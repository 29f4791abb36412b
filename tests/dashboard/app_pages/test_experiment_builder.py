"""The builder in process: what is typed is what is planned, and what is wrong is named where it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.experiments import fields
from dashboard.experiments.begin import named
from dashboard.experiments.drafts import Draft, drafts
from prompts.core.targets import Target
from prompts.experiments.cases import Cases
from prompts.experiments.checks.check import Check
from prompts.experiments.examples.plans import support_mail
from prompts.experiments.library.library import library
from prompts.experiments.plan import Budget, Plan, Wording
from providers.interface import Settings
from providers.pictures import PictureSettings
from tests.dashboard.app_pages.experiment_pages import (
    CASES,
    NEAR,
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
from tests.dashboard.pages import said, session

pytestmark = pytest.mark.usefixtures("far")


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


def test_a_plan_of_pictures_goes_through_the_fields_without_a_loss(app: AppTest) -> None:
    shared = Settings(seed=3, picture=PictureSettings(512, 256, "low", 8, 2.5, "text", "Euler a"))
    own = replace(shared, picture=PictureSettings(1024, 1024))
    plan = Plan(
        name="Cats", wordings=(Wording("plain", "A {{text}}"),), cases=CASES, settings=shared,
        targets=(Target("builtin", "shapes", shared), Target("builtin", "shapes", own)),
        checks=(
            Check("picture-size", value="512x256"), Check("picture-aspect", value="2:1", tolerance=0.1),
            Check("picture-type", values=("png",)), Check("contains", value="a"),
        ),
    )  # fmt: skip
    written(app, plan)
    assert typed(app) == plan
    assert "It looks at text, and this answer is a picture. It gives no verdict." in said(app)
    kinds = app.selectbox(key=fields.key("kind", 0, "check")).options
    assert not any("JSON" in each for each in kinds)
    assert "= 4 pictures" in said(app)


def test_the_switch_keeps_what_was_chosen_on_its_other_side(app: AppTest) -> None:
    written(app)
    app.segmented_control(key=fields.WANTED).set_value("Images").run()
    assert not app.exception
    assert [str(target) for target in typed(app).targets] == ["builtin:shapes"]
    assert typed(app).draws
    app.segmented_control(key=fields.WANTED).set_value("Text").run()
    assert typed(app).targets == PLAN.targets


def test_the_ladder_that_ships_runs_with_one_click(app: AppTest) -> None:
    press(listed(app), "experiment-run-ladder")
    assert started(app).counts == {"complete": 24}


def test_a_new_draft_says_what_is_missing_and_starts_nothing(app: AppTest) -> None:
    press(listed(app), "experiment-own-table")
    assert "Write a prompt." in said(app)
    assert "Add at least one case." in said(app)
    press(app, "experiment-start")
    assert shown(app).startswith("draft-")
    assert experiments().list() == []


def test_a_pasted_table_makes_columns_and_its_holes_are_checked(app: AppTest) -> None:
    press(listed(app), "experiment-new")
    app.text_area(key=fields.key("prompt", 0)).set_value("Sort {{mail}} for {{who}}")
    app.text_area(key="experiment-pasted").set_value("mail\tlabel\n007\tNA\n1e5\tbug\n")
    press(app, "experiment-use-pasted")
    assert typed(app).cases == Cases(("mail", "label"), (("007", "NA"), ("1e5", "bug")))
    assert "No column fills :red-badge[{{who}}]" in said(app)
    assert "Not used: :gray-badge[label]" in said(app)
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
        ("mail\n", "has no case below them"),
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
    assert "which was guessed" in said(app)
    assert "1 case repeats another word for word." in said(app)


def test_a_file_whose_letters_were_guessed_wrongly_is_read_as_somebody_says(app: AppTest) -> None:
    press(listed(app), "experiment-new")
    app.file_uploader(key="experiment-file-0").set_value(
        ("c.csv", "mail\nŞikayet\n".encode("cp1254"), "text/csv")
    ).run()
    assert typed(app).cases.rows == (("Þikayet",),)
    app.selectbox(key=fields.ENCODING).set_value("cp1254").run()
    assert typed(app).cases.rows == (("Şikayet",),)
    assert "as was chosen" in said(app)
    press(app, "experiment-undo-cases")
    assert typed(app).cases.rows == (("Þikayet",),)


def test_wordings_are_added_as_copies_and_removed(app: AppTest) -> None:
    press(written(app), "experiment-add-wording")
    assert [(w.name, w.prompt) for w in typed(app).wordings] == [
        ("plain", "Say: {{text}}"),
        ("wording B", "Say: {{text}}"),
    ]
    press(app, "experiment-drop-wording-0")
    assert [w.name for w in typed(app).wordings] == ["wording B"]


def test_a_refusal_is_said_until_something_is_changed(app: AppTest) -> None:
    press(written(app, replace(PLAN, cases=Cases(("text",), ()))), "experiment-start")
    assert app.error
    app.run()
    assert app.error
    app.number_input(key=fields.REPEATS).set_value(2).run()
    assert not app.error


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
    assert chosen
    assert chosen != ["builtin:ngram-3"]
    written(app)
    assert app.multiselect(key=fields.TARGETS).value == ["builtin:ngram-3"]
    app.switch_page("app_pages/compare.py").run()
    assert app.multiselect(key="targets").value == chosen
    assert app.number_input(key="max_output_tokens").value is None


def test_another_s_draft_opens_as_a_copy_and_stays_as_it_is(app: AppTest) -> None:
    written(app)
    theirs = drafts().new(Draft(replace(PLAN, name="Hers")), "ada@example.com")
    app.query_params["experiment"] = theirs
    app.run()
    assert not app.exception
    assert shown(app) != theirs
    app.text_input(key=fields.NAME).set_value("Mine").run()
    assert typed(app).name == "Mine"
    held = drafts().find(theirs)
    assert held is not None
    assert (held.draft.plan.name, held.person) == ("Hers", "ada@example.com")
    notes = [str(note.value) for note in app.markdown]
    assert any("copy of the draft of ada" in note for note in notes), notes


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("\nIs this review good or bad?\n\nReview: {{text}}", "Is this review good or bad?"),
        ("Say in one word whether this review is good or bad: {{text}} of {{label}}",
         "Say in one word whether this review is good or bad: …"),
        ("x" * 70, "x" * 60),
    ],
)  # fmt: skip
def test_an_experiment_without_a_name_is_called_by_whole_words_of_its_first_line(prompt: str, name: str) -> None:
    assert named(replace(PLAN, name="", wordings=(Wording("w", prompt),))).name == name
