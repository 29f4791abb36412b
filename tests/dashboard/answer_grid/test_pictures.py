"""The address of a picture: only what a column names is opened, as it was made anew, or as a file that says how."""

from __future__ import annotations

import io
from dataclasses import replace
from hashlib import sha256

import pytest
from PIL import Image

from dashboard.answer_grid.feed import Board, Viewer
from dashboard.answer_grid.view import RunView
from prompts.core.answer import Answer
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.config.connections import PRESETS
from providers.interface import Settings
from providers.pictures import Picture, PictureSettings, Shown, Step
from tests.dashboard.answer_grid.test_sse import client, shown
from tests.pictures import moving, picture
from tests.runs import answer_of, run_of

PNG = picture("PNG", (20, 10))
KNOWN = Picture(sha256(PNG).hexdigest(), "image/png", 20, 10, "image/png", len(PNG), seed=7, revised_prompt="a big cat")
DRAW = Target("builtin", "shapes", Settings(picture=PictureSettings(steps=12)))


def drawn(*pictures: Picture) -> tuple[Run, RunView]:
    run = run_of("A cat?", [answer_of(DRAW, 0, 0)])
    for each in pictures:
        run.live[0].take(Shown(each, PNG))
    return run, RunView(run, PRESETS)


def address(view: RunView, digest: str = KNOWN.sha256, column: int = 0) -> str:
    return f"/api/v1/runs/{view.id}/picture/{column}/{digest}"


async def test_a_picture_comes_as_it_was_made_anew() -> None:
    _, view = drawn(KNOWN)
    async with client(view) as http:
        response = await http.get(address(view), headers=shown(view.id))
    assert response.content == PNG
    assert (response.headers["content-type"], response.headers["x-content-type-options"]) == ("image/png", "nosniff")
    assert response.headers["cache-control"] == "no-store"


async def test_a_digest_that_the_column_does_not_name_opens_nothing() -> None:
    _, view = drawn(KNOWN)
    async with client(view) as http:
        for wrong in (address(view, "0" * 64), address(view, column=1), address(view, KNOWN.sha256.upper())):
            assert (await http.get(wrong, headers=shown(view.id))).status_code == 404
        assert (await http.get(address(view))).status_code == 404, "without its token"


async def test_a_type_that_a_browser_would_run_is_never_sent() -> None:
    _, view = drawn(Picture(KNOWN.sha256, "image/svg+xml", 20, 10, "image/svg+xml", 10))
    async with client(view) as http:
        assert (await http.get(address(view), headers=shown(view.id))).status_code == 404


async def test_a_file_of_it_says_how_it_was_made() -> None:
    _, view = drawn(KNOWN)
    async with client(view) as http:
        response = await http.get(address(view) + "?save=1", headers=shown(view.id))
    assert response.headers["content-disposition"].startswith("attachment")
    with Image.open(io.BytesIO(response.content)) as image:
        image.load()
        assert image.info["Prompt"] == "A cat?"
        assert image.info["Model"] == "builtin:shapes"
        assert (image.info["Seed"], image.info["Settings"]) == ("7", "steps 12")


FILM = moving(3)
MOVES = replace(KNOWN, frames=3, moving=sha256(FILM).hexdigest())


async def test_of_one_that_moves_the_first_frame_is_shown_said_and_the_whole_is_a_file() -> None:
    run = run_of("A cat?", [answer_of(DRAW, 0, 0)])
    run.live[0].take(Shown(MOVES, PNG, FILM))
    view = RunView(run, PRESETS)
    async with client(view) as http:
        assert (await http.get(address(view), headers=shown(view.id))).content == PNG
        response = await http.get(address(view) + "?whole=1", headers=shown(view.id))
        assert (await http.get(address(view, MOVES.moving), headers=shown(view.id))).status_code == 404
    assert (response.content, response.headers["content-type"]) == (FILM, "image/gif")
    assert response.headers["content-disposition"] == f'attachment; filename="collate-{run.id[:8]}-1.gif"'
    change, _ = Viewer(Board(view)).changes(0)
    assert change is not None
    (told,) = change["head"]["pictures"]
    assert (told["frame"], told["moving"]) == ("first of 3 frames", True)


async def test_of_one_that_stands_still_there_is_no_other_file() -> None:
    _, view = drawn(KNOWN)
    async with client(view) as http:
        assert (await http.get(address(view) + "?whole=1", headers=shown(view.id))).status_code == 404


def test_a_column_tells_its_picture_with_words_for_who_does_not_see_it() -> None:
    _, view = drawn(KNOWN)
    change, _ = Viewer(Board(view)).changes(0)
    assert change is not None
    (told,) = change["head"]["pictures"]
    assert (told["name"], told["width"], told["height"], told["partial"]) == (KNOWN.sha256, 20, 10, False)
    assert told["alt"] == "Picture by Built-in shapes (toy diffusion) for the prompt: A cat?"
    assert told["told"] == [("Seed", "7"), ("Drawn as", "a big cat")]


def test_a_step_is_told_while_there_is_nothing_to_see() -> None:
    run, view = drawn()
    run.live[0].take(Step(3, 12))
    assert view.columns[0].note == "Step 3 of 12"


@pytest.mark.parametrize("partial", [True, False])
def test_a_preview_gives_way_to_what_follows(partial: bool) -> None:
    preview = Picture("a" * 64, "image/jpeg", 20, 10, "image/png", 9, partial=True)
    run, _ = drawn(preview, Picture("b" * 64, "image/jpeg", 20, 10, "image/png", 9, partial=partial))
    answer: Answer = run.answers[0]
    assert [each.sha256[0] for each in answer.pictures] == ["b"]
    assert set(answer.contents) == {"b" * 64}
