"""The checks of the builder in process: tried at once, told without alarm, and named where they cannot be."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.experiments import fields
from dashboard.markdown_escape import plain
from prompts.experiments.checks.check import Check
from tests.dashboard.app_pages.experiment_pages import experiments, press, typed, written
from tests.dashboard.pages import said

pytestmark = pytest.mark.usefixtures("far")


def test_a_check_is_tried_at_once_with_its_reason(app: AppTest) -> None:
    press(written(app), "experiment-add-check")
    app.text_input(key=fields.key("value", 0, "check")).set_value("{{label}}").run()
    app.text_area(key=fields.SAMPLE).set_value("The label is y.").run()
    assert ":red[✗ fails] answer contains {{label}}" in said(app)
    app.number_input(key=fields.SAMPLE_CASE).set_value(2).run()
    assert ":green[✓ passes] answer contains {{label}}" in said(app)
    assert typed(app).checks == (Check("contains", value="{{label}}"),)


def test_what_a_check_still_lacks_is_said_without_alarm(app: AppTest) -> None:
    press(written(app), "experiment-add-check")
    app.selectbox(key=fields.check_key("kind", 0)).set_value("regex").run()
    assert [each.value for each in app.caption if "write its" in each.value] == [plain("regex: write its pattern.")]


def test_a_schema_is_written_on_several_lines_and_its_sentence_stays_short(app: AppTest) -> None:
    press(written(app), "experiment-add-check")
    app.selectbox(key=fields.check_key("kind", 0)).set_value("json-schema").run()
    schema = '{\n  "type": "object",\n  "required": [' + ", ".join(f'"field {n}"' for n in range(40)) + "]\n}"
    app.text_area(key=fields.check_key("value", 0)).set_value(schema).run()
    assert typed(app).checks == (Check("json-schema", value=schema),)
    (told,) = [each.value for each in app.caption if "fits the JSON schema" in each.value]
    assert len(told) < 200


def test_judges_are_chosen_from_the_models_that_can_be_asked(app: AppTest) -> None:
    press(written(app), "experiment-add-check")
    app.selectbox(key=fields.check_key("kind", 0)).set_value("judge").run()
    app.text_area(key=fields.check_key("value", 0)).set_value("Polite.").run()
    picker = app.multiselect(key=fields.check_key("judges", 0))
    assert "builtin:ngram-2" in picker.options
    picker.set_value(["builtin:ngram-2"]).run()
    assert typed(app).checks == (Check("judge", value="Polite.", values=("builtin:ngram-2",)),)


def test_a_check_that_cannot_be_is_named_where_it_stands_and_keeps_the_plan_from_starting(app: AppTest) -> None:
    press(written(app), "experiment-add-check")
    app.selectbox(key=fields.key("kind", 0, "check")).set_value("regex").run()
    app.text_input(key=fields.key("value", 0, "check")).set_value("(open").run()
    assert "Check 1, regex:" in said(app)
    press(app, "experiment-start")
    assert experiments().list() == []
