"""The Images API, of OpenAI and of every host with `/v1/images/generations`: writes requests, reads streams.

Owns how a picture is requested and where its bytes are in the answer, streamed or in one piece. Requests one picture.
Addresses instead of bytes are refused: nothing that an answer names is fetched.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from types import SimpleNamespace
from typing import Any, cast

from providers import errors
from providers.adapters.base64_picture import picture_in, preview_in, written_in
from providers.adapters.openai_client import OpenAIAdapter
from providers.adapters.plain_events import mapping, word
from providers.adapters.stop_reasons import meaning
from providers.files.bare_picture import DamagedError
from providers.files.pictures import TooManyPixelsError
from providers.files.small_pictures import is_plain
from providers.interface import Adjustment, Delta, Done, ModelInfo, Request
from providers.measuring.usage import Counts, as_raw
from providers.network.additions import Additions
from providers.network.event_lines import EventLines
from providers.pictures import Drawn, PictureSettings, Step

PREVIEWS = 3
"""How many partial pictures are requested: the most OpenAI sends. Each adds tokens to the bill."""
_DRAWING = ("*gpt-image-*", "*dall-e-*", "*flux*", "*stable-diffusion*", "*sdxl*", "*-image*", "*imagen*", "*hidream*")
"""Patterns of model names that draw, for lists that also contain text models."""
_LABELS = ("nsfw", "has_nsfw_concepts", "nsfw_content_detected")
"""What hosts of diffusion models say of a picture that their safety checker objects to. Some then send a black one,
others only say so: the picture itself tells which."""
_OTHERS = "other_pictures"
"""Our own name for further pictures in an answer sent in one piece."""
_SAID = "said_instead"
"""Our own name for what an answer without any picture says."""
_LONGEST = 40  # characters of a word reported by a host
_COMPLETED = "image_generation.completed"
_ENDS = (None, _COMPLETED, "image_edit.completed")
"""The events that bring the picture itself; what any other brings is at best a preview."""


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
            wanted["partial_images"] = PREVIEWS
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
            async for said in events:
                event = _unpacked(said)
                told = getattr(event, "b64_json", None)
                partial, filtered = getattr(event, "type", None) not in _ENDS, _filtered(event)
                if not told and getattr(event, "type", None) != _COMPLETED:
                    continue  # not part of the picture, and possibly an event newer than this code
                if not told and not filtered and not _label(event):
                    # It may have been drawn, and so may be charged.
                    raise errors.ProviderError(errors.failure("protocol", _no_picture(event), retry="ask"))
                label, replaced = _label(event), False
                for each in (told, *getattr(event, _OTHERS, ())) if told else ():
                    data = preview_in(each) if partial else picture_in(each)
                    replaced = replaced or (label is not None and await asyncio.to_thread(_is_plain, data))
                    yield Drawn(
                        data, partial, _number(event, "seed"), word(getattr(event, "revised_prompt", None)),
                        _drawn_with(event),
                    )  # fmt: skip
                if not partial:
                    yield _done(event, filtered or (label if replaced or not told else None), label)
                    return

    async def models(self) -> tuple[ModelInfo, ...]:
        """The live list: for a vendor only models whose names say that they draw, for the user's own server all."""
        listed = await super().models()
        if self.local:
            return listed
        return tuple(each for each in listed if any(fnmatchcase(each.id.lower(), pattern) for pattern in _DRAWING))


def _unpacked(event: Any) -> Any:
    """The event itself; one with a whole answer in it, as the event that would have said the same."""
    if getattr(event, "b64_json", None) or not getattr(event, "data", None):
        return event
    kind = getattr(event, "type", None) or _COMPLETED
    return SimpleNamespace(**{**next(_as_events(event.to_dict())), "type": kind})


def _done(event: Any, filtered: str | None, label: str | None) -> Done:
    usage = getattr(event, "usage", None)
    counts = Counts(usage)
    told = counts.usage(input_tokens=counts("input_tokens"), output_tokens=counts("output_tokens"))
    stop, reason = ("filter", filtered) if filtered else ("stop", label or "completed")
    model = word(getattr(event, "model", None))
    return Done(stop, reason, told, as_raw(usage) or None, response_model=model, flags=counts.flags)


def _filtered(event: Any) -> str | None:
    """The word by which a host says that its content filter withheld or changed the picture."""
    if getattr(event, "respect_moderation", True) is False:
        return "respect_moderation: false"  # xAI's
    reason = getattr(event, "finish_reason", None)
    if isinstance(reason, str) and meaning(reason) == "filter":
        return reason
    results = mapping(getattr(event, "content_filter_results", None))  # Azure's
    return next((f"content_filter: {name}" for name in results if mapping(results[name]).get("filtered") is True), None)


def _label(event: Any) -> str | None:
    """The word by which a host says that it objects to a picture, whether or not it sends it; `None`: it does not."""
    said = ((name, getattr(event, name, None)) for name in _LABELS)
    objects = (f"{name}: true" for name, told in said if told is True or (isinstance(told, list) and True in told))
    return next(objects, None)


def _is_plain(data: bytes) -> bool:
    try:
        return is_plain(data)
    except (DamagedError, TooManyPixelsError):
        return False  # whoever decodes it says what is wrong


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
    said = " ".join(json.dumps(getattr(event, _SAID, None) or {}).split())[:200]
    return "the answer contains no picture" + (f": {said}" if said != "{}" else "")


def _as_events(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """An answer in one piece, converted to the events that would have said the same; events are left as they are.

    If a host draws more than was requested, all pictures are shown; addresses are ignored.
    """
    if "type" in document and "data" not in document:
        yield document
        return
    data = document.get("data")
    listed = cast(list[object], data) if isinstance(data, list) else [data]
    pictures = [cast(Mapping[str, object], each) for each in listed if isinstance(each, Mapping)]
    here = [each for each in pictures if written_in(each)] or pictures[:1]
    first: Mapping[str, object] = here[0] if here else {}
    told = {"b64_json": written_in(first), _OTHERS: [written_in(each) for each in here[1:]], "type": _COMPLETED}
    beside = {name: value for name, value in document.items() if name != "data"}
    yield {**beside, **first, **told, _SAID: None if pictures else document}
