"""Gemini models that draw: `generate_content` asked for a picture, and the pictures in its stream.

Owns Google's aspect ratios and sizes. Text beside the picture is the answer's text; a picture among its thoughts is a
preview. Everything else is in `google.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import log
from typing import Any

from providers import errors
from providers.adapters.base64_picture import picture_in, preview_in
from providers.adapters.google import Google
from providers.adapters.google_answer import Answer
from providers.adapters.plain_events import mapping
from providers.catalogue.picture_prices import google_size
from providers.interface import Adjustment, Delta, Done, ModelInfo, Request
from providers.pictures import Drawn, PictureSettings

_SHAPES: Mapping[str, float] = {
    "1:1": 1.0, "2:3": 2 / 3, "3:2": 3 / 2, "3:4": 3 / 4, "4:3": 4 / 3, "9:16": 9 / 16, "16:9": 16 / 9, "21:9": 21 / 9,
}  # fmt: skip


_AT_AN_ADDRESS = (
    "the host answered with the address of a file in place of a picture; Collate fetches no address that an answer "
    "names"
)


class PictureAnswer(Answer):
    """One answer of text and pictures while its chunks arrive."""

    def __init__(self) -> None:
        super().__init__()
        self._wrote = self._drew = False

    def part(self, part: Mapping[str, object]) -> Iterator[Delta | Drawn]:
        """See `Answer.part`. Pictures arrive in base64."""
        yield from super().part(part)
        self._wrote |= bool(part.get("text")) and not part.get("thought")
        if data := mapping(part.get("inlineData")).get("data"):
            self.picture_came()
            thought = bool(part.get("thought"))
            self._drew |= not thought
            yield Drawn(preview_in(data) if thought else picture_in(data), partial=thought)
        elif mapping(part.get("fileData")):
            raise errors.ProviderError(errors.failure("protocol", _AT_AN_ADDRESS, retry="ask"))

    def told(self) -> Done | None:
        """See `Answer.told`. If Google says that there is no picture, what it wrote in its place is not the answer."""
        done = super().told()
        if done is None or done.stop_reason != "NO_IMAGE" or self._drew or not self._wrote:
            return done
        return replace(done, stop="pause")


class GoogleImages(Google):
    """Adapter for pictures from the Gemini API."""

    def new_answer(self) -> PictureAnswer:
        """See `Google.new_answer`."""
        return PictureAnswer()

    def arguments(self, request: Request) -> dict[str, Any]:
        """See `SdkAdapter.arguments`."""
        arguments = super().arguments(request)
        config, asked = arguments["body"]["generationConfig"], request.settings.picture or PictureSettings()
        config["responseModalities"] = ["TEXT", "IMAGE"]
        if asked.width and asked.height:
            config["imageConfig"] = {
                "aspectRatio": _shape(asked.width, asked.height), "imageSize": google_size(asked),
            }  # fmt: skip
        return arguments

    def changes(self, request: Request) -> tuple[Adjustment, ...]:
        """See `SdkAdapter.changes`."""
        asked = request.settings.picture or PictureSettings()
        said = [
            Adjustment(name, "Gemini's pictures have no such setting")
            for name, value in (
                ("quality", asked.quality), ("steps", asked.steps), ("guidance", asked.guidance),
                ("sampler", asked.sampler), ("negative prompt", asked.avoid),
            )
            if value is not None
        ]  # fmt: skip
        if asked.width and asked.height:
            sent = f"{_shape(asked.width, asked.height)}, {google_size(asked)}"
            said.append(Adjustment("size", "Gemini has its own aspect ratios and sizes", sent))
        return (*super().changes(request), *said)

    async def models(self) -> tuple[ModelInfo, ...]:
        """Models whose names say that they draw."""
        return tuple(each for each in await super().models() if "image" in each.id or "banana" in each.id)


def _shape(width: int, height: int) -> str:
    """The nearest of the aspect ratios that Google accepts."""
    return min(_SHAPES, key=lambda name: abs(log(_SHAPES[name] * height / width)))
