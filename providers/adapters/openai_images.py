"""The Images API, of OpenAI and of every host with `/v1/images/generations`: writes requests, reads streams.

Owns how a picture is requested and where its bytes are in the answer, streamed or in one piece. Requests one picture.
Addresses instead of bytes are refused: nothing that an answer names is fetched.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, cast

from providers import errors
from providers.adapters.base64_picture import picture_in, written_in
from providers.adapters.openai_client import OpenAIAdapter
from providers.adapters.stop_reasons import meaning
from providers.interface import Adjustment, Delta, Done, ModelInfo, Request
from providers.measuring.usage import Counts, as_raw
from providers.network.additions import Additions
from providers.network.event_lines import EventLines
from providers.pictures import Drawn, PictureSettings, Step

GLIMPSES = 3
"""How many partial pictures are requested: the most OpenAI sends. Each adds tokens to the bill."""
_DRAWING = ("*gpt-image-*", "*dall-e-*", "*flux*", "*stable-diffusion*", "*sdxl*", "*-image*", "*imagen*", "*hidream*")
"""Patterns of model names that draw, for lists that also contain text models."""
_OTHERS = "other_pictures"
"""Our own name for further pictures in an answer sent in one piece."""
_LONGEST = 40  # characters of a word reported by a host
_PARTIAL, _COMPLETED = "image_generation.partial_image", "image_generation.completed"


class OpenAIImages(OpenAIAdapter):
    """Pictures through the Images API.

    Only OpenAI is asked to stream; of other hosts it is not known whether they can.
    """

    canned = b'data: {"type":"image_generation.completed","b64_json":"AA==","created_at":0}\n\n'

    def lines(self) -> EventLines:
        """See `SdkAdapter.lines`: a picture sent in one piece is read like a stream with one event."""
        return EventLines(whole=_as_events, names=None)

    def additions(self) -> Additions:
        """See `SdkAdapter.additions`. The fields for streaming are sent to OpenAI only."""
        added = super().additions()
        return added if self.at_openai else replace(added, without=(*added.without, "stream", "partial_images"))

    def changes(self, request: Request) -> tuple[Adjustment, ...]:
        """Settings without a field in this format; hosts of diffusion models accept more than OpenAI."""
        return tuple(self._changes(request))

    def _changes(self, request: Request) -> Iterator[Adjustment]:
        settings, asked = request.settings, request.settings.picture or PictureSettings()
        if settings.system is not None:
            yield Adjustment("system", "the Images API takes only a prompt")
        if any(message.attachments for message in request.messages):
            yield Adjustment("attachments", "only the prompt is sent")
        if not self.at_openai:
            if asked.sampler is not None:
                yield Adjustment("sampler", "the Images API has no such field")
            return
        for name, value in (
            ("seed", settings.seed), ("steps", asked.steps), ("guidance", asked.guidance),
            ("sampler", asked.sampler), ("negative prompt", asked.avoid),
        ):  # fmt: skip
            if value is not None:
                yield Adjustment(name, "OpenAI's Images API has no such field")

    def arguments(self, request: Request) -> dict[str, Any]:
        """See `SdkAdapter.arguments`."""
        settings, asked = request.settings, request.settings.picture or PictureSettings()
        wanted: dict[str, Any] = {"size": asked.size, "quality": asked.quality}
        always: dict[str, Any] = {"model": request.model, "prompt": request.messages[-1].text, "n": 1, "stream": True}
        if self.at_openai:
            wanted["partial_images"] = GLIMPSES
        else:
            wanted["response_format"] = "b64_json"
            more = {
                "seed": settings.seed, "steps": asked.steps, "cfg_scale": asked.guidance,
                "negative_prompt": asked.avoid,
            }  # fmt: skip
            wanted["extra_body"] = {name: value for name, value in more.items() if value is not None} or None
        return always | {name: value for name, value in wanted.items() if value is not None}

    async def read(self, client: Any, arguments: dict[str, Any]) -> AsyncGenerator[Delta | Drawn | Step | Done]:
        """See `SdkAdapter.read`. The picture itself proves the end."""
        async with await client.images.generate(**arguments) as events:
            async for event in events:
                told = getattr(event, "b64_json", None)
                if not told and getattr(event, "type", None) not in (_PARTIAL, _COMPLETED):
                    continue  # not part of the picture, and possibly an event newer than this code
                partial, filtered = event.type == _PARTIAL, _filtered(event)
                if not told and not filtered:
                    # It may have been drawn, and so may be charged.
                    raise errors.ProviderError(errors.failure("protocol", _no_picture(event), retry="ask"))
                for each in (told, *getattr(event, _OTHERS, ())) if told else ():
                    yield Drawn(
                        picture_in(each), partial, _number(event, "seed"), getattr(event, "revised_prompt", None),
                        _drawn_with(event),
                    )  # fmt: skip
                if not partial:
                    yield _done(event, filtered)
                    return

    async def models(self) -> tuple[ModelInfo, ...]:
        """The live list: for a vendor only models whose names say that they draw, for the user's own server all."""
        listed = await super().models()
        if self.local:
            return listed
        return tuple(each for each in listed if any(fnmatchcase(each.id.lower(), pattern) for pattern in _DRAWING))


def _done(event: Any, filtered: str | None) -> Done:
    usage = getattr(event, "usage", None)
    counts = Counts(usage)
    told = counts.usage(input_tokens=counts("input_tokens"), output_tokens=counts("output_tokens"))
    stop, reason = ("filter", filtered) if filtered else ("stop", "completed")
    return Done(stop, reason, told, as_raw(usage) or None, flags=counts.flags)


def _filtered(event: Any) -> str | None:
    """The word by which a host says, with or instead of a picture, that its content filter was triggered."""
    if getattr(event, "respect_moderation", True) is False:
        return "respect_moderation: false"  # xAI's
    reason = getattr(event, "finish_reason", None)
    return reason if isinstance(reason, str) and meaning(reason) == "filter" else None


def _drawn_with(event: Any) -> Mapping[str, str]:
    """The quality that was chosen if none was requested, as the cost depends on it."""
    quality = getattr(event, "quality", None)
    return {"quality": quality[:_LONGEST]} if isinstance(quality, str) and quality else {}


def _number(event: Any, name: str) -> int | None:
    value = getattr(event, name, None)
    return value if type(value) is int and value >= 0 else None


def _no_picture(event: Any) -> str:
    if getattr(event, "url", None):
        return (
            "the host answered with the address of a picture in place of the picture, though it was asked for "
            "b64_json; Collate fetches no address that an answer names"
        )
    return "the answer contains no picture"


def _as_events(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """An answer in one piece, converted to the events that would have said the same; events are left as they are.

    If a host draws more than was requested, all pictures are shown; addresses are ignored.
    """
    data = document.get("data")
    if not isinstance(data, list):
        yield document
        return
    pictures = [cast(Mapping[str, object], each) for each in cast(list[object], data) if isinstance(each, Mapping)]
    here = [each for each in pictures if written_in(each)] or pictures[:1]
    first: Mapping[str, object] = here[0] if here else {}
    told = {"b64_json": written_in(first), _OTHERS: [written_in(each) for each in here[1:]], "type": _COMPLETED}
    yield {**{name: value for name, value in document.items() if name != "data"}, **first, **told}
