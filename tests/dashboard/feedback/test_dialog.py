"""Rating in the page, in process: what is saved, what is said when it cannot be, and what is taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.engine import engine
from prompts.core.feedback import Mark
from prompts.core.run import Run
from prompts.history.archive import Archive
from prompts.record.recorder import RecordError
from prompts.record.rights import Actor
from tests.dashboard.pages import run_id_of
from tests.dashboard.test_engine import wait_until_finished


@pytest.fixture
def app(app: AppTest) -> AppTest:
    """The page with a finished run of three answers."""
    app.run()
    app.text_area(key="prompt").set_value("What is a class?")
    app.button(key="run").click().run()
    wait_until_finished(engine(), run_of(app))
    return app.run()


def run_of(app: AppTest) -> Run:
    run = engine().find(run_id_of(app))
    assert run is not None
    return run


def open_dialog(app: AppTest, answer: int = 0) -> str:
    """The dialog of one answer, as a click on its button leaves the session; the completion's id."""
    mine = run_of(app).answers[answer]
    mark = mine.marks[0] if mine.marks else Mark()
    app.session_state[state.MARKING], app.session_state[state.MARK_PROBLEM] = mine.id, None
    app.session_state[state.MARKED_BEFORE] = {each.id: (each.marks, each.tags) for each in run_of(app).answers}
    app.session_state[state.STARS + mine.id] = mark.stars - 1 if mark.stars else None
    app.session_state[state.NOTE + mine.id] = mark.note
    app.session_state[state.TAGS + mine.id] = list(mine.tags)
    app.run()
    return mine.id


def said(completion_id: str) -> tuple[list[Mark], tuple[str, ...]]:
    """What the record has of it."""
    archive = engine().archive
    assert archive is not None
    marks, tags = archive.marks([completion_id])[completion_id]
    return [replace(mark, changed_at=None) for mark in marks], tags


def errors(app: AppTest) -> str:
    return " ".join(str(error.value) for error in app.error).replace("\\", "")


def data_of(app: AppTest) -> str:
    return app.get_by_key(f"answers-{run_of(app).id}").proto.json


def unable(*_: object) -> None:
    raise RecordError("The disk is full.")


def test_stars_note_and_tags_are_saved_as_they_are_entered(app: AppTest) -> None:
    answer = open_dialog(app)
    app.get_by_key(state.STARS + answer).set_value(3).run()
    app.text_area(key=state.NOTE + answer).set_value("  Short.\nRight. ").run()
    app.multiselect(key=state.TAGS + answer).set_value(["poem", "POEM"]).run()
    assert not app.exception
    assert said(answer) == ([Mark(stars=4, note="Short.\nRight.")], ("poem",))
    assert app.multiselect(key=state.TAGS + answer).value == ["poem"]
    app.button(key="marks-done").click().run()
    assert app.session_state[state.MARKING] is None
    assert app.session_state[state.MARKED].text == "Saved what you say of Built-in n-gram, 3-word memory."
    assert list(app.run().dataframe[0].value["Rating"]) == ["★ 4", "—", "—"]


def test_no_key_gives_an_answer_every_tag_there_is(app: AppTest) -> None:
    """Enter writes a new tag; the field must not then offer all of them to the next Enter."""
    answer = open_dialog(app)
    assert app.multiselect(key=state.TAGS + answer).proto.select_all == 0


def test_what_nobody_changed_is_not_called_saved(app: AppTest) -> None:
    open_dialog(app)
    app.button(key="marks-done").click().run()
    assert state.MARKED not in app.session_state


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        (state.NOTE, "x" * 1_000_000, "at most 10,000 characters"),
        (state.TAGS, ["y" * 10_000], "at most 60 characters"),
        (state.TAGS, ["a\x1bb"], "control characters"),
    ],
    ids=["note", "long tag", "odd tag"],
)
def test_what_is_too_much_is_refused_in_words_and_stays_in_its_field(
    app: AppTest, field: str, value: object, why: str
) -> None:
    answer = open_dialog(app)
    app.get_by_key(field + answer).set_value(value).run()
    assert why in errors(app)
    assert said(answer) == ([], ())
    assert app.get_by_key(field + answer).value == value


def test_a_note_that_could_not_be_saved_is_there_again_and_can_be_saved_later(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = open_dialog(app)
    with monkeypatch.context() as patch:
        patch.setattr(Archive, "mark", unable)
        app.text_area(key=state.NOTE + answer).set_value("Fine.").run()
        assert "disk is full" in errors(app)
        app.button(key="marks-done").click().run()
        assert app.session_state[state.MARKING] == answer
        assert app.text_area(key=state.NOTE + answer).value == "Fine."
    app.button(key="marks-done").click().run()
    assert said(answer) == ([Mark(note="Fine.")], ())
    assert app.session_state[state.MARKING] is None


def test_what_other_people_say_is_shown_as_plain_text(app: AppTest) -> None:
    archive = engine().archive
    assert archive is not None
    archive.mark(run_of(app).answers[0].id, Mark("bo", stars=2, note="![x](http://example.com/a.png)"))
    open_dialog(app)
    shown = [str(caption.value) for caption in app.caption if str(caption.value).startswith("bo\\:")]
    assert len(shown) == 1
    assert "\\!\\[x\\]" in shown[0]
    assert "bo: 2 of 5 stars." in data_of(app)


def test_a_record_that_cannot_be_read_takes_no_answer_off_the_screen(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Archive, "marks", unable)
    app.run()
    assert not app.exception
    assert any("may be out of date" in str(caption.value) for caption in app.caption)
    assert data_of(app)


def test_whoever_may_removes_another_s_note_and_leaves_their_stars(app: AppTest) -> None:
    archive = engine().archive
    assert archive is not None
    archive.mark(run_of(app).answers[0].id, Mark("bo", stars=2, note="unkind"))
    answer = open_dialog(app)
    app.button(key=f"note-remove-{answer}-bo-now").click().run()
    assert not app.exception
    assert said(answer) == ([Mark("bo", stars=2)], ())
    assert [entry.act for entry in archive.trail(1)] == ["removed a note"]


def test_a_member_is_offered_no_removal_of_another_s_note(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = engine().archive
    assert archive is not None
    archive.mark(run_of(app).answers[0].id, Mark("bo", note="unkind"))
    monkeypatch.setattr("dashboard.feedback.dialog.actor", lambda: Actor("ana", admin=False))
    answer = open_dialog(app)
    assert any("unkind" in str(caption.value) for caption in app.caption)
    assert f"note-remove-{answer}-bo-now" not in [button.key for button in app.button]
