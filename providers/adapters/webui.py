"""The API `/sdapi/v1/txt2img` of the WebUIs AUTOMATIC1111, Forge and SD.Next, and of stable-diffusion.cpp's server.

Owns what is sent and when it is stopped: docs/design/providers.md#webui. There is no SDK. One request draws one picture
and returns when that is done (`webui_answer.py`); progress is polled separately (`webui_beside.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from providers import errors
from providers.adapters.base import SdkAdapter, fixed_context
from providers.adapters.fingerprint import fingerprint
from providers.adapters.webui_answer import WebUIAnswer
from providers.adapters.webui_beside import Beside, WebUIClient, names_of
from providers.interface import Adjustment, Condition, Delta, Done, ModelInfo, Request
from providers.network.json_lines import JsonLines
from providers.pictures import Drawn, PictureSettings, Step

DRAW, MODELS = "/sdapi/v1/txt2img", "/sdapi/v1/sd-models"


@dataclass(frozen=True, slots=True)
class _Before:
    """What was learnt about the server just before the request."""

    alone: bool = False
    """Whether it was idle, so that whatever it does from then on is our job."""
    names: frozenset[str] = frozenset()
    """All names of the requested model; empty if the server has no list."""


_NOTHING = _Before()
_before: ContextVar[_Before] = ContextVar("before", default=_NOTHING)


class WebUI(SdkAdapter):
    """Adapter for pictures from servers with the API of AUTOMATIC1111's WebUI."""

    sdk = module = "httpx2"
    canned: ClassVar[bytes] = b'{"images":["AA=="],"parameters":{},"info":"{\\"seed\\":1}"}'
    canned_type: ClassVar[str] = "application/json"
    unstreamed: ClassVar[Mapping[str, object]] = {}

    def make_client(self, http_client: Any) -> WebUIClient:
        """See `SdkAdapter.make_client`."""
        key = self.connection.key
        return WebUIClient(http_client, self.connection.base_url, key.reveal() if key else None)

    def lines(self) -> JsonLines:
        """See `SdkAdapter.lines`: the answer is one document, which may be a failure instead."""
        return JsonLines()

    async def prepare(self, request: Request) -> tuple[Condition, ...]:
        """See `SdkAdapter.prepare`. Raises `not_found` for a model that is not in the server's list, as the server
        would silently draw with the loaded one."""
        if request.settings.picture is None:
            raise errors.error("bad_request", f"{self.connection.label} draws pictures and writes no text")
        beside = Beside(await self.ready_client())
        progress, listed = await asyncio.gather(beside.progress(), beside.models())
        names = next((found for each in listed or () if request.model in (found := names_of(each))), frozenset[str]())
        _before.set(_Before(progress is not None and not progress.busy, names))
        if listed is not None and not names:
            raise errors.error("not_found", f"model {request.model} is not in the list of {self.endpoint}")
        return await super().prepare(request)

    def arguments(self, request: Request) -> dict[str, Any]:
        """See `SdkAdapter.arguments`. Settings that are not set are left to the server."""
        settings, asked = request.settings, request.settings.picture or PictureSettings()
        wanted: dict[str, Any] = {
            "negative_prompt": asked.avoid, "width": asked.width, "height": asked.height, "steps": asked.steps,
            "cfg_scale": asked.guidance, "sampler_name": asked.sampler, "seed": settings.seed,
        }  # fmt: skip
        return {
            "prompt": request.messages[-1].text, "override_settings": {"sd_model_checkpoint": request.model},
            **{name: value for name, value in wanted.items() if value is not None},
        }  # fmt: skip

    async def read(self, client: Any, arguments: dict[str, Any]) -> AsyncGenerator[Delta | Drawn | Step | Done]:
        """See `SdkAdapter.read`.

        If nobody waits for the answer any more it is stopped, provided it is certainly ours.
        """
        before = _before.get()
        beside = Beside(client) if before.alone else None
        asked = asyncio.create_task(client.post(DRAW, arguments))
        try:
            if beside is not None:
                async with aclosing(beside.previews(asked)) as seen:
                    async for each in seen:
                        yield each
            document = await asked
        finally:
            if not asked.done():
                asked.cancel()
                await asyncio.wait({asked})
                if beside is not None:
                    await beside.stop()
        if not isinstance(document, Mapping):
            return
        answer = WebUIAnswer(cast(Mapping[str, object], document))
        for drawn in answer.pictures():
            yield drawn
        progress = await beside.progress() if beside is not None else None
        interrupted = progress is not None and progress.interrupted
        yield Done(
            "other" if interrupted else "stop", "interrupted" if interrupted else None,
            response_model=answer.model(arguments["override_settings"]["sd_model_checkpoint"], before.names),
            fingerprint=fingerprint(digest=answer.info.get("sd_model_hash")),
        )  # fmt: skip

    async def models(self) -> tuple[ModelInfo, ...]:
        """See `SdkAdapter.models`: the installed checkpoints."""
        client = await self.ready_client()
        listed = await client.get(MODELS)
        if not isinstance(listed, list):
            raise errors.error("protocol", "the answer is not a list of models")
        found = [cast(Mapping[str, object], each) for each in cast(list[object], listed) if isinstance(each, Mapping)]
        return tuple(
            ModelInfo(name, title if isinstance(title := each.get("title"), str) and title != name else None)
            for each in found
            if isinstance(name := each.get("model_name"), str) and name
        )

    def changes(self, request: Request) -> tuple[Adjustment, ...]:
        """See `SdkAdapter.changes`."""
        asked = request.settings.picture or PictureSettings()
        said = [
            Adjustment(name, reason)
            for name, value, reason in (
                ("quality", asked.quality, "the WebUI has no such setting; steps and size are"),
                ("system", request.settings.system, "the WebUI takes only a prompt"),
                ("attachments", request.messages[-1].attachments or None, "only the prompt is sent"),
            )
            if value is not None
        ]
        return (*said, *fixed_context(request))
