"""Compare with what is on record: runs that lack answers, runs asked again, runs side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.engine import Engine, engine
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record.recorder import Recorder
from tests.dashboard.app_pages.compare_page import FAR, THREE, TWO, compose, send, sent
from tests.dashboard.pages import html, run_id_of, said, session
from tests.dashboard.test_engine import wait_until_finished
from tests.runs import started
from tests.wire.server import WireServer

pytestmark = pytest.mark.usefixtures("far")


def interrupted(*sent: int, targets: Sequence[str] = (FAR, FAR, TWO)) -> Run:
    """A run whose process ended when only the answers `sent` had been sent."""
    run = started("What is missing?", [Target(*target.split(":")) for target in targets])

    async def work() -> None:
        recorder = await Recorder.open()
        await recorder.begin_run(run)
        for number in sent:
            answer = run.answers[number]
            attempt = await recorder.begin_attempt(answer.id, 1, endpoint="http://far", target=answer.target)
            recorder.note_text(attempt, "half an")
        await recorder.close()

    asyncio.run(work())
    return run


def press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception


def settle(app: AppTest, run_id: str) -> Run:
    run = engine().find(run_id)
    assert run is not None
    wait_until_finished(engine(), run)
    app.run()
    return run


def test_the_first_page_leads_to_an_interrupted_run_and_only_the_unsent_is_asked(app: AppTest, far: WireServer) -> None:
    run = interrupted(0)
    app.run()
    assert "was interrupted: all 3 answers are missing" in said(app)
    press(app, "open-interrupted")
    assert run_id_of(app) == run.id
    assert "all 3 answers are missing" in said(app).lower()
    assert "1 had been sent, 2 had not" in said(app)
    press(app, "finish-missing")
    done = engine().find(run.id)
    assert done is not None
    wait_until_finished(engine(), done)
    app.run()
    assert sent(far) == ["What is missing?"]
    assert done.answers[0].state == "unknown"
    assert "1 of 3 answers is missing" in said(app)
    press(app, "ask-lost")
    wait_until_finished(engine(), done)
    app.run()
    assert sent(far) == ["What is missing?"] * 2
    assert "missing." not in said(app)


def test_who_leaves_an_interrupted_run_is_not_told_of_it_again(app: AppTest) -> None:
    interrupted()
    app.run()
    press(app, "leave-interrupted")
    assert "interrupted" not in said(app)


def test_two_processes_that_finish_one_run_ask_once(app: AppTest, far: WireServer) -> None:
    run = interrupted(targets=[FAR])
    app.query_params["run"] = run.id
    app.run()
    other = Engine()
    try:
        theirs = other.find(run.id)
        assert theirs is not None
        assert other.finish(theirs, theirs.answers, other.configuration.connections) == 1
        wait_until_finished(other, theirs)
        press(app, "finish-missing")  # this session still sees the run as it was
        assert sent(far) == ["What is missing?"]
        app.run()
        assert engine().find(run.id).finished  # pyright: ignore[reportOptionalMemberAccess]
        assert "missing." not in said(app)
    finally:
        other.close()


def test_a_run_is_asked_again_with_a_link_both_ways(app: AppTest, far: WireServer) -> None:
    compose(app, "Once more", FAR, THREE)
    first = send(app)
    second = send(app, "ask-again")
    assert second.link is not None
    assert (second.link.relation, second.link.run_id) == ("again", first.id)
    assert sent(far) == ["Once more"] * 2
    assert app.session_state[state.VIEW] == "Then and now"
    press(app, "kin-parent")
    assert run_id_of(app) == first.id
    assert app.session_state[state.VIEW] == "Table"
    press(app, f"kin-child-{second.id}")
    assert run_id_of(app) == second.id


def test_what_seems_private_is_asked_about_before_it_is_sent_again(app: AppTest, far: WireServer) -> None:
    compose(app, "Mail me at jane.doe@example.co.uk", FAR)
    press(app, "run")
    run = send(app, "send-anyway")
    press(app, "ask-again")
    assert run_id_of(app) == run.id
    assert len(sent(far)) == 1
    assert send(app, "send-anyway").id != run.id


def test_a_reopened_run_is_edited_with_a_link_back(app: AppTest) -> None:
    compose(app, "In English", TWO)
    first = send(app)
    other = session(run=first.id)
    other.run()
    other.text_area(key=f"edit-{first.id}").set_value("In German")
    edited = send(other, f"ask-edit-{first.id}")
    assert (edited.prompt, edited.link.relation, edited.link.run_id) == ("In German", "edits", first.id)  # pyright: ignore[reportOptionalMemberAccess]
    assert "Edited from" in other.button(key="kin-parent").label
    assert other.text_area(key="prompt").value == "In German"
    press(other, "kin-parent")
    assert other.text_area(key="prompt").value == "In English"


def test_a_draft_stays_and_the_page_says_what_was_asked_instead(app: AppTest) -> None:
    compose(app, "In English", TWO)
    first = send(app)
    assert "In English" not in said(app)
    app.text_area(key="prompt").set_value("Something else")
    app.text_area(key=f"edit-{first.id}").set_value("In German")
    send(app, f"ask-edit-{first.id}")
    assert app.text_area(key="prompt").value == "Something else"
    assert "“In German”" in said(app)
    press(app, "kin-parent")
    assert app.text_area(key="prompt").value == "Something else"
    assert "“In English”" in said(app)


def test_runs_side_by_side_offer_nothing_that_asks(app: AppTest) -> None:
    compose(app, "What is a class?", TWO)
    first = send(app)
    compose(app, "What is a module?", TWO)
    second = send(app)
    other = session(run=f"{first.id}~{second.id}")
    other.run()
    assert not other.exception
    assert "2 runs side by side" in [each.value for each in other.header]
    assert list(other.dataframe[0].value["Model"]) == [f"{TWO} · {answer}" for answer in _labels(other)]
    keys = {button.key for button in other.button}
    assert not keys & {"ask-again", "send-follow-up", "finish-missing"}
    assert not other.text_area(key="prompt").value
    assert f"./?run={first.id}" in html(other, f"gathered-{first.id}~{second.id}")
    press(other, f"part-{second.id}")
    assert run_id_of(other) == second.id


def test_single_answers_are_chosen_out_of_several_runs(app: AppTest) -> None:
    first, second = (send(compose(app, prompt, TWO, THREE)) for prompt in ("What is a class?", "And a module?"))
    app = session(run=f"{first.id}~{second.id}").run()
    assert app.button(key="gather-these").disabled
    for answer in (first.answers[0], second.answers[1]):
        app.checkbox(key=f"gather-{answer.id}").uncheck()
    app.run()
    press(app, "gather-these")
    assert run_id_of(app) == f"{first.answers[1].id}~{second.answers[0].id}"
    assert "2 answers of 2 runs side by side" in [each.value for each in app.header]
    assert len(app.dataframe[0].value) == 2
    press(app, "gather-all")
    assert run_id_of(app) == f"{first.id}~{second.id}"


def test_the_way_to_a_run_is_named_as_its_columns_are(app: AppTest) -> None:
    runs = [send(compose(app, "The same question", TWO)) for _ in range(2)]
    app = session(run="~".join(run.id for run in runs)).run()
    ways = [app.button(key=f"part-{run.id}").label.replace("\\", "") for run in runs]
    assert ways == [f"{label}: The same question" for label in _labels(app)]
    assert ways[0] != ways[1]


def _labels(app: AppTest) -> list[str]:
    run = engine().find(run_id_of(app))
    assert run is not None
    assert all(answer.label for answer in run.answers)
    return [answer.label for answer in run.answers]


@pytest.mark.parametrize(
    ("address", "said_"),
    [("gone~too", "None of the runs in this address is on record"), ("~".join(map(str, range(101))), "too many")],
)
def test_an_address_that_cannot_be_put_together_is_said(app: AppTest, address: str, said_: str) -> None:
    app.query_params["run"] = address
    app.run()
    assert not app.exception
    assert said_ in said(app)
