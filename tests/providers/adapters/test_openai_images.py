"""Pictures through the Images API: what is sent, what streams back, and what is refused."""

from __future__ import annotations

import json
from base64 import b64encode
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest
from openai.types import ImageModel

from providers.catalogue.catalogue import catalogue, find
from providers.catalogue.pricing import Bill, Pricer
from providers.config.connections import PRESETS, drawing
from providers.interface import Settings, Usage
from providers.pictures import PictureSettings, Shown
from providers.registry import list_models, open_provider
from providers.secrets import Secret
from tests.pictures import picture
from tests.providers.adapters.openai_images_adapter import asked, own_host  # noqa: F401 -- a fixture
from tests.wire import openai_images
from tests.wire.server import Reply, WireServer

PNG, PREVIEW = picture("PNG", (64, 48)), picture("JPEG", (16, 12))
FULL = Settings(seed=7, picture=PictureSettings(1024, 512, "high", 20, 7.5, "dogs"))


def body(server: WireServer) -> dict[str, Any]:
    (call,) = server.calls(openai_images.PATH)
    return call.json


async def test_openai_streams_previews_then_the_picture_with_its_tokens() -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(openai_images.answer(PNG, [PREVIEW, PREVIEW]))

    with WireServer(script) as server:
        done, seen = await asked(server, Settings(picture=PictureSettings()))
    assert done.state == "complete", done.error
    (found,) = done.pictures
    assert (found.width, found.height, found.partial, found.arrived_bytes) == (64, 48, False, len(PNG))
    assert done.usage is not None
    assert (done.usage.input_tokens, done.usage.output_tokens) == (14, 1056)
    assert done.timings.time_to_first_picture_s is not None
    assert isinstance(seen[-1], Shown)


async def test_what_is_set_is_sent_and_the_rest_is_said() -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(openai_images.answer(PNG))

    with WireServer(script) as server:
        done, _ = await asked(server, FULL)
        assert body(server) == {
            "model": "gpt-image-2.5-sunburst", "prompt": "A cat.", "n": 1, "stream": True, "partial_images": 3,
            "size": "1024x512", "quality": "high",
        }  # fmt: skip
    assert {each.setting for each in done.adjustments} == {"seed", "steps", "guidance", "negative prompt"}


async def test_another_host_answers_in_one_piece_and_gets_what_diffusion_takes() -> None:
    async def script(reply: Reply) -> None:
        await reply.json(openai_images.whole(PNG, revised_prompt="A black cat."))

    with WireServer(script) as server:
        done, _ = await asked(server, FULL, openai=False)
        assert body(server) == {
            "model": "gpt-image-2.5-sunburst", "prompt": "A cat.", "n": 1, "size": "1024x512", "quality": "high",
            "response_format": "b64_json", "seed": 7, "steps": 20, "cfg_scale": 7.5, "negative_prompt": "dogs",
        }  # fmt: skip
    assert done.state == "complete", done.error
    assert done.pictures[0].revised_prompt == "A black cat."
    assert done.flags == ()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (openai_images.at_an_address(), "the address of a picture in place of the picture"),
        ({"created": 1, "data": []}, 'contains no picture: {"created": 1, "data": []}'),
        ({"created": 1, "data": None}, 'contains no picture: {"created": 1, "data": null}'),
        ({"created": 1, "data": {}}, "contains no picture"),
        ({"created": 1, "data": ["text"]}, 'contains no picture: {"created": 1, "data": ["text"]}'),
        ({"id": "r", "status": "queued", "queue_position": 7}, '"queue_position": 7'),
        ({"images": [{"url": "https://cdn.example.com/1.png"}], "seed": 1}, '"url": "https://cdn.example.com/1.png"'),
        ({"created": 1, "data": [{"b64_json": "%%%"}]}, "not written in base64"),
        (openai_images.whole(b"<svg onload=alert(1)>"), "it is SVG"),
    ],
)  # fmt: skip
async def test_what_is_no_picture_is_a_failure_in_words(document: dict[str, Any], said: str) -> None:
    async def script(reply: Reply) -> None:
        await reply.json(document)

    with WireServer(script) as server:
        done, _ = await asked(server, Settings(picture=PictureSettings()), openai=False)
        assert len(server.calls("")) == 1, "and no address of it is fetched"
    assert done.state == ("failed" if said == "it is SVG" else "incomplete")
    assert done.error is not None
    assert said in done.error.message
    assert done.error.retry == "ask", "it was drawn perhaps, so it may be charged"


IN_BASE64 = b64encode(PNG).decode()
ELSEWHERE = {"url": "https://cdn.example.com/1.png", "b64_json": None}


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ([{"b64_json": IN_BASE64}, {"b64_json": IN_BASE64}], 2),
        ([ELSEWHERE, {"b64_json": IN_BASE64}], 1),
        ([{"b64_json": IN_BASE64}, ELSEWHERE], 1),
        ([{"url": f"data:image/png;base64,{IN_BASE64}"}], 1),
        ({"b64_json": IN_BASE64}, 1),
        (
            [
                {
                    "b64_json": IN_BASE64,
                    "nsfw": False,
                    "has_nsfw_concepts": [False],
                    "revised_prompt": ["A", 7],
                    "content_filter_results": {"hate": {"filtered": False}},
                }
            ],
            1,
        ),
    ],
    ids=[
        "two",
        "an address first",
        "an address behind",
        "an address that is the picture",
        "no list",
        "nothing filtered, and an odd prompt",
    ],
)
async def test_every_picture_that_is_in_the_answer_is_shown(data: Any, shown: int) -> None:
    async def script(reply: Reply) -> None:
        await reply.json({"created": 1, "data": data})

    with WireServer(script) as server:
        done, _ = await asked(server, Settings(picture=PictureSettings()), openai=False)
        assert len(server.calls("")) == 1
    assert (done.state, [each.width for each in done.pictures]) == ("complete", [64] * shown)
    assert {each.revised_prompt for each in done.pictures} == {None}


