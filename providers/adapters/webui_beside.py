"""What is asked of a WebUI beside the picture itself: how far it has come, what is installed, and that it stops.

Its progress is that of the server, whoever asked, and so is its stop: both are for `webui.py` to use only where the
server had nothing to do before. None of it is measured, and none of it can fail a picture.
"""

from __future__ import annotations

import asyncio
import json
import logging
from base64 import b64encode
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any, cast

from providers.adapters.base64_picture import picture_in
from providers.errors import ProviderError
from providers.network.exchange import exchange
from providers.pictures import Drawn, Step

log = logging.getLogger("collate")

EVERY_S = 0.5
"""How often it is asked after a picture on its way. The WebUI's own page asks every second."""
ASK_S = 2.0
"""How long a question beside the measured call may take."""
STOP_S = 0.8
_HTTP_OK = 200


class WebUIClient:
    """JSON over HTTP at one address. `login`: `name:password` for HTTP Basic, as these servers take it, or a token."""

    def __init__(self, http_client: Any, base_url: str, login: str | None) -> None:
        self._http, self._base = http_client, base_url
        self._headers = {"authorization": _authorization(login)} if login else {}

    async def get(self, path: str) -> object:
        """The document there; `None` where there is none. Raises `ProviderError`."""
        return _parsed(await self._http.get(f"{self._base}{path}", headers=self._headers))

    async def post(self, path: str, fields: Mapping[str, Any]) -> object:
        """What is answered to `fields`, likewise."""
        return _parsed(await self._http.post(f"{self._base}{path}", json=fields, headers=self._headers))


def _authorization(login: str) -> str:
    return f"Basic {b64encode(login.encode()).decode()}" if ":" in login else f"Bearer {login}"


def _parsed(response: Any) -> object:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class Progress:
    """What the server is at, whoever asked for it."""

    busy: bool
    step: int
    steps: int
    glimpse: str | None
    """A picture in base64, as far as it is drawn."""
    interrupted: bool
    """Somebody has stopped the last job, or has had it skipped: its picture is not drawn to its end."""


class Beside:
    """Questions to one server. None raises anything."""

    def __init__(self, client: WebUIClient) -> None:
        self._client = client

    async def progress(self) -> Progress | None:
        """`None`: it does not say; stable-diffusion.cpp has no such route."""
        told = await self._asked("/sdapi/v1/progress")
        if not isinstance(told, Mapping):
            return None
        fields = cast(Mapping[str, object], told)
        state = fields.get("state")
        if not isinstance(state, Mapping):
            return None
        inner, glimpse = cast(Mapping[str, object], state), fields.get("current_image")
        return Progress(
            bool(inner.get("job")) or _count(inner, "job_count") != 0, _count(inner, "sampling_step"),
            _count(inner, "sampling_steps"), glimpse if isinstance(glimpse, str) and glimpse else None,
            bool(inner.get("interrupted") or inner.get("skipped")),
        )  # fmt: skip

    async def models(self) -> Sequence[Mapping[str, object]] | None:
        """The checkpoints that it lists; `None`: it does not say."""
        told = await self._asked("/sdapi/v1/sd-models")
        if not isinstance(told, list):
            return None
        return [cast(Mapping[str, object], each) for each in cast(list[object], told) if isinstance(each, Mapping)]

    async def glimpses(self, asked: asyncio.Task[object]) -> AsyncGenerator[Drawn | Step]:
        """Steps and glimpses until `asked` is done. A question under way does not keep its answer waiting."""
        shown: tuple[int, str | None] = (0, None)
        while True:
            looking = asyncio.create_task(self._later())
            try:
                await asyncio.wait({asked, looking}, return_when=asyncio.FIRST_COMPLETED)
                if asked.done():
                    return
            finally:
                looking.cancel()
                await asyncio.wait({looking})
            progress = looking.result()
            if progress is None:
                continue
            if progress.steps > 0 and progress.step > shown[0]:
                yield Step(progress.step, progress.steps, late=True)
            if progress.glimpse is not None and progress.glimpse != shown[1]:
                with suppress(ProviderError):
                    yield Drawn(picture_in(progress.glimpse), partial=True)
            shown = max(progress.step, shown[0]), progress.glimpse or shown[1]

    async def stop(self) -> None:
        """The picture that is being drawn is not wanted any more."""
        await asyncio.create_task(self._unmeasured(partial(self._client.post, "/sdapi/v1/interrupt", {}), STOP_S))

    async def _later(self) -> Progress | None:
        await asyncio.sleep(EVERY_S)
        return await self.progress()

    async def _asked(self, path: str) -> object:
        return await asyncio.create_task(self._unmeasured(partial(self._client.get, path), ASK_S))

    async def _unmeasured(self, ask: Callable[[], Awaitable[object]], limit_s: float) -> object:
        """In a task of its own, whose requests are none of the measured one's; it may be cancelled before it begins."""
        exchange.set(None)
        try:
            async with asyncio.timeout(limit_s):
                return await ask()
        except Exception:
            log.debug("no word beside a picture", exc_info=True)
            return None


def names_of(model: Mapping[str, object]) -> frozenset[str]:
    """Every name by which a WebUI takes a checkpoint of its list."""
    title, file = str(model.get("title") or ""), str(model.get("filename") or "").replace("\\", "/")
    told = (model.get("model_name"), model.get("hash"), model.get("sha256"), title, title.partition(" [")[0])
    return frozenset(filter(None, (*map(str, filter(None, told)), PurePath(file).name, PurePath(file).stem)))


def _count(fields: Mapping[str, object], name: str) -> int:
    value = fields.get(name)
    return value if type(value) is int else 0
