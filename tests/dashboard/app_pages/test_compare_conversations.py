"""Compare in process: follow-ups, and earlier turns that are asked otherwise."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from tests.dashboard.app_pages.compare_page import FAR, TWO, compose, send
from tests.dashboard.pages import run_id_of, said
from tests.wire.server import WireServer

pytestmark = pytest.mark.usefixtures("far")


def test_a_follow_up_goes_on_from_each_answer_and_shows_what_all_of_it_cost(app: AppTest, far: WireServer) -> None:
    compose(app, "First", FAR, TWO)
    first = send(app)
    app.text_area(key="follow_up").set_value("Second")
    second = send(app, "send-follow-up")
    assert second.link is not None
    assert (second.link.relation, second.link.run_id) == ("continues", first.id)
    messages = far.calls("/chat/completions")[-1].json["messages"]
    assert [m["content"] for m in messages] == ["First", "heard 1: First", "Second"]
    assert "Conversation of 2 turns" in said(app)
    assert "for 4 calls" in said(app)
    assert app.text_area(key="follow_up").value == ""
    app.button(key=f"open-{first.id}").click().run()
    assert run_id_of(app) == first.id


def test_an_empty_follow_up_is_refused(app: AppTest) -> None:
    compose(app, "First", TWO)
    run = send(app)
    app.button(key="send-follow-up").click().run()
    assert "The follow-up is empty" in said(app)
    assert run_id_of(app) == run.id


def test_everyone_goes_on_from_one_answer_and_again_from_its_own(app: AppTest, far: WireServer) -> None:
    compose(app, "First", FAR, TWO)
    run = send(app)
    app.session_state[state.CONTINUE_FROM] = run.answers[1].id
    app.run()
    assert f"Everyone will be sent the conversation and answer of {TWO}" in said(app)
    app.text_area(key="follow_up").set_value("Second")
    send(app, "send-follow-up")
    messages = far.calls("/chat/completions")[-1].json["messages"]
    assert messages[1]["content"] == "".join(run.answers[1].text_parts)
    assert app.session_state[state.CONTINUE_FROM] is None


def test_of_a_long_conversation_the_last_turns_stand_above_the_answers(app: AppTest) -> None:
    compose(app, "First", TWO)
    send(app)
    for prompt in ("Second", "Third", "Fourth"):
        app.text_area(key="follow_up").set_value(prompt)
        send(app, "send-follow-up")
    assert [each.label for each in app.expander if "turn" in each.label] == ["2 earlier turns"]
    assert "**4. Fourth**" in said(app)
    app.text_area(key="follow_up").set_value("Fifth")
    send(app, "send-follow-up")
    assert "3 earlier turns" in [each.label for each in app.expander]


def test_an_earlier_turn_is_asked_otherwise_after_the_same_history(app: AppTest, far: WireServer) -> None:
    compose(app, "First", FAR)
    send(app)
    app.text_area(key="follow_up").set_value("Second")
    second = send(app, "send-follow-up")
    key = f"edit-{second.id}"
    assert app.text_area(key=key).value == "Second"
    app.text_area(key=key).set_value("Second, shorter")
    edited = send(app, f"ask-{key}")
    assert edited.link is not None
    assert (edited.link.relation, edited.link.run_id) == ("edits", second.id)
    messages = far.calls("/chat/completions")[-1].json["messages"]
    assert [m["content"] for m in messages] == ["First", "heard 1: First", "Second, shorter"]
    assert "(edited)" in said(app)
