"""What goes on record is chosen on Compare, said beside it, and said of the run; what is too old goes on a click."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.answer_grid.view import ColumnView
from dashboard.engine import engine
from prompts.core.presets import LAST
from prompts.core.run import NOT_KEPT, Run
from prompts.record.restore import from_record
from tests.dashboard.pages import run_id_of, session, texts
from tests.dashboard.test_engine import asker, built_in, wait_until_finished

PLANTED = "plantedword"


def said(app: AppTest) -> str:
    assert not app.exception
    return texts(app).replace("\\", "")


def asked(app: AppTest, keeps: str | None = None) -> str:
    app.text_area(key=state.PROMPT).set_value(f"{PLANTED} one")
    app.text_area(key=state.SYSTEM).set_value(f"{PLANTED} two")
    app.multiselect(key=state.TARGETS).set_value(["builtin:ngram-3"])
    if keeps:
        app.radio(key=state.KEEPS).set_value(keeps)
    app.button(key="run").click().run()
    run_id = run_id_of(app)
    run = engine().find(run_id)
    assert run is not None
    wait_until_finished(engine(), run)
    app.run()
    return run_id


def on_disk(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("collate.db*"))


def test_usually_everything_is_kept_and_nothing_is_said_of_it_at_the_run(app: AppTest, home: Path) -> None:
    app.run()
    assert app.radio(key=state.KEEPS).value == "everything"
    assert "Every answer is recorded on this computer." in said(app)
    asked(app)
    assert "of this run" not in said(app)
    assert PLANTED.encode() in on_disk(home)


def test_figures_only_is_said_before_and_after_and_kept_so(app: AppTest, home: Path) -> None:
    app.run()
    app.radio(key=state.KEEPS).set_value("figures").run()
    assert "Only figures are recorded on this computer: no prompt, no files, no answers." in said(app)
    run_id = asked(app)
    assert "The text of this run was not saved. Its prompt and its answers are lost when Collate ends." in said(app)
    assert PLANTED.encode() not in on_disk(home)  # nor in what was chosen last
    (target,) = engine().choices()[LAST].targets
    assert (str(target), target.settings.system) == ("builtin:ngram-3", None)
    stored = engine().archive
    assert stored is not None
    assert stored.holds(run_id)


def test_a_run_without_its_text_says_so_and_offers_nothing_that_needs_it(app: AppTest, home: Path) -> None:
    run_id = asked(app.run(), "figures")
    asker(engine())._runs.clear()  # as after a new start
    other = session()
    other.query_params["run"] = run_id
    other.run()
    assert "The text of this run was not saved. Its prompt and its answers were never recorded." in said(other)
    assert state.FOLLOW_UP not in [area.key for area in other.text_area]
    assert other.radio(key=state.KEEPS).value == "figures"
    run = engine().find(run_id)
    assert run is not None
    view = ColumnView(run, run.live[0], engine().configuration.connections)
    assert (view.note, list(filter(None, view.text_parts))) == (NOT_KEPT, [])
    assert {name: value for name, value, _ in view.figures}["duration"].endswith("s")


def test_nothing_kept_is_said_and_nothing_is_there(app: AppTest, home: Path) -> None:
    app.run()
    app.radio(key=state.KEEPS).set_value("nothing").run()
    assert "Nothing is recorded: the run is lost when Collate ends." in said(app)
    asked(app)
    assert "Nothing of this run is on record. It is lost when Collate ends." in said(app)
    assert PLANTED.encode() not in on_disk(home)
    assert LAST not in engine().choices()


def test_the_rule_of_the_administrator_cannot_be_loosened(
    app: AppTest, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLLATE_KEEP", "figures")
    app.run()
    assert app.radio(key=state.KEEPS).options == ["Save figures only", "Save nothing"]
    assert "allows no more than “Save figures only”" in said(app)
    asked(app)
    assert PLANTED.encode() not in on_disk(home)


def test_the_choice_survives_a_change_of_page(app: AppTest) -> None:
    app.run()
    app.radio(key=state.KEEPS).set_value("nothing").run()
    app.switch_page("app_pages/settings.py").run()
    assert "Nothing is recorded" in said(app)
    app.switch_page("app_pages/compare.py").run()
    assert app.radio(key=state.KEEPS).value == "nothing"


def test_opening_a_stricter_run_makes_the_next_one_as_strict_never_looser(app: AppTest) -> None:
    whole = asked(app.run())
    other = session()
    other.run()
    other.radio(key=state.KEEPS).set_value("nothing").run()
    other.query_params["run"] = whole
    other.run()
    assert other.text_area(key=state.PROMPT).value == f"{PLANTED} one"
    assert other.radio(key=state.KEEPS).value == "nothing"


def test_a_deleted_run_says_so_where_it_was_open(app: AppTest) -> None:
    run_id = asked(app.run())
    archive = engine().archive
    assert archive is not None
    archive.delete([run_id])
    app.text_area(key=state.FOLLOW_UP).set_value("And then?")
    app.button(key="send-follow-up").click().run()
    assert "It may have been deleted" in said(app)
    assert "has been deleted, so nothing was sent" in str(app.session_state[state.PROBLEM])
    assert archive.extent().runs == 0


# Settings ------------------------------------------------------------------------------------------------------------


def old_run(days: int) -> str:
    run = built_in(max_output_tokens=5)
    made = run.created_at - timedelta(days=days, minutes=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asker(engine()).runner, "start", lambda plan: Run.of(plan, created_at=made))
        run = engine().start(run, engine().configuration.connections)
    wait_until_finished(engine(), run)
    return run.id


def test_settings_say_where_the_record_lies_and_how_much_is_in_it(app: AppTest, home: Path) -> None:
    app.run()
    old_run(0)
    app.switch_page("app_pages/settings.py").run()
    assert [(metric.label, metric.value) for metric in app.metric] == [
        ("Runs", "1"), ("Size", app.metric[1].value), ("Oldest run", "1 min ago"),
    ]  # fmt: skip
    assert app.metric[1].value.endswith("kB")
    assert f"It is in **{home}/collate.db**" in said(app)
    assert "Nothing is deleted automatically." in said(app)


def test_an_empty_record_has_no_oldest_run(app: AppTest) -> None:
    app.run().switch_page("app_pages/settings.py").run()
    assert [metric.value for metric in app.metric][::2] == ["0", "—"]
    assert app.button(key="delete-older").disabled


def test_what_is_older_is_counted_first_and_does_not_go_before_it_is_confirmed(app: AppTest) -> None:
    app.run()
    old, young = old_run(40), old_run(20)
    app.switch_page("app_pages/settings.py").run()
    app.number_input(key=state.OLDER_THAN).set_value(30).run()
    assert app.button(key="delete-older").label == "Delete 1 run…"
    app.button(key="delete-older").click().run()
    assert "1 run, everything older than 30 days," in said(app)
    assert engine().find(old) is not None
    assert engine().find(young) is not None


def test_a_rule_that_deletes_by_itself_is_said(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLATE_KEEP_DAYS", "90")
    app.run().switch_page("app_pages/settings.py").run()
    assert "Runs older than **90 days** are deleted automatically" in said(app)


def test_a_live_figures_run_is_not_textless(app: AppTest) -> None:
    run_id = asked(app.run(), "figures")
    run = engine().find(run_id)
    assert run is not None
    assert not run.textless
    archive = engine().archive
    assert archive is not None
    stored = archive.run(run_id)
    assert stored is not None
    assert from_record(stored).textless


@pytest.mark.parametrize("view", ["Timeline", "Agreement", "Repeats", "Cost vs. speed", "Monthly estimate"])
def test_no_view_draws_conclusions_from_answers_that_are_not_there(app: AppTest, view: str) -> None:
    app.run()
    app.number_input(key=state.REPEATS).set_value(2)
    run_id = asked(app, "figures")
    asker(engine())._runs.clear()
    other = session()
    other.query_params["run"] = run_id
    other.session_state[state.VIEW] = view
    other.run()
    shown = said(other)
    if view in ("Agreement", "Repeats"):
        assert "not known any more" in shown
    if view == "Repeats":
        assert list(other.dataframe[0].value["Same"]) == ["—"]
