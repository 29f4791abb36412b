"""The built-in provider of pictures: `shapes`, the exact diffusion model of four shapes in `diffusion.py`.

Owns how a prompt is read, what cannot be drawn, and the stream: one picture per step, as soon as it is computed. It is
a real diffusion model but a toy: it knows only a few pictures, 16 pixels wide, which are shown enlarged.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncGenerator, Iterator, Mapping
from importlib.metadata import version
from random import SystemRandom

from providers import errors
from providers.builtin import diffusion
from providers.builtin.diffusion import SHAPES, SIZE, Shape
from providers.config.connections import Connection
from providers.interface import Adjustment, Condition, Delta, Done, ModelInfo, Request
from providers.pictures import Drawn, PictureSettings, Step

MODEL = "shapes"
LABEL = "built-in shapes: a toy diffusion model that draws four shapes"
STEPS, MOST_STEPS = 12, 200
GUIDANCE = 2.0
SIDE, MOST_SIDE = 512, 2048
_PREVIEWS = 4
_LARGEST_SEED = 2**31


class Shapes:
    """Implements `Provider`, for pictures."""

    thinking_tags = False
    local = True

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.name, self.endpoint, self.deadlines = connection.name, connection.endpoint, connection.deadlines

    def versions(self) -> Mapping[str, str]:
        """The versions of Python and NumPy; a seed stands for NumPy's noise."""
        return {"python": "{}.{}.{}".format(*sys.version_info), "numpy": version("numpy")}

    def adjustments(self, request: Request) -> tuple[Adjustment, ...]:
        """See `Provider.adjustments`."""
        return tuple(_adjustments(request))

    async def warm(self) -> None:
        """Does nothing: it is ready once imported."""

    async def prepare(self, request: Request) -> tuple[Condition, ...]:
        """Raises `not_found`, or `bad_request` for an impossible setting."""
        if request.model != MODEL:
            raise errors.error("not_found", f"{request.model} draws no pictures; there is {MODEL}")
        asked = request.settings.picture or PictureSettings()
        if asked.steps is not None and not 1 <= asked.steps <= MOST_STEPS:
            raise _refused("steps", f"must be between 1 and {MOST_STEPS}")
        if asked.guidance is not None and not 0 <= asked.guidance <= 100:
            raise _refused("guidance", "must be between 0 and 100")
        return ()

    async def learn(self, request: Request, done: Done) -> Done:
        """See `Provider.learn`."""
        return done

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Drawn | Step | Done]:
        """See `Provider.stream`. Yields to the event loop after every step."""
        asked = request.settings.picture or PictureSettings()
        seed = SystemRandom().randrange(_LARGEST_SEED) if request.settings.seed is None else request.settings.seed
        steps, shape = asked.steps or STEPS, shape_in(request.messages[-1].text)
        guidance = GUIDANCE if asked.guidance is None else asked.guidance
        scale, told = _side(asked) // SIZE, f"a {shape}" if shape else f"any of: {', '.join(SHAPES)}"
        with_ = {"steps": str(steps), "guidance": f"{guidance:g}"}
        previews = {round(steps * part / (_PREVIEWS + 1)) for part in range(1, _PREVIEWS + 1)} - {0, steps}
        pictures = diffusion.drawn(shape, seed=abs(seed), steps=steps, guidance=guidance)
        for number, picture in enumerate(pictures):
            if number:
                yield Step(number, steps)
            if number in previews or number == steps:
                yield Drawn(diffusion.as_png(picture, scale), number < steps, seed, told, with_)
            await asyncio.sleep(0)
        yield Done("stop", "end", response_model=MODEL)

    async def models(self) -> tuple[ModelInfo, ...]:
        """The only model; no network is needed."""
        return (ModelInfo(MODEL, LABEL),)

    async def aclose(self) -> None:
        """Does nothing, as nothing is open."""


def shape_in(prompt: str) -> Shape | None:
    """The first shape named in a prompt; `None` if it names none, so that any may be drawn."""
    words = (word.removesuffix("s") for word in re.findall("[a-z]+", prompt.lower()))
    known: dict[str, Shape] = {**{shape: shape for shape in SHAPES}, "cros": "cross", "crosse": "cross"}
    return next((known[word] for word in words if word in known), None)


def _side(asked: PictureSettings) -> int:
    """The side in pixels of the shown square:
    as requested if that is a square and a multiple of `SIZE` up to `MOST_SIDE`, else `SIDE`."""
    fits = asked.width == asked.height and asked.width and asked.width % SIZE == 0 and asked.width <= MOST_SIDE
    return asked.width if fits and asked.width else SIDE


def _adjustments(request: Request) -> Iterator[Adjustment]:
    settings, asked = request.settings, request.settings.picture or PictureSettings()
    if asked.size is not None and asked.width != _side(asked):
        yield Adjustment("size", f"drawn as a square of {SIZE} × {SIZE} dots and enlarged", f"{SIDE}x{SIDE}")
    if asked.quality is not None:
        yield Adjustment("quality", "the built-in model has one quality")
    if asked.sampler is not None:
        yield Adjustment("sampler", "the built-in model has one way from noise to picture")
    if asked.avoid is not None:
        yield Adjustment("negative prompt", "the built-in model reads one word, the first shape that is named")
    if settings.system is not None:
        yield Adjustment("system", "the built-in model reads one word, the first shape that is named")
    if any(message.attachments for message in request.messages):
        yield Adjustment("attachments", "the built-in model reads text only")


def _refused(parameter: str, rule: str) -> errors.ProviderError:
    return errors.ProviderError(errors.failure("bad_request", f"{parameter} {rule}", parameter=parameter))
