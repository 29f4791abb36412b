"""Compare in process: sets that are kept, links that fill the page, runs that are opened again."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.engine import engine
from prompts.core.presets import LAST, Choice
from prompts.core.share_link import Shared, from_link, to_link
from prompts.core.targets import Target
from prompts.record.recorder import RecordError
from providers.interface import Settings
from tests.dashboard.app_pages.compare_page import FAR, THREE, TWO, compose, send, sent
from tests.dashboard.pages import said, session
from tests.wire.server import WireServer

pytestmark = pytest.mark.usefixtures("far")


def test_a_set_is_kept_used_again_and_forgotten(app: AppTest) -> None:
    compose(app, "Why?", TWO, THREE)
    app.number_input(key="seed").set_value(7)
    app.text_input(key="set_name").set_value("My *two*")
    app.button(key="FormSubmitter:keep-set-Save").click().run()
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
    app.button(key="FormSubmitter:keep-set-Save").click().run()
    assert "write a name" in said(app)
    app.text_input(key="set_name").set_value("Mine")
    app.button(key="FormSubmitter:keep-set-Save").click().run()
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
