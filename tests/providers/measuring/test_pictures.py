"""A picture measured: its times are those of its arrival, whatever its decoding takes."""

from __future__ import annotations

import os
from dataclasses import replace
from threading import Semaphore
from typing import Any

import pytest

from providers import errors
from providers.files.remade import Remade, remade
from providers.interface import Done, Settings
from providers.measuring import incoming_pictures
from providers.measuring.incoming_pictures import IncomingPictures
from providers.pictures import Drawn, PictureSettings, Shown, Step
from tests.pictures import noise, picture
from tests.providers.measuring.scripted import ASK, END, Scripted, ask

DRAW = replace(ASK, settings=Settings(picture=PictureSettings()))
PNG = picture("PNG", (40, 30))
PREVIEW = Drawn(PNG, partial=True)
FINAL = Drawn(picture("JPEG", (64, 48)), seed=7, revised_prompt="a red half")


async def drawn(*steps: Any, **options: Any):
    return await ask(Scripted(*steps), DRAW, **options)


async def test_first_and_final_picture_are_timed_by_their_arrival() -> None:
    done = await drawn(1.0, PREVIEW, 2.0, PREVIEW, 4.0, FINAL, 0.5, END)
    times = done.timings
    assert done.state == "complete"
    assert (times.time_to_first_picture_s, times.time_to_final_picture_s, times.duration_s) == (1.0, 7.0, 7.5)
    assert (times.time_to_first_chunk_s, times.time_to_first_token_s) == (1.0, None)


async def test_what_is_known_of_a_picture_is_told() -> None:
    (found,) = (await drawn(FINAL, END)).pictures
    assert (found.width, found.height, found.media_type, found.partial) == (64, 48, "image/jpeg", False)
    assert (found.seed, found.revised_prompt, found.arrived_bytes) == (7, "a red half", len(FINAL.data))


async def test_steps_a_second_count_between_the_first_and_the_last_step() -> None:
    done = await drawn(5.0, Step(1, 21), 0.5, Step(11, 21), 0.5, Step(21, 21), FINAL, END)
    assert done.timings.steps_per_s == 20.0
    assert (await drawn(Step(1, 2), 0.01, Step(2, 2), FINAL, END)).timings.steps_per_s is None


async def test_previews_are_shown_and_the_picture_after_them() -> None:
    seen = list[object]()
    await drawn(PREVIEW, Step(1), FINAL, END, on_delta=seen.append)
    assert [each.picture.partial for each in seen if isinstance(each, Shown)][-1] is False
    assert Step(1) in seen


async def test_a_large_picture_is_shown_as_a_preview_while_it_is_encoded_without_loss() -> None:
    seen = list[object]()
    done = await drawn(Drawn(noise((600, 500)), seed=7), END, on_delta=seen.append)
    early, whole = (each for each in seen if isinstance(each, Shown))
    assert (early.picture.partial, early.picture.media_type, early.picture.width) == (True, "image/jpeg", 600)
    assert (whole.picture.partial, whole.picture.media_type, whole.picture.seed) == (False, "image/png", 7)
    assert done.pictures == (whole.picture,), "the preview is not kept"


@pytest.mark.parametrize("data", [PNG, picture("JPEG", (600, 500))])
async def test_one_that_is_encoded_at_once_needs_no_preview(data: bytes) -> None:
    seen = list[object]()
    await drawn(Drawn(data), END, on_delta=seen.append)
    assert len([each for each in seen if isinstance(each, Shown)]) == 1


async def test_a_picture_that_cannot_be_read_is_a_failure_in_words() -> None:
    done = await drawn(1.0, Drawn(b"<svg onload=alert(1)>"), END)
    assert (done.state, done.pictures) == ("failed", ())
    assert done.error is not None
    assert done.error.message == "the picture cannot be shown: it is SVG, which can contain scripts and is not shown"
    assert done.error.retry == "ask"  # it may have been charged
    assert done.usage == END.usage


async def test_a_preview_that_cannot_be_read_is_left_out_and_said() -> None:
    done = await drawn(Drawn(b"?", partial=True), END)
    assert (done.state, done.pictures) == ("empty", ())
    assert "glimpse_unreadable" in done.flags


async def test_a_preview_is_kept_where_the_picture_never_came() -> None:
    done = await drawn(PREVIEW, errors.error("connection", "lost"))
    assert done.state == "incomplete"
    assert [each.partial for each in done.pictures] == [True]


async def test_an_end_after_previews_only_is_no_complete_answer() -> None:
    assert (await drawn(PREVIEW, END)).state == "incomplete"
    assert (await drawn(END)).state == "empty"
    assert (await drawn(Done("filter", "safety"))).state == "filtered"


async def test_pictures_without_end_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming_pictures, "MOST", 2)
    done = await drawn(FINAL, FINAL, FINAL, END)
    assert done.error is not None
    assert done.error.kind == "too_long"
    assert len(done.pictures) == 2


async def test_no_count_of_tokens_is_missed_where_a_picture_is_drawn() -> None:
    assert "usage_missing" not in (await drawn(FINAL, Done("stop", "end"))).flags


async def test_of_many_at_once_each_core_decodes_one_in_the_order_of_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    made, at_once, most = list[bytes](), Semaphore(os.cpu_count() or 1), list[bool]()

    def slowly(data: bytes, **how: Any) -> Remade:
        most.append(at_once.acquire(blocking=False))
        made.append(data)
        done = remade(picture("PNG", (400, 300)), quick=how["quick"])
        at_once.release()
        return done

    monkeypatch.setattr(incoming_pictures, "remade", slowly)
    arrived = [b"%d" % number for number in range(24)]
    each = [IncomingPictures(lambda _: None) for _ in arrived]
    for pictures, data in zip(each, arrived, strict=True):
        pictures.take(Drawn(data, partial=True))
    for pictures in each:
        await pictures.settled()
    assert all(most)
    assert len(made) == 24
    # Which of two that began together notes itself first is left to the machine.
    assert all(abs(made.index(data) - number) < (os.cpu_count() or 1) for number, data in enumerate(arrived))
