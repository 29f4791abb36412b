"""Compare in process: what must not leave waits, is masked, or is sent when somebody says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.compose import start
from tests.dashboard.app_pages.compare_page import FAR, KEY, THREE, TWO, compose, send, sent
from tests.dashboard.pages import run_id_of, said, session
from tests.wire.server import WireServer

pytestmark = pytest.mark.usefixtures("far")


def test_local_only_refuses_a_distant_model_before_anything_leaves(app: AppTest, far: WireServer) -> None:
    compose(app, "Stay here", FAR, TWO)
    app.toggle(key="local_only").set_value(True).run()
    assert f"{FAR} is not on this computer or network" in said(app)
    app.button(key="run").click().run()
    assert "this prompt is local only" in said(app)
    assert sent(far) == []
    assert "run" not in app.query_params
    assert app.text_area(key="prompt").value == "Stay here"


def test_local_only_lets_local_models_answer(app: AppTest) -> None:
    compose(app, f"Here {KEY}", TWO)
    app.toggle(key="local_only").set_value(True).run()
    run = send(app)
    assert run.local_only
    assert run.answers[0].state in {"complete", "cut"}
    assert "Nothing was sent yet" not in said(app)


def test_a_prompt_with_a_key_waits_until_it_is_sent_anyway(app: AppTest, far: WireServer) -> None:
    compose(app, f"Why does {KEY} fail?", FAR)
    app.button(key="run").click().run()
    assert "a key" in said(app)
    assert "Nothing was sent yet" in said(app)
    assert KEY not in said(app)
    assert sent(far) == []
    run = send(app, "send-anyway")
    assert sent(far) == [f"Why does {KEY} fail?"]
    assert run.answers[0].state == "complete"
    assert "Nothing was sent yet" not in said(app)


def test_what_seems_private_is_replaced_in_every_field_that_is_sent(app: AppTest, far: WireServer) -> None:
    compose(app, f"Why does {KEY} fail?", FAR)
    app.toggle(key="separate").set_value(True).run()
    app.text_area(key=f"system@{FAR}#0").set_value("Write to ada@example.co.uk")
    app.button(key="run").click().run()
    app.button(key="mask").click().run()
    assert app.text_area(key="prompt").value == "Why does [key] fail?"
    assert app.text_area(key=f"system@{FAR}#0").value == "Write to [e-mail]"
    send(app)
    (call,) = far.calls("/chat/completions")
    assert [m["content"] for m in call.json["messages"]] == ["Write to [e-mail]", "Why does [key] fail?"]


def test_a_follow_up_that_takes_a_key_to_a_new_place_waits_and_offers_no_replacing(
    app: AppTest, far: WireServer
) -> None:
    compose(app, f"Why does {KEY} fail?", FAR)
    app.button(key="run").click().run()
    first = send(app, "send-anyway")
    app.text_area(key="follow_up").set_value("And now?")
    second = send(app, "send-follow-up")
    assert len(sent(far)) == 2  # it was sent there before, so nothing is asked
    for run in (first, second):
        assert run.answers[0].completion is not None
        elsewhere = replace(run.answers[0].completion, endpoint="https://elsewhere.example/v1")
        run.live[0].change(completion=elsewhere)
    app.text_area(key="follow_up").set_value("And then?")
    app.button(key="send-follow-up").click().run()
    assert "Earlier turns, which are sent too, seem to contain a key" in said(app)
    assert "mask" not in {button.key for button in app.button}
    app.button(key="send-not").click().run()
    assert "Nothing was sent yet" not in said(app)
    assert len(sent(far)) == 2
    app.button(key="send-follow-up").click().run()
    send(app, "send-anyway")
    assert sent(far)[2] == "And then?"


def test_what_was_decided_holds_for_the_session_and_its_kind(app: AppTest, far: WireServer) -> None:
    compose(app, "Write to ada@example.co.uk", FAR)
    app.button(key="run").click().run()
    app.checkbox(key="from_now_on").check().run()
    send(app, "send-anyway")
    send(compose(app, "Write to bob@example.co.uk", FAR))
    assert sent(far) == ["Write to ada@example.co.uk", "Write to bob@example.co.uk"]
    compose(app, f"A key: {KEY}", FAR)
    app.button(key="run").click().run()
    assert "Nothing was sent yet" in said(app)


def test_what_is_always_masked_is_masked_without_a_question(app: AppTest, far: WireServer) -> None:
    compose(app, "Write to ada@example.co.uk", FAR)
    app.button(key="run").click().run()
    app.checkbox(key="from_now_on").check().run()
    app.button(key="mask").click().run()
    send(app)
    send(compose(app, "Write to bob@example.co.uk", FAR))
    assert sent(far) == ["Write to [e-mail]"] * 2


def test_addresses_that_are_nobodys_ask_nothing(app: AppTest, far: WireServer) -> None:
    send(compose(app, "Write to ada@example.com or root@host.test", FAR))
    assert sent(far) == ["Write to ada@example.com or root@host.test"]
    assert not [field for field in session().run().text_input if field.key == "key-openai"]  # there is a key


def test_a_name_without_a_provider_is_left_out_and_one_click_mends_it(app: AppTest) -> None:
    compose(app, "Why?", "ngram-2", THREE)
    assert "It is left out" in said(app)
    assert [str(cell.target) for cell in send(app).cells] == [THREE]
    app.button(key="use-ngram-2-builtin:ngram-2").click().run()
    assert app.multiselect(key="targets").value == [TWO, THREE]
    assert "It is left out" not in said(app)


def test_a_second_run_while_one_answers_asks_first(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    first = send(compose(app, "Why?", TWO))
    monkeypatch.setattr(start, "answering", lambda _: first)
    app.button(key="run").click().run()
    assert "still answering" in said(app)
    assert run_id_of(app) == first.id
    app.button(key="run-not").click().run()
    assert "still answering" not in said(app)
    app.button(key="run").click().run()
    assert send(app, "run-beside").id != first.id


def test_replacing_in_a_follow_up_leaves_other_drafts_alone(app: AppTest, far: WireServer) -> None:
    compose(app, "First", FAR)
    send(app)
    app.text_area(key="prompt").set_value(f"A draft with {KEY}")
    app.text_area(key="follow_up").set_value(f"And {KEY}?")
    app.button(key="send-follow-up").click().run()
    app.button(key="mask").click().run()
    assert app.text_area(key="follow_up").value == "And [key]?"
    assert app.text_area(key="prompt").value == f"A draft with {KEY}"
    assert sent(far) == ["First"]


def test_a_follow_up_with_a_key_waits_too(app: AppTest, far: WireServer) -> None:
    compose(app, "First", FAR)
    send(app)
    app.text_area(key="follow_up").set_value(f"And {KEY}?")
    app.button(key="send-follow-up").click().run()
    assert "Nothing was sent yet" in said(app)
    assert sent(far) == ["First"]
    assert app.text_area(key="follow_up").value == f"And {KEY}?"
    send(app, "send-anyway")
    assert sent(far) == ["First", f"And {KEY}?"]
    assert app.text_area(key="follow_up").value == ""


def test_an_edited_turn_with_a_key_waits_too_and_can_be_mended(app: AppTest, far: WireServer) -> None:
    compose(app, "First", FAR)
    first = send(app)
    app.text_area(key="follow_up").set_value("Second")
    send(app, "send-follow-up")
    key = f"edit-{first.id}"
    app.text_area(key=key).set_value(f"First, with {KEY}")
    app.button(key=f"ask-{key}").click().run()
    assert sent(far) == ["First", "Second"]
    app.button(key="mask").click().run()
    assert app.text_area(key=key).value == "First, with [key]"
    send(app, f"ask-{key}")
    assert sent(far)[-1] == "First, with [key]"
