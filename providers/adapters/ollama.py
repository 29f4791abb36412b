"""Local models through Ollama's SDK: requests to its chat API, and its streams to deltas.

Owns Ollama's options; its answers are read by `ollama_answer.py`. Never passes text where the SDK expects an image, as
it would try to open it as a file.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from providers import errors
from providers.adapters.base import SdkAdapter
from providers.adapters.ollama_answer import Answer, readable, told_at_once
from providers.adapters.ollama_context import PromptCuts
from providers.adapters.ollama_listing import answers, full_name, info
from providers.adapters.ollama_serving import ASK_S, Served
from providers.adapters.stop_reasons import until_quiet
from providers.adapters.token_alternatives import NextWords, candidates
from providers.config.connections import Connection
from providers.interface import (
    Adjustment,
    Delta,
    Done,
    Effort,
    Message,
    ModelInfo,
    Request,
    Settings,
)
from providers.network.exchange import exchange
from providers.network.json_lines import JsonLines
from providers.pictures import Drawn, Step

log = logging.getLogger("collate")

LOAD_S = 0.25
"""A reported load time above this many seconds is a real load. For a loaded model the server also reports some
milliseconds, at times 100, and a real load takes longer than this, as the server only checks every quarter of a
second whether it is done."""

# The server has four levels, and off.
THINK: Mapping[Effort, bool | str] = {
    "none": False, "minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "max", "max": "max",
}  # fmt: skip


class Ollama(SdkAdapter):
    """Adapter for Ollama's own API, which reports durations that its OpenAI-compatible endpoints do not."""

    sdk = "ollama"
    module = "ollama"
    http = "httpx"
    canned: ClassVar[bytes] = (
        b'{"model":"w","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"","thinking":"w"},'
        b'"done":false}\n'
        b'{"model":"w","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"w"},"done":false}\n'
        b'{"model":"w","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":""},"done":true,'
        b'"done_reason":"stop","total_duration":4,"load_duration":1,"prompt_eval_count":1,"prompt_eval_duration":1,'
        b'"eval_count":1,"eval_duration":1}\n'
    )
    canned_type: ClassVar[str] = "application/x-ndjson"

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._served = Served(self.ready_client)
        self._cuts = PromptCuts()
        self._files: dict[tuple[str, str | None], Any] = {}

    def make_client(self, http_client: Any) -> Any:
        """See `SdkAdapter.make_client`."""
        from ollama import AsyncClient

        key = self.connection.key
        return AsyncClient(
            host=self.connection.base_url, transport=_through(http_client, keep_key=key is not None),
            headers={"authorization": f"Bearer {key.reveal()}"} if key else None,
            follow_redirects=False,
        )  # fmt: skip

    def lines(self) -> JsonLines:
        """See `SdkAdapter.lines`."""
        return JsonLines(readable, known=("message", "done"))

    async def learn(self, request: Request, done: Done) -> Done:
        """See `Provider.learn`: adds which file answered, and whether it saw the whole prompt."""
        if not self.connection.stays_local(request.model):
            return done
        serving = await self._served.by(request.model, anew="cold_load" in done.conditions)
        cut = self._cuts.judge(request, done.usage, serving.context_tokens or request.settings.num_ctx)
        flags = (*done.flags, "prompt_cut") if cut else done.flags
        return replace(done, fingerprint=serving.fingerprint, flags=flags)

    def arguments(self, request: Request) -> dict[str, Any]:
        """See `SdkAdapter.arguments`."""
        return _arguments(request)

    def new_answer(self) -> Answer:
        """The reader for the parts of one answer."""
        return Answer()

    def asked(self, client: Any, arguments: dict[str, Any]) -> Awaitable[Any]:
        """Send the request; the result is a stream of parts."""
        return client.chat(stream=True, **arguments)

    async def read(self, client: Any, arguments: dict[str, Any]) -> AsyncGenerator[Delta | Drawn | Step | Done]:
        """See `SdkAdapter.read`."""
        answer = self.new_answer()
        try:
            async for part in until_quiet(await self.asked(client, arguments), answer.ending):
                for delta in answer.take(part):
                    yield delta
        except (ValueError, AttributeError) as exc:
            if not answer.ending.likely:
                _judge(exc, answer)
                return
        except Exception as exc:
            if not answer.ending.survives(exc):
                raise
        if done := answer.done():
            loaded = self.local and done.server_timings is not None and (done.server_timings.load_s or 0) >= LOAD_S
            yield replace(done, conditions=("cold_load",)) if loaded else done

    async def models(self) -> tuple[ModelInfo, ...]:
        """See `SdkAdapter.models`. Embedding models are left out, as they cannot answer."""
        client = await self.ready_client()
        listed = (await client.list()).models
        loaded, *shown = await asyncio.gather(
            self._served.contexts(), *(self._shown(client, model.model, model.digest) for model in listed)
        )
        return tuple(
            info(model, facts, loaded.get(full_name(model.model)))
            for model, facts in zip(listed, shown, strict=True) if self.offers(facts)
        )  # fmt: skip

    def offers(self, shown: Any) -> bool:
        """Whether a model can be asked, given what the server shows of it."""
        return answers(shown)

    async def next_words(self, request: Request, k: int) -> NextWords:
        """See `token_alternatives.Teller`. Thinking before the answer is skipped."""
        client = await self.ready_client()
        few = replace(request, settings=replace(request.settings, max_output_tokens=1, effort="none"))
        told = await client.chat(stream=False, logprobs=True, top_logprobs=k, **_arguments(few))
        first: Any = None if told.message.thinking else next(iter(told.logprobs or ()), None)
        each: list[Any] = [first, *(first.top_logprobs or ())] if first else []
        return NextWords(candidates((one.token, one.logprob) for one in each), told_at_once(told).usage, told.model)

    def changes(self, request: Request) -> tuple[Adjustment, ...]:
        """See `SdkAdapter.changes`."""
        effort = request.settings.effort
        if effort is None or effort == "none" or THINK[effort] == effort:
            return ()
        return (Adjustment("effort", "Ollama knows low, medium, high and max", str(THINK[effort])),)

    async def _shown(self, client: Any, model: str, digest: str | None) -> Any:
        """What the server shows of a model file, asked once; `None` if it does not answer within `ASK_S`."""
        if (key := (model, digest)) not in self._files:
            try:
                async with asyncio.timeout(ASK_S):
                    self._files[key] = await client.show(model)
            except Exception:
                log.debug("%s: no details of %s", self.name, model, exc_info=True)
                return None
        return self._files[key]


