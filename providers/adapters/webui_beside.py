"""Queries to a WebUI besides the picture request: progress, installed models, and stopping.

Progress and stop concern the whole server, whoever asked, so `webui.py` may only use them if the server was idle
before. None of these queries is measured, and none can make a picture fail.
"""

from __future__ import annotations

import asyncio
import json
import logging
from base64 import b64encode
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any, cast

from providers.adapters.base64_picture import preview_in
from providers.network.exchange import exchange
from providers.pictures import Drawn, Step

log = logging.getLogger("collate")

EVERY_S = 0.5
"""Seconds between queries for the progress of a picture. The WebUI's own page asks every second."""
ASK_S = 2.0
"""Seconds allowed for a query besides the measured call."""
STOP_S = 0.8
_HTTP_OK = 200


class WebUIClient:
    """JSON over HTTP at one address. `login`: `name:password` for HTTP Basic, as these servers use it, or a token."""

    def __init__(self, http_client: Any, base_url: str, login: str | None) -> None:
        self._http, self._base = http_client, base_url
        self._headers = {"authorization": _authorization(login)} if login else {}

    async def get(self, path: str) -> object:
        """The document at `path`; `None` if there is none. Raises `ProviderError`."""
        return _parsed(await self._http.get(f"{self._base}{path}", headers=self._headers))

    async def post(self, path: str, fields: Mapping[str, Any]) -> object:
        """The answer to posting `fields`; `None` if there is none. Raises `ProviderError`."""
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
    """What the server is doing, whoever asked for it."""

    busy: bool
    step: int
    steps: int
    preview: str | None
    """The picture so far, in base64; `None` if there is none."""
    interrupted: bool
    """Whether somebody has stopped or skipped the last job, so that its picture is unfinished."""


class Beside:
    """Queries to one server. None of them raises anything."""

    def __init__(self, client: WebUIClient) -> None:
        self._client = client

    async def progress(self) -> Progress | None:
        """The present progress; `None` if it is not reported (stable-diffusion.cpp has no such route)."""
        told = await self._asked("/sdapi/v1/progress")
        if not isinstance(told, Mapping):
            return None
        fields = cast(Mapping[str, object], told)
        state = fields.get("state")
        if not isinstance(state, Mapping):
            return None
        inner, preview = cast(Mapping[str, object], state), fields.get("current_image")
        return Progress(
            bool(inner.get("job")) or _count(inner, "job_count") != 0, _count(inner, "sampling_step"),
            _count(inner, "sampling_steps"), preview if isinstance(preview, str) and preview else None,
            bool(inner.get("interrupted") or inner.get("skipped")),
        )  # fmt: skip

    async def models(self) -> Sequence[Mapping[str, object]] | None:
        """The checkpoints in its list; `None` if it does not report them."""
        told = await self._asked("/sdapi/v1/sd-models")
        if not isinstance(told, list):
            return None
        return [cast(Mapping[str, object], each) for each in cast(list[object], told) if isinstance(each, Mapping)]

    async def previews(self, asked: asyncio.Task[object]) -> AsyncGenerator[Drawn | Step]:
        """Steps and previews until `asked` is done, whose result never waits for a query in progress."""
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
            if progress.preview is not None and progress.preview != shown[1]:
                yield Drawn(preview_in(progress.preview), partial=True)
            shown = max(progress.step, shown[0]), progress.preview or shown[1]

    async def stop(self) -> None:
        """Stop the picture that is being drawn."""
        await asyncio.create_task(self._unmeasured(partial(self._client.post, "/sdapi/v1/interrupt", {}), STOP_S))

    async def _later(self) -> Progress | None:
        await asyncio.sleep(EVERY_S)
        return await self.progress()

    async def _asked(self, path: str) -> object:
        return await asyncio.create_task(self._unmeasured(partial(self._client.get, path), ASK_S))

    async def _unmeasured(self, ask: Callable[[], Awaitable[object]], limit_s: float) -> object:
        """Run a query in a task of its own, so that its requests do not count as measured ones; it may be cancelled."""
        exchange.set(None)
        try:
            async with asyncio.timeout(limit_s):
                return await ask()
        except Exception:
            log.debug("no report beside a picture", exc_info=True)
            return None


def names_of(model: Mapping[str, object]) -> frozenset[str]:
    """Every name by which a WebUI accepts a checkpoint in its list."""
    title, file = str(model.get("title") or ""), str(model.get("filename") or "").replace("\\", "/")
    told = (model.get("model_name"), model.get("hash"), model.get("sha256"), title, title.partition(" [")[0])
    return frozenset(filter(None, (*map(str, filter(None, told)), PurePath(file).name, PurePath(file).stem)))


def _count(fields: Mapping[str, object], name: str) -> int:
    value = fields.get(name)
    return value if type(value) is int else 0
