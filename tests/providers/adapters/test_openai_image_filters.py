"""What a filter withheld, replaced or only labelled, in the words of OpenAI and of other hosts of its Images API."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from providers.interface import Settings
from providers.pictures import PictureSettings
from tests.pictures import picture, plain
from tests.providers.adapters.openai_images_adapter import asked, own_host  # noqa: F401 -- a fixture
from tests.wire.openai_chat import error_body
from tests.wire.server import Reply, WireServer

IN_BASE64 = b64encode(picture("PNG", (64, 48))).decode()


@pytest.mark.parametrize("told", [{}, {"b64_json": ""}, {"b64_json": IN_BASE64}])
@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ({"finish_reason": "CONTENT_FILTERED"}, "CONTENT_FILTERED"),
        ({"respect_moderation": False}, "respect_moderation: false"),
        (
            {"content_filter_results": {"hate": {"filtered": False}, "sexual": {"filtered": True}}},
            "content_filter: sexual",
        ),
    ],
    ids=["Stability AI", "xAI", "Azure"],
)
async def test_a_filter_that_is_told_beside_a_picture_or_in_place_of_it_is_one(
    told: dict[str, Any], word: dict[str, Any], reason: str
) -> None:
    async def script(reply: Reply) -> None:
        await reply.json({"created": 1, "data": [{**told, **word}]})

    with WireServer(script) as server:
        done, _ = await asked(server, Settings(picture=PictureSettings()), openai=False)
    assert (done.state, done.stop_reason, done.error) == ("filtered", reason, None)
    assert len(done.pictures) == (1 if told.get("b64_json") else 0), "one that was made unclear is kept as it came"


LABELS = [
    ({"nsfw": True}, "nsfw: true"), ({"has_nsfw_concepts": [True]}, "has_nsfw_concepts: true"),
    ({"nsfw_content_detected": [False, True]}, "nsfw_content_detected: true"),
]  # fmt: skip
BLACK = {kind: plain(kind, (64, 48)) for kind in ("PNG", "JPEG")}


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({}, "filtered"), ({"b64_json": b64encode(BLACK["PNG"]).decode()}, "filtered"),
        ({"b64_json": b64encode(BLACK["JPEG"]).decode()}, "filtered"), ({"b64_json": IN_BASE64}, "complete"),
    ],
    ids=["no picture", "a black PNG", "a black JPEG", "the picture, labelled"],
)  # fmt: skip
@pytest.mark.parametrize(("word", "reason"), LABELS, ids=["nsfw", "fal", "DeepInfra"])
async def test_a_label_beside_a_picture_that_was_delivered_is_no_filter(
    told: dict[str, Any], state: str, word: dict[str, Any], reason: str
) -> None:
    """The safety checkers of diffusion models make a picture black, or only say what they think of it."""

    async def script(reply: Reply) -> None:
        await reply.json({"created": 1, "data": [{**told, **word}]})

    with WireServer(script) as server:
        done, _ = await asked(server, Settings(picture=PictureSettings()), openai=False)
    assert (done.state, done.stop_reason, done.error) == (state, reason, None)
    assert len(done.pictures) == (1 if told else 0)


@pytest.mark.parametrize("code", ["moderation_blocked", "content_policy_violation"])
async def test_what_the_vendor_filters_is_filtered_in_its_words(code: str) -> None:
    async def script(reply: Reply) -> None:
        await reply.body(error_body("Your request was rejected by the safety system.", code=code), 400)

    with WireServer(script) as server:
        done, _ = await asked(server, Settings(picture=PictureSettings()))
    assert done.state == "filtered"
    assert done.error is not None
    assert "safety system" in done.error.message