def _through(http_client: Any, *, keep_key: bool) -> Any:
    """The transport of `http_client`: the SDK does not accept a client.

    The client remains responsible for closing it.
    """
    import httpx

    class Through(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if not keep_key:  # the SDK adds OLLAMA_API_KEY from the environment, whatever the host
                request.headers.pop("authorization", None)
            return await http_client.transport.handle_async_request(request)

    return Through()


def _judge(exc: Exception, answer: Answer) -> None:
    """Raise the error that an unreadable line means: damage or a cut.

    Does nothing if the body is not a stream at all.
    """
    seen = exchange.get()
    cut = seen is not None and seen.cut_in_line
    if answer.parts and not cut:
        raise errors.ProviderError(errors.failure("protocol", "a damaged line in the stream", retry="ask")) from exc
    if cut and seen and seen.head.startswith(b'{"model"'):
        told = "the answer ended without a stop reason"
        raise errors.ProviderError(errors.failure("connection", told, retry="ask")) from exc


def _arguments(request: Request) -> dict[str, Any]:
    settings = request.settings
    system = [{"role": "system", "content": settings.system}] if settings.system is not None else []
    arguments: dict[str, Any] = {
        "model": request.model,
        "messages": [*system, *map(_message, request.messages)],
        "options": _options(settings) or None,
    }
    if settings.effort is not None:
        arguments["think"] = THINK[settings.effort]
    return arguments


def _options(settings: Settings) -> dict[str, Any]:
    chosen = {
        "temperature": settings.temperature, "top_p": settings.top_p, "num_predict": settings.max_output_tokens,
        "seed": settings.seed, "stop": list(settings.stop) or None, "num_ctx": settings.num_ctx,
    }  # fmt: skip
    return {name: value for name, value in chosen.items() if value is not None}


def _message(message: Message) -> dict[str, Any]:
    sent: dict[str, Any] = {"role": message.role, "content": message.text}
    return sent | ({"images": [a.data for a in message.attachments]} if message.attachments else {})