@pytest.mark.parametrize("more", [{}, {"type": "image_generation.completed"}], ids=["untyped", "typed"])
async def test_a_whole_answer_inside_an_event_is_read(more: dict[str, Any]) -> None:
    whole = {"created": 1, "data": [{"b64_json": IN_BASE64, "revised_prompt": "A tall cat"}], **more}

    async def script(reply: Reply) -> None:
        await reply.stream([f"data: {json.dumps(whole)}\n\n".encode(), b"data: [DONE]\n\n"])

    with WireServer(script) as server:
        done, _ = await asked(server, Settings(picture=PictureSettings()), openai=False)
    assert (done.state, done.error) == ("complete", None)
    assert [(each.width, each.partial, each.revised_prompt) for each in done.pictures] == [(64, False, "A tall cat")]


async def test_previews_in_the_form_of_whole_answers_stay_previews() -> None:
    kind = "image_generation.partial_image"
    preview = {"type": kind, "data": [{"b64_json": b64encode(PREVIEW).decode()}]}

    async def script(reply: Reply) -> None:
        await reply.stream([f"data: {json.dumps(preview)}\n\n".encode(), *openai_images.answer(PNG)])

    with WireServer(script) as server:
        done, _ = await asked(server, Settings(picture=PictureSettings()))
    assert (done.state, [(each.width, each.partial) for each in done.pictures]) == ("complete", [(64, False)])


@pytest.mark.parametrize("kind", ["image_edit.partial_image", "image_generation.preview"])
@pytest.mark.parametrize(("rest", "state"), [(openai_images.answer(PNG), "complete"), ([], "incomplete")])
async def test_only_the_event_of_the_end_brings_the_picture(kind: str, rest: list[bytes], state: str) -> None:
    preview = openai_images.event(kind, b64_json=b64encode(PREVIEW).decode(), partial_image_index=0)

    async def script(reply: Reply) -> None:
        await reply.stream([preview, *rest])

    with WireServer(script) as server:
        done, _ = await asked(server, Settings(picture=PictureSettings()))
    assert (done.state, [(each.width, each.partial) for each in done.pictures]) == (
        state, [(64, False) if rest else (16, True)],
    )  # fmt: skip


async def test_a_model_that_was_not_asked_for_is_told() -> None:
    async def script(reply: Reply) -> None:
        await reply.json(openai_images.whole(PNG) | {"model": "flux-1-schnell"})

    with WireServer(script) as server:
        done, _ = await asked(server, Settings(picture=PictureSettings()), openai=False)
    assert (done.response_model, done.flags) == ("flux-1-schnell", ("other_model",))


async def test_the_quality_that_was_chosen_and_a_seed_are_kept_where_they_are_told() -> None:
    async def script(reply: Reply) -> None:
        await reply.json(openai_images.whole(PNG, seed=42) | {"quality": "medium"})

    with WireServer(script) as server:
        done, _ = await asked(server, Settings(picture=PictureSettings()), openai=False)
    assert [(each.seed, each.drawn_with) for each in done.pictures] == [(42, {"quality": "medium"})]


@pytest.mark.parametrize(("name", "listed"), [("openai", 2), ("vllm", 3)])
async def test_openai_lists_those_that_draw_and_another_host_all(name: str, listed: int) -> None:
    async def script(reply: Reply) -> None:
        await reply.json(
            {"object": "list", "data": [{"id": each} for each in ("gpt-6.1-sol", "gpt-image-2", "dall-e-3")]}
        )

    with WireServer(script) as server:
        provider = open_provider(
            drawing(replace(PRESETS[name], base_url=f"{server.url}/v1", key=Secret("sk-planted-0123456789")))
        )
        async with aclosing(provider):
            assert len(await list_models(provider)) == listed


def test_tokens_of_a_picture_have_the_price_of_pictures() -> None:
    """Of models that write nothing but pictures the list's price of output is that of pictures."""
    bill = Bill(
        "openai", "gpt-image-2.5-sunburst", None, Usage(14, 1056), datetime(2026, 11, 20, tzinfo=UTC),
        raw_usage=openai_images.USAGE,
    )  # fmt: skip
    cost = Pricer(PRESETS)(bill)
    assert (cost.kind, cost.amount) == ("amount", (14 * 5 + 1056 * 30) / Decimal(1_000_000))
    assert "image output" in [line.what for line in cost.lines if line.tokens]


def test_models_that_were_shut_down_say_so_and_what_to_use() -> None:
    for name in ("dall-e-2", "dall-e-3", "gpt-image-1"):
        row = find("openai", name)
        assert row is not None
        assert row.status(date(2026, 11, 29)) == "retired"
        assert row.successor is not None
        assert row.successor.text == "gpt-image-2.5-sunburst"


def test_every_name_is_one_that_the_sdk_knows() -> None:
    assert {row.id for row in catalogue("openai", draws=True)} <= set(get_args(ImageModel))
