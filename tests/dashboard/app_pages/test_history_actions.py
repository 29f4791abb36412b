"""What is done with ticked runs in History: tagged, put into a collection, deleted, and undone."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.engine import engine
from tests.dashboard.app_pages.history_page import FOXES, OWLS, html, lines, opened, record, tick
from tests.dashboard.pages import said


def test_selected_runs_are_tagged_and_it_can_be_undone(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = record(FOXES, OWLS)
    tick(monkeypatch, runs)
    opened(app)
    assert "2 runs selected" in said(app)
    app.session_state["history-tags"] = ["animals"]
    app.run()
    app.button(key="history-add-tags").click().run()
    assert "2 runs tagged animals." in said(app)
    assert {line.tags for line in lines().values()} == {("animals",)}
    app.button(key="history-undo").click().run()
    assert "Undone." in said(app)
    assert {line.tags for line in lines().values()} == {()}


def test_two_selected_runs_show_what_differs_in_their_prompts(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = record(FOXES, OWLS)  # the first is the newest
    tick(monkeypatch, runs)
    opened(app)
    app.button(key="history-differ").click().run()
    assert not app.exception
    shown = html(app, f"differ-{runs[1].id}-{runs[0].id}")
    assert "<del>" in shown
    assert "<ins>" in shown


@pytest.mark.parametrize("many", [1, 3])
def test_what_differs_is_asked_of_two_runs_only(app: AppTest, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    tick(monkeypatch, record(*([FOXES] * many)))
    opened(app)
    assert "history-differ" not in {button.key for button in app.button}


def test_undo_takes_only_those_tags_away_that_were_new(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = record(FOXES, OWLS)
    tick(monkeypatch, runs)
    opened(app)
    engine().archive.tag([runs[0].answers[0].id], ["animals"], "")
    app.session_state["history-tags"] = ["animals"]
    app.run()
    app.button(key="history-add-tags").click().run()
    app.button(key="history-undo").click().run()
    assert (lines()[FOXES].tags, lines()[OWLS].tags) == (("animals",), ())


def test_tags_show_at_once_in_a_run_that_is_open(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = record(FOXES)
    tick(monkeypatch, runs)
    opened(app)
    held = engine().find(runs[0].id)
    app.session_state["history-tags"] = ["animals"]
    app.run()
    app.button(key="history-add-tags").click().run()
    assert {answer.tags for answer in held.answers} == {("animals",)}


def test_a_tag_that_is_refused_is_said_and_stays_in_its_field(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    tick(monkeypatch, record(FOXES))
    opened(app)
    app.session_state["history-tags"] = ["x" * 5000]
    app.run()
    app.button(key="history-add-tags").click().run()
    assert "5,000" in said(app)
    assert app.session_state["history-tags"] == ["x" * 5000]


def test_selected_runs_go_into_a_collection_and_back(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    tick(monkeypatch, record(FOXES, OWLS))
    app.run()
    for name in ("Spring", "Autumn"):
        engine().archive.experiment(name)  # new names are written in the browser only
    opened(app)
    for name in ("Spring", "Autumn"):
        app.session_state["history-under"] = name
        app.run()
        app.button(key="history-put").click().run()
        assert {line.experiment for line in lines().values()} == {name}
    app.button(key="history-undo").click().run()
    assert {line.experiment for line in lines().values()} == {"Spring"}


def test_what_was_done_is_said_once_but_an_undo_waits(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    tick(monkeypatch, record(FOXES))
    opened(app)
    app.session_state["history-tags"] = ["animals"]
    app.run()
    app.button(key="history-add-tags").click().run()
    app.switch_page("app_pages/models.py").run()
    app.switch_page("app_pages/history.py").run()
    app.button(key="history-undo").click().run()
    assert "Undone." in said(app)
    app.switch_page("app_pages/models.py").run()
    app.switch_page("app_pages/history.py").run()
    assert "Undone." not in said(app)


def test_deleting_asks_first(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = record(FOXES, OWLS)
    tick(monkeypatch, runs[:1])
    opened(app)
    app.button(key="history-delete").click().run()
    assert "1 run with 2 answers" in said(app)
    assert set(lines()) == {FOXES, OWLS}
