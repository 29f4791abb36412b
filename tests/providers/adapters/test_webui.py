"""Pictures through the WebUI's API: what is sent, what is read back, what is asked beside it, and its stop."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from providers.adapters import webui_beside
from providers.completion import Completion
from providers.config.connections import PRESETS, drawing
from providers.errors import Kind, ProviderError
from providers.files.remade import with_words
from providers.interface import Request, Settings
from providers.measuring.measure import complete
from providers.pictures import PictureSettings, Shown, Step
from providers.registry import list_models
from providers.secrets import Secret
from tests.contract.asking import in_json, opened, unpriced
from tests.patience import PATIENCE_S
from tests.pictures import picture
from tests.wire import webui
from tests.wire.server import Reply, Script, WireServer

PNG, PREVIEW = picture("PNG", (64, 48)), picture("PNG", (16, 12))
PLAIN = Settings(picture=PictureSettings())
FULL = Settings(seed=7, picture=PictureSettings(768, 512, "high", 30, 5.5, "dogs", "DPM++ 2M"))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webui_beside, "EVERY_S", 0.0)


def served(draw: Script, progress: Script | None = None, models: Any = webui.MODELS) -> WireServer:
    server = WireServer()
    server.routes[webui.DRAW] = draw
    server.routes[webui.PROGRESS] = progress or in_json(webui.progress())
    server.routes[webui.INTERRUPT] = in_json({})
    if models is not None:
        server.routes[webui.LISTING] = in_json(models)
    return server


async def asked(
    server: WireServer, settings: Settings = PLAIN, *, model: str = webui.MODEL, key: str | None = None,
    told: Callable[[object], None] = lambda _: None,
) -> Completion:  # fmt: skip
    host = replace(PRESETS["webui"], base_url=server.url, key=Secret(key) if key else None)
    async with opened(drawing(host)) as provider:
        return await complete(provider, Request.ask(model, "A cat.", settings), price=unpriced, on_delta=told)


async def test_a_picture_comes_with_its_seed_and_the_settings_it_was_drawn_with() -> None:
    with served(in_json(webui.answer(PNG))) as server:
        done = await asked(server)
    assert (done.state, done.error, done.flags) == ("complete", None, ())
    (found,) = done.pictures
    assert (found.width, found.height, found.seed) == (64, 48, 3735928559)
    assert found.drawn_with == {
        "steps": "20", "guidance": "7.0", "sampler": "Euler a", "schedule": "Karras", "version": "v1.10.1",
    }  # fmt: skip
    assert (done.response_model, done.fingerprint) == (webui.MODEL, {"digest": webui.HASH})


async def test_what_is_set_is_sent_by_the_names_of_the_api_and_the_rest_is_left_out() -> None:
    with served(in_json(webui.answer(PNG))) as server:
        full, _ = await asked(server, FULL), await asked(server)
        first, second = (call.json for call in server.calls(webui.DRAW))
    model = {"sd_model_checkpoint": webui.MODEL}
    assert first == {
        "prompt": "A cat.", "override_settings": model, "negative_prompt": "dogs", "width": 768, "height": 512,
        "steps": 30, "cfg_scale": 5.5, "sampler_name": "DPM++ 2M", "seed": 7,
    }  # fmt: skip
    assert second == {"prompt": "A cat.", "override_settings": model}
    assert [each.setting for each in full.adjustments] == ["quality"]


@pytest.mark.parametrize(
    "name",
    ["sd_xl_base_1.0", "sd_xl_base_1.0.safetensors", "sd_xl_base_1.0.safetensors [31e35c80fc]", "31e35c80fc",
     "flux/flux1-schnell.safetensors", "flux_flux1-schnell", "flux1-schnell"],
)  # fmt: skip
async def test_a_checkpoint_is_known_by_each_of_its_names(name: str) -> None:
    told = {"sd_model_name": "flux1-schnell", "sd_model_hash": None} if "flux" in name else {}
    with served(in_json(webui.answer(PNG, **told))) as server:
        done = await asked(server, model=name)
    assert (done.state, done.flags) == ("complete", ())


async def test_a_model_that_is_not_installed_is_not_drawn_with_another() -> None:
    with served(in_json(webui.answer(PNG))) as server:
        done = await asked(server, model="sd_xl_turbo")
        assert server.calls(webui.DRAW) == []
    assert done.error is not None
    assert (done.state, done.error.kind) == ("failed", "not_found")


async def test_a_model_that_was_not_asked_for_is_told() -> None:
    with served(in_json(webui.answer(PNG, sd_model_name="dreamshaper_8")), models=None) as server:
        done = await asked(server)
    assert (done.response_model, done.flags) == ("dreamshaper_8", ("other_model",))


async def test_stable_diffusion_cpp_answers_without_progress() -> None:
    with served(in_json(webui.of_sdcpp(PNG))) as server:
        del server.routes[webui.PROGRESS]
        done = await asked(server)
    assert (done.state, done.pictures[0].seed, done.flags) == ("complete", 42, ())


async def test_what_stable_diffusion_cpp_does_not_answer_is_read_from_its_file_and_compared() -> None:
    file = with_words(PNG, {"parameters": webui.in_file_of_sdcpp(seed=42)})
    with served(in_json(webui.of_sdcpp(file, told=False))) as server:
        plain, full = await asked(server), await asked(server, FULL)
    assert (plain.pictures[0].seed, plain.pictures[0].drawn_with["steps"], plain.flags) == (42, "20", ())
    assert full.flags == ("drawn_otherwise",)


async def test_a_grid_before_the_picture_is_not_the_picture() -> None:
    document = webui.answer(PNG, index_of_first_image=1)
    document["images"].insert(0, webui.answer(PREVIEW)["images"][0])
    with served(in_json(document)) as server:
        done = await asked(server)
    assert [each.width for each in done.pictures] == [64]


@pytest.mark.parametrize("info", [None, '{"seed": 1,', "[1]", {}], ids=["none", "broken", "no object", "nothing told"])
async def test_where_it_is_not_told_which_of_several_is_the_picture_all_are_shown(info: object) -> None:
    document = webui.answer(PNG) | {"info": info, "parameters": None}
    document["images"] = [b64encode(PREVIEW).decode(), *document["images"]]
    with served(in_json(document)) as server:
        done = await asked(server)
    assert (done.state, [each.width for each in done.pictures]) == ("complete", [16, 64])
    assert {each.seed for each in done.pictures} == {None}


@pytest.mark.parametrize("told", [True, float("nan"), float("inf"), None, ["20"], {}])
async def test_a_setting_that_is_none_is_not_told_as_one(told: object) -> None:
    with served(in_json(webui.answer(PNG, steps=told, cfg_scale=told))) as server:
        done = await asked(server)
    assert set(done.pictures[0].drawn_with) == {"sampler", "schedule", "version"}


def drawing_until(looks: int, busy: Script, *, idle_before: bool = True) -> tuple[Script, Script]:
    """A picture that is done once its progress was looked at so often, and what is then told of it."""
    begun, looked, seen = asyncio.Event(), asyncio.Event(), [0]

    async def draw(reply: Reply) -> None:
        begun.set()
        async with asyncio.timeout(PATIENCE_S):
            await looked.wait()
        begun.clear()
        await reply.json(webui.answer(PNG))

    async def progress(reply: Reply) -> None:
        if begun.is_set() or not idle_before:
            await busy(reply)
            seen[0] += begun.is_set()
            if seen[0] >= looks:
                looked.set()
        else:
            await reply.json(webui.progress())

    return draw, progress


async def test_steps_and_previews_are_told_while_it_draws_and_no_rate_is_made_of_them() -> None:
    told: list[object] = []
    draw, progress = drawing_until(3, in_json(webui.progress("scripts_txt2img", 8, 20, PREVIEW)))
    with served(draw, progress) as server:
        done = await asked(server, told=told.append)
    assert done.state == "complete"
    assert [each for each in told if isinstance(each, Step)] == [Step(8, 20, late=True)]
    shown = [each.picture.partial for each in told if isinstance(each, Shown)]
    assert shown == [True, False]  # the same preview again is no news
    assert done.timings.steps_per_s is None


async def test_the_progress_of_somebody_elses_picture_is_not_shown_and_theirs_not_stopped() -> None:
    told: list[object] = []
    busy = webui.progress("scripts_txt2img", 8, 20, PREVIEW)
    with served(in_json(webui.answer(PNG)), in_json(busy)) as server:
        done = await asked(server, told=told.append)
        assert len(server.calls(webui.PROGRESS)) == 1
    assert done.state == "complete"
    assert [each for each in told if isinstance(each, Step)] == []


@pytest.mark.parametrize("alone", [True, False])
async def test_a_stop_reaches_the_server_where_the_picture_is_surely_ours(alone: bool) -> None:
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def draw(reply: Reply) -> None:
        loop.call_soon_threadsafe(arrived.set)
        await reply.stall()

    busy = in_json(webui.progress("scripts_txt2img", 1, 20))
    with served(draw, None if alone else busy) as server:
        task = asyncio.create_task(asked(server))
        await arrived.wait()
        task.cancel()
        done = await task
        assert len(server.calls(webui.INTERRUPT)) == int(alone)
    assert done.state == "cancelled"


async def test_a_question_that_is_called_off_before_it_is_put_leaves_nothing_behind() -> None:
    async def get(_: str) -> object:
        raise AssertionError("it is not put")

    client: Any = SimpleNamespace(get=get)
    asked = asyncio.create_task(webui_beside.Beside(client).progress())
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked


async def test_a_picture_that_somebody_interrupted_there_is_not_whole() -> None:
    last = webui.progress(interrupted=True)
    answers = iter((webui.progress(), last, last))

    async def progress(reply: Reply) -> None:
        await reply.json(next(answers, last))

    with served(in_json(webui.answer(PNG)), progress) as server:
        done = await asked(server)
    assert (done.state, done.stop_reason, len(done.pictures)) == ("incomplete", "interrupted", 1)


REFUSED = [
    (404, webui.error("HTTPException", "Sampler not found"), "bad_request", "Sampler not found"),
    (404, {"detail": "Sampler not found"}, "bad_request", "Sampler not found"),
    (401, webui.error("HTTPException", "Incorrect username or password"), "auth", "Incorrect username or password"),
    (500, webui.error("OutOfMemoryError", "", "CUDA out of memory. Tried to allocate 2.00 GiB."), "server",
     "CUDA out of memory. Tried to allocate 2.00 GiB."),
    (500, "'NoneType' object is not iterable", "server", "'NoneType' object is not iterable"),
    (422, {"detail": [{"loc": ["body", "steps"], "msg": "value is not a valid integer", "type": "type_error"}]},
     "bad_request", "steps: value is not a valid integer"),
    (400, {"error": "invalid params"}, "bad_request", "invalid params"),
    (500, {"error": "server_error", "message": "[json.exception.type_error.302] type must be number"}, "server",
     "[json.exception.type_error.302] type must be number"),
    (500, {"error": "generate_image returned no results"}, "server", "generate_image returned no results"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "document", "kind", "said"), REFUSED, ids=[f"{r[0]} {r[3]}"[:40] for r in REFUSED])
async def test_what_these_servers_refuse_is_told_in_their_words(
    status: int, document: Any, kind: Kind, said: str
) -> None:
    async def draw(reply: Reply) -> None:
        await reply.json(document, status)

    with served(draw) as server:
        done = await asked(server)
    assert done.error is not None
    assert (done.state, done.error.kind) == ("failed", kind)
    assert done.error.message in (said, f"HTTP {status}: {said}")


async def test_an_error_inside_success_is_a_failure() -> None:
    with served(in_json(webui.error("RuntimeError", "", "mat1 and mat2 must have the same dtype"))) as server:
        done = await asked(server)
    assert done.error is not None
    assert (done.state, done.error.message) == ("failed", "mat1 and mat2 must have the same dtype")


async def test_a_login_goes_as_http_basic() -> None:
    with served(in_json(webui.answer(PNG))) as server:
        await asked(server, key="ada:open-sesame-5")
    assert {each.headers["authorization"] for each in server.requests} == {"Basic YWRhOm9wZW4tc2VzYW1lLTU="}


async def test_text_is_refused_before_anything_is_sent() -> None:
    with served(in_json(webui.answer(PNG))) as server:
        done = await asked(server, Settings())
        assert server.requests == []
    assert done.error is not None
    assert done.error.kind == "bad_request"


async def test_its_checkpoints_are_listed() -> None:
    with served(in_json({})) as server:
        async with opened(drawing(replace(PRESETS["webui"], base_url=server.url))) as provider:
            listed = await list_models(provider)
            server.routes[webui.LISTING] = in_json({"detail": "Not Found"})
            with pytest.raises(ProviderError, match="not a list"):
                await list_models(provider)
    assert [(each.id, each.label) for each in listed] == [
        (webui.MODEL, "sd_xl_base_1.0.safetensors [31e35c80fc]"),
        ("flux_flux1-schnell", "flux/flux1-schnell.safetensors"),
    ]
