"""Pictures by Gemini: what is sent, what streams back, and what a filter takes away."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest

from providers.completion import Completion, Cost
from providers.config.connections import PRESETS, drawing
from providers.interface import Request, Settings
from providers.measuring.measure import complete
from providers.pictures import PictureSettings
from providers.registry import open_provider
from providers.secrets import Secret
from tests.pictures import picture
from tests.wire import google
from tests.wire.server import Reply, WireServer

PNG, PREVIEW = picture("PNG", (64, 48)), picture("JPEG", (16, 12))
MODEL = "gemini-3.1-flash-image"


def part(data: bytes, media_type: str, **more: Any) -> bytes:
    """A chunk with a picture in it."""
    inline = {"inlineData": {"mimeType": media_type, "data": b64encode(data).decode()}, **more}
    return google.event(
        google.chunk(None, model=MODEL)
        | {"candidates": [{"index": 0, "content": {"parts": [inline], "role": "model"}}]}
    )


def end(stop: str = "STOP", why: object = None) -> bytes:
    told = google.chunk(None, stop=stop, usage=google.counts(candidates=1290), model=MODEL)
    if why is not None:
        told["candidates"][0]["finishMessage"] = why
    return google.event(told)


async def asked(events: list[bytes], settings: Settings) -> tuple[Completion, dict[str, Any]]:
    async def script(reply: Reply) -> None:
        await reply.stream(events)

    with WireServer(script) as server:
        provider = open_provider(
            drawing(replace(PRESETS["google"], base_url=server.url, key=Secret("AIza-planted-0123456789")))
        )
        try:
            request, price = Request.ask(MODEL, "A cat.", settings), Cost("unknown", reason="unpriced")
            done = await complete(provider, request, price=lambda _: price)
        finally:
            await provider.aclose()
        return done, server.calls(google.PATH)[0].json


async def test_a_picture_comes_with_its_text_and_tokens_and_a_thought_of_it_is_a_preview() -> None:
    events = [
        part(PREVIEW, "image/jpeg", thought=True), google.event(google.chunk("Here it is.", model=MODEL)),
        part(PNG, "image/png"), end(),
    ]  # fmt: skip
    done, _ = await asked(events, Settings(picture=PictureSettings()))
    assert done.state == "complete", done.error
    (found,) = done.pictures
    assert (found.width, found.height, found.partial, found.arrived_type) == (64, 48, False, "image/png")
    assert done.text == "Here it is."
    assert done.usage is not None
    assert done.usage.output_tokens == 1290


@pytest.mark.parametrize(
    ("size", "shape", "sent"),
    [((1024, 1024), "1:1", "1K"), ((1536, 1024), "3:2", "1K"), ((2048, 1152), "16:9", "2K"), ((512, 768), "2:3", "1K")],
)  # fmt: skip
async def test_the_nearest_shape_is_sent_and_said(size: tuple[int, int], shape: str, sent: str) -> None:
    done, body = await asked([part(PNG, "image/png"), end()], Settings(seed=7, picture=PictureSettings(*size)))
    assert body["generationConfig"] == {
        "seed": 7, "responseModalities": ["TEXT", "IMAGE"], "imageConfig": {"aspectRatio": shape, "imageSize": sent},
    }  # fmt: skip
    assert [(each.setting, each.sent) for each in done.adjustments] == [("size", f"{shape}, {sent}")]


@pytest.mark.parametrize(
    "reason", ["IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "PROHIBITED_CONTENT", "IMAGE_RECITATION"]
)
async def test_what_a_filter_takes_away_is_filtered_in_its_word(reason: str) -> None:
    done, _ = await asked([end(reason)], Settings(picture=PictureSettings()))
    assert (done.state, done.stop_reason, done.pictures) == ("filtered", reason, ())


async def test_no_picture_where_one_was_expected_is_an_empty_answer_that_ended() -> None:
    done, _ = await asked([end("NO_IMAGE")], Settings(picture=PictureSettings()))
    assert (done.state, done.stop_reason, done.flags) == ("empty", "NO_IMAGE", ())


@pytest.mark.parametrize("why", ["", "Unable to show the generated image."])
async def test_words_in_place_of_the_picture_are_no_complete_answer_and_googles_sentence_is_told(why: str) -> None:
    events = [google.event(google.chunk("I would draw a cat.", model=MODEL)), end("NO_IMAGE", why)]
    done, _ = await asked(events, Settings(picture=PictureSettings()))
    assert (done.state, done.stop_reason, done.text) == ("incomplete", "NO_IMAGE", "I would draw a cat.")
    assert (done.error.message if done.error else "") == (f"NO_IMAGE: {why}" if why else "")


async def test_a_picture_that_came_is_one_whatever_is_said_at_the_end() -> None:
    events = [google.event(google.chunk("Here.", model=MODEL)), part(PNG, "image/png"), end("NO_IMAGE")]
    done, _ = await asked(events, Settings(picture=PictureSettings()))
    assert (done.state, len(done.pictures)) == ("complete", 1)


WHY = "Unable to show the generated image. It violated Google's Generative AI Prohibited Use policy."


@pytest.mark.parametrize(
    ("reason", "state", "kind"),
    [
        ("IMAGE_SAFETY", "filtered", "filtered"),
        ("IMAGE_OTHER", "incomplete", "server"),
        ("NO_IMAGE", "empty", "server"),
    ],
)
async def test_why_no_picture_came_is_told_in_googles_sentence(reason: str, state: str, kind: str) -> None:
    done, _ = await asked([end(reason, WHY)], Settings(picture=PictureSettings()))
    assert done.error is not None
    assert (done.state, done.stop_reason, done.error.kind) == (state, reason, kind)
    assert done.error.message == f"{reason}: {WHY}"


@pytest.mark.parametrize("why", [7, [], {}, "", "  "])
async def test_what_is_no_sentence_is_no_reason(why: object) -> None:
    done, _ = await asked([end("IMAGE_SAFETY", why)], Settings(picture=PictureSettings()))
    assert (done.state, done.stop_reason, done.error) == ("filtered", "IMAGE_SAFETY", None)


async def test_the_address_of_a_file_in_place_of_a_picture_is_a_failure_that_says_so() -> None:
    file = {"fileData": {"mimeType": "image/png", "fileUri": "https://files.example.com/1.png"}}
    chunk = google.chunk(None, model=MODEL) | {"candidates": [{"index": 0, "content": {"parts": [file]}}]}
    done, _ = await asked([google.event(chunk), end()], Settings(picture=PictureSettings()))
    assert done.error is not None
    assert (done.state, done.error.kind, done.error.retry) == ("incomplete", "protocol", "ask")
    assert "Collate fetches no address" in done.error.message


async def test_a_sentence_beside_a_picture_that_came_is_no_failure() -> None:
    done, _ = await asked([part(PNG, "image/png"), end("STOP", WHY)], Settings(picture=PictureSettings()))
    assert (done.state, done.error) == ("complete", None)
