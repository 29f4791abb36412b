"""The built-in model of pictures: what it reads of a prompt, and what it draws."""

from __future__ import annotations

import io
from decimal import Decimal

import numpy as np
import pytest
from PIL import Image

from providers.builtin.diffusion import SHAPES, frames
from providers.builtin.shapes import MODEL, SIDE, Shapes, shape_in
from providers.completion import Completion, Cost
from providers.config.connections import PRESETS, drawing
from providers.errors import ProviderError
from providers.interface import Request, Settings
from providers.measuring.measure import complete
from providers.pictures import PictureSettings, Shown, Step
from providers.registry import known_models, open_provider

PROVIDER = open_provider(drawing(PRESETS["builtin"]))


def asked(prompt: str = "a circle", **settings: object) -> Request:
    seed = settings.pop("seed", 3)
    return Request.ask(MODEL, prompt, Settings(seed=seed, picture=PictureSettings(**settings)))  # type: ignore[arg-type]


async def drawn(request: Request) -> tuple[Completion, list[object]]:
    seen = list[object]()
    free = Cost("amount", Decimal(0))
    return await complete(PROVIDER, request, price=lambda _: free, on_delta=seen.append), seen


@pytest.mark.parametrize(
    ("prompt", "shape"),
    [
        ("a circle", "circle"), ("Two SQUARES, please", "square"), ("crosses", "cross"), ("a cross", "cross"),
        ("a triangle and a circle", "triangle"), ("a cat", None), ("encircle", None), ("", None),
    ],
)  # fmt: skip
def test_the_first_shape_that_is_named_is_drawn(prompt: str, shape: str | None) -> None:
    assert shape_in(prompt) == shape


@pytest.mark.parametrize("shape", SHAPES)
async def test_the_picture_is_that_of_how_it_works_enlarged_with_crisp_edges(shape) -> None:
    done, seen = await drawn(asked(f"a {shape}", steps=12, guidance=2.0))
    assert done.state == "complete"
    (shown,) = [each for each in seen if isinstance(each, Shown) and not each.picture.partial]
    pixels = np.asarray(Image.open(io.BytesIO(shown.data)).convert("L"))
    assert pixels.shape == (SIDE, SIDE)
    small = frames(shape, seed=3, steps=12, guidance=2.0)[-1]
    scale = SIDE // small.shape[0]
    assert np.array_equal(pixels[::scale, ::scale] > 127, small > 0)
    assert np.array_equal(pixels, pixels[::scale, ::scale].repeat(scale, 0).repeat(scale, 1))


async def test_the_same_seed_draws_the_same_and_a_seed_of_its_own_is_told() -> None:
    (one,), (two,) = [(await drawn(asked(seed=3)))[0].pictures for _ in range(2)]
    assert one == two
    (free,) = (await drawn(asked(seed=None)))[0].pictures
    assert free.seed is not None
    assert (await drawn(asked(seed=free.seed)))[0].pictures == (free,)


async def test_every_step_is_told_and_previews_come_before_the_picture() -> None:
    _, seen = await drawn(asked(steps=20))
    assert [each.done for each in seen if isinstance(each, Step)] == list(range(1, 21))
    assert [each.picture.partial for each in seen if isinstance(each, Shown)][-1] is False


async def test_what_it_read_of_the_prompt_is_said() -> None:
    assert (await drawn(asked("a big circle")))[0].pictures[0].revised_prompt == "a circle"
    told = (await drawn(asked("a cat")))[0].pictures[0].revised_prompt
    assert told is not None
    assert told.startswith("any of")


async def test_a_size_it_can_draw_is_drawn_and_another_is_said() -> None:
    (square,) = (await drawn(asked(width=256, height=256)))[0].pictures
    assert (square.width, square.height) == (256, 256)
    done, _ = await drawn(asked(width=1024, height=512))
    assert [(each.setting, each.sent) for each in done.adjustments] == [("size", "512x512")]
    assert done.pictures[0].width == SIDE


async def test_what_it_has_no_use_for_is_said() -> None:
    said = PROVIDER.adjustments(asked(quality="high", avoid="cats"))
    assert {each.setting for each in said} == {"quality", "negative prompt"}


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"steps": 10_000}, {"guidance": -1.0}, {"guidance": 1000.0}])
async def test_an_impossible_setting_is_refused(wrong) -> None:
    with pytest.raises(ProviderError):
        await PROVIDER.prepare(asked(**wrong))


def test_it_is_offered_for_pictures_only() -> None:
    assert isinstance(PROVIDER, Shapes)
    assert [each.id for each in known_models("builtin", draws=True)] == [MODEL]
    assert MODEL not in [each.id for each in known_models("builtin")]


def test_a_provider_without_pictures_says_so() -> None:
    with pytest.raises(ValueError, match="Anthropic draws no pictures"):
        drawing(PRESETS["anthropic"])
