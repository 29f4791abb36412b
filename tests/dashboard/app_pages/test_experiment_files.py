"""Files that are opened as experiments: plans, configurations of promptfoo, reports."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from prompts.experiments.plan_writer import dumps
from prompts.experiments.report.contents import report_of
from prompts.experiments.report.jsonl import as_jsonl
from tests.dashboard.app_pages.experiment_pages import PLAN, listed, shown, typed
from tests.dashboard.pages import said
from tests.prompts.experiments.asked_cells import asked

pytestmark = pytest.mark.usefixtures("far")


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
        ("name = ", "words.toml is not TOML"),
        ('name = "x"\nrepeat = 3', "the file: 'repeat' is not known"),
        ('name = "x"\n[cases]\nfile = "mails.csv"', "which a browser cannot pass on"),
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
