"""Pictures by Ollama: what is sent, its steps, what is offered, and a server that has given them up."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from providers.completion import Completion
from providers.config.connections import PRESETS, drawing
from providers.interface import Request, Settings
from providers.measuring.measure import complete
from providers.pictures import PictureSettings, Step
from providers.registry import list_models
from tests.contract.asking import in_json, opened, unpriced
from tests.pictures import picture
from tests.wire import ollama, ollama_images
from tests.wire.server import Reply, Script, WireServer

PNG = picture("PNG", (64, 48))
FULL = Settings(seed=7, picture=PictureSettings(768, 512, "high", 9, 5.5, "dogs", "Euler"))


async def asked(script: Script, settings: Settings = FULL) -> tuple[Completion, Any, list[object]]:
    told: list[object] = []
    with WireServer() as server:
        server.routes[ollama_images.PATH] = script
        async with opened(drawing(replace(PRESETS["ollama"], base_url=server.url))) as provider:
            request = Request.ask(ollama_images.MODEL, "A cat.", settings)
            done = await complete(provider, request, price=unpriced, on_delta=told.append)
        (call,) = server.calls(ollama_images.PATH)
    return done, call.json, told


async def streaming(reply: Reply) -> None:
    await reply.stream(ollama_images.answer(PNG), content_type=ollama.TYPE)


async def test_steps_and_then_the_picture_come_with_the_servers_times() -> None:
    done, _, told = await asked(streaming)
    assert (done.state, done.error, done.flags, done.stop_reason) == ("complete", None, (), "stop")
    assert [each for each in told if isinstance(each, Step)] == [Step(1, 3), Step(2, 3), Step(3, 3)]
    assert (done.pictures[0].width, done.usage) == (64, None)
    assert done.server_timings is not None
    assert (done.server_timings.total_s, done.server_timings.load_s) == (15.0, 2.0)
    assert done.conditions.count("cold_load") == 1


@pytest.mark.parametrize(
    ("odd", "shown"),
    [({"completed": 1.5}, []), ({"completed": -3}, []), ({"completed": 9}, []), ({"completed": 2.0}, [Step(2, 4)]),
     ({"total": "many"}, []), ({"total_duration": 1.5}, [Step(2, 4)])],
    ids=str,
)  # fmt: skip
async def test_odd_counts_and_steps_cost_no_picture(odd: dict[str, Any], shown: list[Step]) -> None:
    async def script(reply: Reply) -> None:
        step = json.loads(ollama_images.step(2, 4)) | odd
        await reply.stream([ollama.line(step), ollama_images.end(PNG)], content_type=ollama.TYPE)

    done, _, told = await asked(script)
    assert (done.state, len(done.pictures)) == ("complete", 1)
    assert [each for each in told if isinstance(each, Step)] == shown


async def test_size_steps_and_seed_are_sent_and_the_rest_is_said() -> None:
    done, body, _ = await asked(streaming)
    assert body == {
        "model": ollama_images.MODEL, "prompt": "A cat.", "stream": True, "width": 768, "height": 512,
        "steps": 9, "options": {"seed": 7},
    }  # fmt: skip
    assert [each.setting for each in done.adjustments] == ["quality", "guidance", "sampler", "negative prompt"]


async def test_what_is_not_set_is_not_sent() -> None:
    _, body, _ = await asked(streaming, Settings(picture=PictureSettings()))
    assert body == {"model": ollama_images.MODEL, "prompt": "A cat.", "stream": True}


async def test_a_server_that_draws_no_longer_says_so() -> None:
    async def script(reply: Reply) -> None:
        await reply.json(ollama.error("image generation models are not currently supported"), 400)

    done, _, _ = await asked(script)
    assert done.error is not None
    assert (done.state, done.error.kind) == ("failed", "bad_request")
    assert done.error.message == "image generation models are not currently supported"


async def test_a_failure_behind_steps_keeps_that_it_had_begun() -> None:
    async def script(reply: Reply) -> None:
        lines = [ollama_images.step(1), ollama.line(ollama.error("mlx runner failed: out of memory"))]
        await reply.stream(lines, content_type=ollama.TYPE)

    done, _, _ = await asked(script)
    assert done.error is not None
    assert (done.state, done.error.kind, done.error.message) == ("failed", "server", "mlx runner failed: out of memory")


@pytest.mark.parametrize(("capabilities", "listed"), [(["image"], 1), (["completion", "vision"], 0), ([], 0)])
async def test_only_what_says_that_it_draws_is_offered(capabilities: list[str], listed: int) -> None:
    with WireServer() as server:
        server.routes["/api/tags"] = in_json(ollama.tags(ollama_images.MODEL))
        server.routes["/api/show"] = in_json(ollama.SHOW | {"capabilities": capabilities})
        server.routes["/api/ps"] = in_json(ollama.ps())
        async with opened(drawing(replace(PRESETS["ollama"], base_url=server.url))) as provider:
            assert len(await list_models(provider)) == listed
