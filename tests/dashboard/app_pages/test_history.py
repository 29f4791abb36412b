"""The History page in process: what it finds, what is done to runs, and that trouble with the record is only said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from dashboard.engine import engine
from dashboard.history import filter_form
from dashboard.history import list as history_list
from prompts.core.feedback import Mark
from prompts.core.run import Run
from prompts.experiments import plan_store
from prompts.record.database import open_database, writing
from prompts.record.recorder import RecordError
from providers.completion import Cost
from tests.dashboard.app_pages.history_page import FOXES, OWLS, html, opened, record
from tests.dashboard.pages import said, texts
from tests.prompts.experiments.wired import plan
from tests.prompts.samples import FAILED, FULL


def test_an_empty_record_says_how_to_fill_it(app: AppTest) -> None:
    opened(app)
    assert not app.exception
    assert "Nothing has been asked yet" in said(app)


def test_runs_are_listed_newest_first(app: AppTest) -> None:
    record(FOXES, OWLS)
    opened(app)
    assert not app.exception
    assert 0 < html(app).index(FOXES) < html(app).index(OWLS)


def test_words_in_the_address_are_searched_for(app: AppTest) -> None:
    record(FOXES, OWLS)
    opened(app, q="owls")
    assert app.text_input(key="q").value == "owls"
    assert "<mark>owls</mark>" in html(app)
    assert "foxes" not in html(app)


def test_filters_in_the_address_hold_and_have_chips(app: AppTest) -> None:
    record(FOXES)
    record(OWLS, given=FAILED)
    opened(app, outcome="Failed", models="openai:gpt-4o")
    assert OWLS in html(app)
    assert FOXES not in html(app)
    assert html(app, "history-chips").count("<li>") == 3


def test_a_filter_under_which_nothing_is_found_is_named_and_can_be_taken_away(app: AppTest) -> None:
    record(FOXES)
    opened(app, outcome="Failed")
    assert "No answer on record matches “failed”" in said(app)
    app.button(key="history-clear").click().run()
    assert FOXES in html(app)
    assert app.pills(key="outcome").value is None


def test_older_runs_come_when_asked_for(app: AppTest) -> None:
    record(*(f"question {n:02}" for n in range(52)))
    opened(app)
    assert html(app).count("history-run") == 50
    app.button(key="history-more").click().run()
    assert html(app).count("history-run") == 52
    assert "question 51" in html(app)
    assert not [button for button in app.button if button.key == "history-more"]


@pytest.mark.parametrize(
    ("typed", "shown"), [("", FOXES), (OWLS, FOXES), ("a draft", "a draft"), (f"{OWLS} And why?", f"{OWLS} And why?")]
)
def test_a_run_that_is_opened_brings_its_prompt_back_unless_a_draft_is_there(
    app: AppTest, typed: str, shown: str
) -> None:  # fmt: skip
    foxes, owls = record(FOXES, OWLS)
    app.query_params["run"] = owls.id
    app.run()
    app.text_area(key="prompt").set_value(typed).run()
    app.switch_page("app_pages/history.py").run()
    app.query_params["run"] = foxes.id
    app.switch_page("app_pages/compare.py").run()
    assert not app.exception
    assert app.text_area(key="prompt").value == shown
    assert app.session_state["opened"] == foxes.id


@pytest.mark.parametrize(("typed", "shown"), [(OWLS, FOXES), ("a draft", "a draft")])
def test_back_from_one_run_to_another_brings_its_prompt_too(app: AppTest, typed: str, shown: str) -> None:
    foxes, owls = record(FOXES, OWLS)
    app.query_params["run"] = owls.id
    app.run()
    app.text_area(key="prompt").set_value(typed).run()
    app.query_params["run"] = foxes.id
    app.run()
    assert app.text_area(key="prompt").value == shown


def interrupt(*runs: Run) -> None:
    """As if their process had died in the middle."""
    database = open_database()
    with writing(database).begin() as connection:
        change = sa.text("UPDATE completions SET interrupted_at = asked_at, state = 'cancelled' WHERE run_id = :run")
        connection.execute(change, [{"run": run.id} for run in runs])
    database.dispose()


def test_interrupted_runs_are_said_and_found(app: AppTest) -> None:
    interrupted, _ = record(FOXES, OWLS)
    interrupt(interrupted)
    opened(app, q="foxes", models="openai:gpt-4o")
    assert "A run was interrupted" in said(app)
    assert "Finish what is missing" in html(app)
    app.button(key="show-interrupted").click().run()
    assert FOXES in html(app)
    assert OWLS not in html(app)
    assert "A run was interrupted" not in said(app)
    assert (app.text_input(key="q").value, app.multiselect(key="models").value) == ("", [])


def test_in_a_team_ones_own_interrupted_runs_are_shown(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt(*record(FOXES), *record(OWLS))
    for module in (history_list, filter_form):
        monkeypatch.setattr(module, "people_log_in", lambda: True)
    opened(app)
    assert "2 runs were interrupted" in said(app)
    app.button(key="show-interrupted").click().run()
    assert app.pills(key="whose").value == "mine"


def test_a_record_that_cannot_be_read_is_said_and_the_page_stands(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    record(FOXES)
    opened(app)

    def away(*_: object) -> None:
        raise RecordError("The record is away.")

    monkeypatch.setattr(type(engine().archive), "page", away)
    app.session_state["history-pages"] = None
    app.run()
    assert not app.exception
    assert "The record is away." in said(app)
    monkeypatch.undo()
    app.button(key="history-again").click().run()
    assert FOXES in html(app)


def test_without_a_record_the_page_says_so(app: AppTest, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("in the way")
    monkeypatch.setenv("COLLATE_DATABASE_URL", f"sqlite:///{home}/file/collate.db")
    opened(app)
    assert not app.exception
    assert "collate.db" in said(app)


def test_spend_and_speed_are_summed_up_and_obey_the_filters(app: AppTest) -> None:
    record(FOXES, given=replace(FULL, cost=Cost("unknown", reason="no price")))
    record(OWLS)
    opened(app, show="Spend and speed")
    assert not app.exception
    metrics = {metric.label: metric.value for metric in app.metric}
    assert (metrics["Calls"], metrics["Models"]) == ("4", "2")
    assert metrics["Spend"].replace("\\", "") == "≥ $0.00025"
    app.multiselect(key="models").set_value(["openai:gpt-4o"]).run()
    assert {metric.label: metric.value for metric in app.metric}["Calls"] == "2"


def test_days_without_anything_say_so(app: AppTest) -> None:
    record(FOXES)
    opened(app, show="Spend and speed", until="2020-01-01")
    assert not app.exception
    assert "Nothing was asked on these days" in said(app)


def test_ratings_of_the_runs_that_fit_are_summed_by_model(app: AppTest) -> None:
    (run,) = record(FOXES)
    app.run()
    archive = engine().archive
    assert archive is not None
    archive.mark(run.answers[0].id, Mark(best=True))
    opened(app)
    app.get_by_key("show").set_value("spend").run()
    assert not app.exception
    table = app.dataframe[0].value.set_index("Model")
    assert table.loc["openai:gpt-4o", "Called best"] == 1
    assert table.loc["builtin:ngram-3", "Called best"] == 0
    assert "of all answers of the runs that fit" in texts(app)


def test_it_is_said_that_answers_of_experiments_are_elsewhere(app: AppTest) -> None:
    with writing(core := open_database()).begin() as connection:
        plan_store.add(connection, "e", plan(), "", datetime.now(UTC))
    core.dispose()
    opened(app)
    assert "Without the answers of 1 experiment" in said(app)
    assert "Nothing has been asked yet outside of experiments." in said(app)
    app.text_input(key="q").set_value("foxes").run()
    assert "Without the answers" not in said(app)
