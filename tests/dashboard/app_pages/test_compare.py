"""Compare in process: what is set on the page is what is sent, what must not leave stays, and nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.compose import conversation
from dashboard.engine import Engine
from dashboard.results import answers
from prompts.asking.runner import Connections
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.interface import Settings
from tests.dashboard.app_pages.compare_page import THREE, TWO, compose, send
from tests.dashboard.compose.test_files import PDF
from tests.dashboard.pages import said

pytestmark = pytest.mark.usefixtures("far")


def test_shared_settings_reach_every_target(app: AppTest) -> None:
    compose(app, "Why?", TWO, THREE)
    app.number_input(key="max_output_tokens").set_value(4)
    app.number_input(key="seed").set_value(7)
    run = send(app)
    assert [answer.target for answer in run.answers] == [
        Target("builtin", name, Settings(max_output_tokens=4, seed=7)) for name in ("ngram-2", "ngram-3")
    ]


def test_a_verdict_of_one_answer_each_asks_each_as_often_as_it_takes(app: AppTest) -> None:
    first = send(compose(app, "Why?", TWO, THREE))
    more = send(app.run(), "ask-more")
    assert (more.repeats, len(more.cells), more.prompt) == (6, 12, "Why?")
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
