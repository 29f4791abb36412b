"""Compare with pictures in place of text: a choice of its own, drawn and on record without any key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.compose.pictures import IMAGES, TEXT
from dashboard.engine import engine
from dashboard.experiments.from_runs import plan_of
from prompts.core.combined_run import gathered_id
from prompts.core.presets import Choice
from prompts.core.share_link import Shared, from_link, to_link
from prompts.core.targets import Target
from prompts.experiments.cases import CasesError
from providers.interface import Settings
from providers.pictures import PictureSettings
from tests.contract.asking import in_json
from tests.dashboard.app_pages.compare_page import send
from tests.dashboard.pages import said
from tests.pictures import picture
from tests.wire import webui
from tests.wire.server import WireServer

pytestmark = pytest.mark.usefixtures("far")
OWN = state.PICTURES


def drawing(app: AppTest, prompt: str = "a circle") -> AppTest:
    app.run()
    app.session_state[state.WANTED] = IMAGES
    app.run()
    return app.text_area(key="prompt").set_value(prompt).run()


def test_a_picture_is_drawn_shown_and_recorded_without_a_key(app: AppTest) -> None:
    run = send(drawing(app))
    (answer,) = run.answers
    assert (str(answer.target), answer.state) == ("builtin:shapes", "complete")
    (picture,) = answer.pictures
    assert (picture.width, picture.height, picture.partial) == (512, 512, False)
    archive = engine().archive
    assert archive is not None
    assert archive.picture(picture.sha256) == answer.contents[picture.sha256]
    assert not app.exception


def test_what_is_set_is_what_is_sent(app: AppTest) -> None:
    drawing(app)
    app.number_input(key=f"picture_steps{OWN}").set_value(30)
    app.number_input(key=f"picture_guidance{OWN}").set_value(3.0)
    app.number_input(key=f"seed{OWN}").set_value(7)
    app.selectbox(key=f"picture_size{OWN}").set_value("1024x1024")
    wanted = Settings(seed=7, picture=PictureSettings(1024, 1024, None, 30, 3.0))
    assert [answer.target for answer in send(app).answers] == [Target("builtin", "shapes", wanted)]


def shared(settings: Settings) -> Shared:
    return Shared("A red circle", Choice((Target("builtin", "shapes", settings),), settings), 2)


MOST = PictureSettings(768, 768, "high", 1000, 100.0, "squares", "Euler a")


@pytest.mark.parametrize("settings", [Settings(picture=PictureSettings()), Settings(seed=-(2**53) + 1, picture=MOST)])
def test_a_link_carries_what_is_to_be_drawn_and_how(app: AppTest, settings: Settings) -> None:
    app.query_params["ask"] = to_link(shared(settings))
    app.run()
    assert not app.exception
    assert app.session_state[state.WANTED] == IMAGES
    assert app.multiselect(key=f"targets{OWN}").value == ["builtin:shapes"]
    (code,) = app.code
    assert from_link(code.value.partition("?ask=")[2]) == shared(settings)


def test_a_link_to_texts_turns_back_to_text(app: AppTest) -> None:
    drawing(app)
    app.query_params["ask"] = to_link(Shared("Why?", Choice((Target("builtin", "ngram-2"),))))
    app.run()
    assert app.session_state[state.WANTED] == TEXT
    assert app.multiselect(key="targets").value == ["builtin:ngram-2"]


def test_pictures_of_several_runs_say_too_that_they_were_not_drawn_alike(app: AppTest) -> None:
    drawing(app)
    small = send(app)
    app.selectbox(key=f"picture_size{OWN}").set_value("1024x1024")
    app.query_params["run"] = gathered_id([small.id, send(app).id])
    assert "Not drawn alike, so compare with care: size 512 × 512 by" in said(app.run())


def test_text_and_pictures_keep_choices_of_their_own(app: AppTest) -> None:
    drawing(app)
    assert app.multiselect(key=f"targets{OWN}").value == ["builtin:shapes"]
    app.session_state[state.WANTED] = TEXT
    app.run()
    assert "builtin:shapes" not in app.multiselect(key="targets").value
    assert app.text_area(key="prompt").value == "a circle"


def test_the_toy_is_called_one(app: AppTest) -> None:
    drawing(app)
    assert "Built-in shapes is a toy" in said(app)
    assert "1 picture from this computer, no fee" in said(app)


def test_what_is_only_of_texts_is_not_offered(app: AppTest) -> None:
    drawing(app)
    assert not [each for each in app.toggle if each.key == state.FAIR]
    assert not [each for each in app.button if each.key == "make-experiment"]


def test_a_run_of_pictures_is_no_experiment(app: AppTest) -> None:
    run = send(drawing(app))
    with pytest.raises(CasesError, match="runs of pictures cannot be made into one"):
        plan_of([run])


@pytest.fixture
def webui_there(home: Path, far: WireServer) -> Iterator[WireServer]:
    """A WebUI with one row of its own, beside what is there."""
    with WireServer() as server:
        server.routes[webui.LISTING] = in_json(webui.MODELS)
        server.routes[webui.PROGRESS] = in_json(webui.progress())
        server.routes[webui.DRAW] = in_json(webui.answer(picture("PNG", (64, 48))))
        with (home / "collate.toml").open("a") as file:
            file.write(f'[providers.webui]\nbase_url = "{server.url}"\n')
        yield server


def test_a_webui_is_offered_for_pictures_alone_and_draws(webui_there: WireServer, app: AppTest) -> None:
    app.run()
    assert not [each for each in app.multiselect(key="targets").options if "webui" in each]
    drawing(app, "A cat.")
    app.text_input(key=f"picture_sampler{OWN}").set_value("Euler a")
    app.multiselect(key=f"targets{OWN}").set_value([f"webui:{webui.MODEL}"])
    (answer,) = send(app).answers
    assert (answer.state, answer.pictures[0].seed) == ("complete", 3735928559)
    assert answer.pictures[0].drawn_with["sampler"] == "Euler a"
    (sent,) = webui_there.calls(webui.DRAW)
    assert (sent.json["prompt"], sent.json["sampler_name"]) == ("A cat.", "Euler a")


def test_a_picture_made_elsewhere_stands_beside_the_others_and_is_labelled(app: AppTest) -> None:
    run = send(drawing(app))
    app.run()
    app.text_input(key=state.UPLOAD_NAME).set_value("Midjourney v8")
    app.file_uploader(key=f"{state.UPLOAD_FILE}-{run.id}-1").set_value(
        ("cat.png", picture("PNG", (40, 30)), "image/png")
    )
    app.run()
    app.button(key="upload-add").click().run()
    assert not app.exception
    found = engine().find(run.id)
    assert found is not None
    assert [str(each.target) for each in found.answers] == ["builtin:shapes", "uploaded:Midjourney v8"]
    assert found.answers[1].completion is not None
    assert found.answers[1].completion.flags == ("uploaded",)
    assert "no longer set up" not in said(app)


def test_pictures_are_sorted_by_what_is_told_of_pictures(app: AppTest) -> None:
    send(drawing(app))
    app.run()
    (order,) = (each for each in app.get("button_group") if each.label == "Sort by")
    assert order.options == ["Duration", "First picture", "Final picture", "Steps/s", "Cost"]
    order.set_value(["Final picture"]).run()
    assert not app.exception


def test_a_file_that_is_no_picture_is_refused_in_words(app: AppTest) -> None:
    run = send(drawing(app))
    app.run()
    app.file_uploader(key=f"{state.UPLOAD_FILE}-{run.id}-1").set_value(("cat.png", b"<svg/>", "image/png")).run()
    app.button(key="upload-add").click().run()
    assert "cat.png cannot be added: it is SVG" in said(app)
