"""Compare in process: what is set on the page is what is sent, what must not leave stays, and nothing typed is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.compose import conversation, start
from dashboard.engine import Engine, engine
from dashboard.results import answers
from prompts.asking.runner import Connections
from prompts.core.presets import LAST, Choice
from prompts.core.run import Run
from prompts.core.share_link import Shared, from_link, to_link
from prompts.core.targets import Target
from prompts.record.recorder import RecordError
from providers.interface import Settings
from tests.dashboard.compose.test_files import PDF
from tests.dashboard.pages import run_id_of, said, session
from tests.dashboard.test_engine import wait_until_finished
from tests.wire.server import WireServer

KEY = "sk-proj-Ab12Cd34Ef56Gh78Ij90Kl12Mn34"
TWO, THREE = "builtin:ngram-2", "builtin:ngram-3"
FAR = "far:m"


pytestmark = pytest.mark.usefixtures("far")


def compose(app: AppTest, prompt: str, *targets: str) -> AppTest:
    app.run()
    app.multiselect(key="targets").set_value(list(targets))
    return app.text_area(key="prompt").set_value(prompt).run()


def send(app: AppTest, button: str = "run") -> Run:
    """Press it and wait for all answers."""
    app.button(key=button).click().run()
    assert not app.exception
    run = engine().find(run_id_of(app))
    assert run is not None
    wait_until_finished(engine(), run)
    app.run()
    return run


def sent(far: WireServer) -> list[str]:
    """The last messages of all calls so far."""
    return [call.json["messages"][-1]["content"] for call in far.calls("/chat/completions")]


# Settings


def test_shared_settings_reach_every_target(app: AppTest) -> None:
    compose(app, "Why?", TWO, THREE)
    app.number_input(key="max_output_tokens").set_value(4)
    app.number_input(key="seed").set_value(7)
    run = send(app)
    assert [answer.target for answer in run.answers] == [
        Target("builtin", name, Settings(max_output_tokens=4, seed=7)) for name in ("ngram-2", "ngram-3")
    ]


def test_a_verdict_of_one_answer_each_asks_each_five_times(app: AppTest) -> None:
    first = send(compose(app, "Why?", TWO, THREE))
    more = send(app.run(), "ask-more")
    assert (more.repeats, len(more.cells), more.prompt) == (5, 10, "Why?")
    assert more.link is not None
    assert more.link.run_id == first.id


def test_settings_per_column_and_copies_reach_the_runs_targets(app: AppTest) -> None:
    compose(app, "Why?", TWO, THREE)
    app.number_input(key="max_output_tokens").set_value(4)
    app.toggle(key="separate").set_value(True).run()
    app.button(key=f"copy@{TWO}#0").click().run()
    app.number_input(key=f"seed@{TWO}#1").set_value(9).run()
    assert f"{TWO} · 2** &nbsp; differs: seed 9" in said(app)
    assert said(app).count("as shared") == 2
    assert "3 calls to this computer" in said(app)
    run = send(app)
    assert [(answer.target.model, answer.target.settings) for answer in run.answers] == [
        ("ngram-2", Settings(max_output_tokens=4)), ("ngram-2", Settings(max_output_tokens=4, seed=9)),
        ("ngram-3", Settings(max_output_tokens=4)),
    ]  # fmt: skip
    assert run.settings == Settings(max_output_tokens=4)


def test_a_copy_is_removed_again(app: AppTest) -> None:
    compose(app, "Why?", TWO)
    app.toggle(key="separate").set_value(True).run()
    app.button(key=f"copy@{TWO}#0").click().run()
    app.button(key=f"remove@{TWO}#1").click().run()
    assert [answer.target.model for answer in send(app).answers] == ["ngram-2"]


def test_copies_end_where_no_more_fit(app: AppTest) -> None:
    compose(app, "Why?", TWO)
    app.session_state[state.SEPARATE], app.session_state[state.COPIES] = True, {TWO: 8}
    app.run()
    assert app.button(key=f"copy@{TWO}#8").disabled


def test_settings_of_a_column_survive_another_page(app: AppTest) -> None:
    compose(app, "Why?", TWO)
    app.toggle(key="separate").set_value(True).run()
    app.number_input(key=f"seed@{TWO}#0").set_value(9).run()
    app.switch_page("app_pages/settings.py").run()
    app.switch_page("app_pages/compare.py").run()
    assert app.number_input(key=f"seed@{TWO}#0").value == 9
    assert app.text_area(key="prompt").value == "Why?"


def test_a_run_that_ends_while_its_page_is_drawn_is_told_of_by_its_grid(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose(app, "Why?", TWO)
    send(app)
    over, told = list[bool](), list[bool]()
    draw, grid = conversation.show_turns, answers.answer_grid

    def end_here(core: Engine, connections: Connections, run: Run) -> None:
        over.append(True)  # below the row of buttons, above the answers
        draw(core, connections, run)

    def hear(**given: Any) -> None:
        told.append(given["live"])
        grid(**given)

    monkeypatch.setattr(Run, "finished", property(lambda _: bool(over)))
    monkeypatch.setattr(conversation, "show_turns", end_here)
    monkeypatch.setattr(answers, "answer_grid", hear)
    app.run()
    assert not app.exception
    assert not app.button(key="stop-all").disabled
    assert told == [True]


# What must not leave


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
    assert "Earlier turns that go along seem to contain a key" in said(app)
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


# What is kept


def test_a_set_is_kept_used_again_and_forgotten(app: AppTest) -> None:
    compose(app, "Why?", TWO, THREE)
    app.number_input(key="seed").set_value(7)
    app.text_input(key="set_name").set_value("My *two*")
    app.button(key="FormSubmitter:keep-set-Keep").click().run()
    assert app.text_input(key="set_name").value == ""
    other = session().run()
    other.multiselect(key="targets").set_value([FAR]).run()
    other.button(key="use-set-My *two*").click().run()
    assert not other.exception
    assert other.multiselect(key="targets").value == [TWO, THREE]
    assert other.number_input(key="seed").value == 7
    assert other.button(key="use-set-My *two*").label == "My \\*two\\*"
    other.button(key="drop-set-My *two*").click().run()
    assert "My *two*" not in engine().choices()


def test_a_set_without_a_name_is_refused_and_the_next_one_clears_the_complaint(app: AppTest) -> None:
    compose(app, "Why?", TWO)
    app.button(key="FormSubmitter:keep-set-Keep").click().run()
    assert "write a name" in said(app)
    app.text_input(key="set_name").set_value("Mine")
    app.button(key="FormSubmitter:keep-set-Keep").click().run()
    assert "write a name" not in said(app)
    assert list(engine().choices()) == ["Mine"]


def test_a_set_with_copies_brings_their_settings_back(app: AppTest) -> None:
    app.run()
    target = Target("builtin", "ngram-2")
    engine().save_choice("Twice", Choice((target, target.with_settings(Settings(seed=9)))))
    app.run()
    app.button(key="use-set-Twice").click().run()
    assert app.toggle(key="separate").value is True
    assert app.number_input(key=f"seed@{TWO}#1").value == 9
    assert app.number_input(key=f"seed@{TWO}#0").value is None


def test_sets_that_cannot_be_read_do_not_take_the_page_away(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_person: str) -> None:
        raise RecordError("The record is away.")

    compose(app, "Why?", TWO)
    monkeypatch.setattr(engine(), "choices", away)
    app.run()
    assert not app.exception
    assert "The record is away." in said(app)
    assert app.text_area(key="prompt").value == "Why?"


def test_the_last_choice_is_remembered_in_a_new_session(app: AppTest) -> None:
    compose(app, "Why?", THREE)
    send(app)
    assert engine().choices()[LAST].targets == (Target("builtin", "ngram-3"),)
    other = session().run()
    assert other.multiselect(key="targets").value == [THREE]
    assert other.text_area(key="prompt").value in (None, "")


# Links


def test_a_shared_link_fills_the_fields_and_sends_nothing(app: AppTest, far: WireServer) -> None:
    own = Target("far", "m", Settings(temperature=0.3))
    choice = Choice((Target("builtin", "ngram-2", Settings(seed=1)), own), Settings(seed=1))
    app.query_params["ask"] = to_link(Shared("Shared question", choice, 3, True, False))
    app.run()
    assert not app.exception
    assert app.text_area(key="prompt").value == "Shared question"
    assert app.multiselect(key="targets").value == [TWO, FAR]
    assert app.number_input(key="repeats").value == 3
    assert (app.toggle(key="fair").value, app.toggle(key="separate").value) == (True, True)
    assert app.number_input(key=f"temperature@{FAR}#0").value == 0.3
    assert "ask" not in app.query_params
    assert sent(far) == []


def test_the_link_on_the_page_brings_back_what_is_set(app: AppTest) -> None:
    compose(app, "Why?", TWO)
    app.number_input(key="repeats").set_value(2).run()
    (code,) = app.code
    shared = from_link(code.value.partition("?ask=")[2])
    assert shared == Shared("Why?", Choice((Target("builtin", "ngram-2"),)), 2)
    assert "planted" not in code.value


@pytest.mark.parametrize("broken", ["AAAA", to_link(Shared("Why?", Choice((Target("a", "b"),))))[:-6]])
def test_a_broken_link_says_so_and_loses_nothing(app: AppTest, broken: str) -> None:
    compose(app, "Typed already", TWO)
    app.number_input(key="seed").set_value(7).run()
    app.query_params["ask"] = broken
    app.run()
    assert not app.exception
    assert "ask" not in app.query_params
    assert "This link cannot be read" in said(app)
    assert app.text_area(key="prompt").value == "Typed already"
    assert app.multiselect(key="targets").value == [TWO]
    assert app.number_input(key="seed").value == 7


def test_a_link_to_a_provider_that_is_unknown_here_is_filled_in_and_said(app: AppTest) -> None:
    app.query_params["ask"] = to_link(Shared("Why?", Choice((Target("elsewhere", "m"),))))
    app.run()
    assert not app.exception
    assert "'elsewhere' is not set up as a provider" in said(app)
    assert app.text_area(key="prompt").value == "Why?"


def test_a_run_that_is_not_on_record_here_is_said(app: AppTest) -> None:
    app.query_params["run"] = "no-such-run"
    app.run()
    assert not app.exception
    assert "not on record here" in said(app)


def test_a_run_is_reopened_with_how_it_was_asked(app: AppTest) -> None:
    compose(app, "Why?", TWO)
    app.toggle(key="separate").set_value(True).run()
    app.button(key=f"copy@{TWO}#0").click().run()
    app.number_input(key=f"max_output_tokens@{TWO}#1").set_value(2)
    app.number_input(key="repeats").set_value(2)
    run = send(app)
    other = session(run=run.id).run()
    assert not other.exception
    assert other.number_input(key="repeats").value == 2
    assert other.number_input(key=f"max_output_tokens@{TWO}#1").value == 2
    assert other.multiselect(key="targets").value == [TWO]


# Conversations


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


# Repeats and files


def test_repeats_are_all_asked_and_paged_through(app: AppTest) -> None:
    compose(app, "Why?", TWO, THREE)
    app.number_input(key="repeats").set_value(3)
    app.number_input(key="max_output_tokens").set_value(3).run()
    assert "6 calls to this computer" in said(app)
    run = send(app)
    assert [(answer.column, answer.repeat) for answer in run.answers] == [(c, n) for n in range(3) for c in range(2)]
    assert "Each model is asked 3 times." in said(app)
    outcomes = list(app.dataframe[0].value["Outcome"])  # sampled: one may end by itself
    assert [sum(map(int, re.findall(r"\d+", each))) for each in outcomes] == [3, 3]


def test_a_fair_race_warms_up_outside_of_what_is_counted(app: AppTest) -> None:
    compose(app, "Why?", TWO)
    app.number_input(key="max_output_tokens").set_value(3)
    app.toggle(key="fair").set_value(True).run()
    assert "2 calls to this computer" in said(app)
    run = send(app)
    assert [answer.counts for answer in run.answers] == [False, True]
    assert run.repeats == 1
    assert len(app.dataframe[0].value) == 1


def test_too_many_columns_and_calls_are_refused_before_anything_is_planned(app: AppTest) -> None:
    compose(app, "Why?", *(f"builtin:{n}" for n in range(25)))
    app.button(key="run").click().run()
    assert "25 columns are chosen; at most 24" in said(app)
    app.multiselect(key="targets").set_value([f"builtin:{n}" for n in range(13)])
    app.number_input(key="repeats").set_value(20)
    app.button(key="run").click().run()
    assert "13 columns asked 20 times are too many" in said(app)
    assert "run" not in app.query_params


def test_a_file_that_a_model_does_not_take_refuses_the_run_and_stays(app: AppTest) -> None:
    compose(app, "What is this?", TWO)
    app.file_uploader[0].set_value([("plan.pdf", PDF, "application/pdf")]).run()
    assert f"{TWO} takes no PDFs." in said(app)
    app.button(key="run").click().run()
    assert not app.exception
    assert f"{TWO} takes no PDFs." in " ".join(error.value.replace("\\", "") for error in app.error)
    assert "run" not in app.query_params
    assert "plan.pdf" in said(app)
    assert app.text_area(key="prompt").value == "What is this?"
