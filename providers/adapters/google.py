"""Gemini through Google's SDK: requests to `generate_content_stream`, and its streams to deltas.

Owns Gemini's parameters, finish reasons and thinking settings. Disables what the SDK does by itself: follow-up
requests, function calls, and every setting from the environment.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from itertools import chain
from typing import Any, ClassVar, cast
from urllib.parse import quote

from providers import errors
from providers.adapters.base import SdkAdapter, fixed_context
from providers.adapters.google_answer import Answer, listed
from providers.adapters.plain_events import mapping, word
from providers.adapters.stop_reasons import until_quiet
from providers.adapters.token_alternatives import NextWords, candidates
from providers.adapters.token_counts import counted_in, usage_in
from providers.interface import Adjustment, Delta, Done, Effort, Message, ModelInfo, Request
from providers.measuring.usage import Counts
from providers.network import told_failures
from providers.network.additions import Additions
from providers.network.event_lines import EventLines, hold_events
from providers.network.exchange import exchange, tell_so_far
from providers.network.trust import trusting
from providers.pictures import Drawn, Step

# Gemini 3 and later have named levels of thinking; 2.5 has a budget of tokens. The budgets are ours, as there
# is no agreed value for each level; the adjustment says how many tokens are sent.
LEVELS: Mapping[Effort, str] = {
    "none": "MINIMAL", "minimal": "MINIMAL", "low": "LOW", "medium": "MEDIUM", "high": "HIGH",
    "xhigh": "XHIGH", "max": "XHIGH",
}  # fmt: skip
BUDGETS: Mapping[Effort, int] = {
    "none": 0, "minimal": 1024, "low": 1024, "medium": 8192, "high": 24_576, "xhigh": 24_576, "max": 24_576,
}  # fmt: skip


_ROOM = 256  # output tokens for thinking that cannot be switched off, and one word


class Google(SdkAdapter):
    """Adapter for the Gemini API."""

    sdk = "google-genai"
    module = "google.genai"
    canned: ClassVar[bytes] = b"".join(
        b"data: %b\r\n\r\n" % chunk
        for chunk in (
            b'{"candidates":[{"content":{"parts":[{"text":"w","thought":true}],"role":"model"},"index":0}],'
            b'"usageMetadata":{"promptTokenCount":1,"totalTokenCount":2,"thoughtsTokenCount":1,'
            b'"promptTokensDetails":[{"modality":"TEXT","tokenCount":1}]},"modelVersion":"warm-up","responseId":"w"}',
            b'{"candidates":[{"content":{"parts":[{"text":"w"}],"role":"model"},"finishReason":"STOP","index":0}],'
            b'"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":3,"thoughtsTokenCount":1,'
            b'"promptTokensDetails":[{"modality":"TEXT","tokenCount":1}]},"modelVersion":"warm-up","responseId":"w"}',
        )
    )

    unstreamed: ClassVar[Mapping[str, object]] = {}

    def make_client(self, http_client: Any) -> Any:
        """See `SdkAdapter.make_client`. What is not given here the SDK would read from the environment."""
        from google import genai
        from google.genai.client import DebugConfig

        key, trusted = self.connection.key, trusting(self.connection.authorities)
        return genai.Client(
            vertexai=False,
            api_key=key.reveal() if key else "",
            debug_config=DebugConfig(client_mode=None, replays_directory=None, replay_id=None),
            http_options=genai.types.HttpOptions(
                base_url=self.connection.base_url, api_version=self.connection.api_version or "v1beta",
                httpx_async_client=http_client,
                # Never used for a connection; without it the SDK would load the certificate store twice for each
                # client.
                client_args={"verify": trusted}, async_client_args={"ssl": trusted},
            ),
        )  # fmt: skip

    def additions(self) -> Additions:
        """See `SdkAdapter.additions`. An answer in one piece has a different address."""
        added = super().additions()
        return added if self.connection.stream else replace(added, path=("streamGenerateContent", "generateContent"))

    def lines(self) -> EventLines:
        """See `SdkAdapter.lines`."""
        return EventLines(_readable, names=False)

    def arguments(self, request: Request) -> dict[str, Any]:
        """See `SdkAdapter.arguments`."""
        return _arguments(request)

    def new_answer(self) -> Answer:
        """The reader for the chunks of one answer."""
        return Answer()

    async def read(self, client: Any, arguments: dict[str, Any]) -> AsyncGenerator[Delta | Drawn | Step | Done]:
        """See `SdkAdapter.read`."""
        answer = self.new_answer()
        tell_so_far(answer.told)
        try:
            async with aclosing(_chunks(client, **arguments)) as chunks:
                async for chunk in until_quiet(chunks, answer.ending):
                    for delta in answer.take(chunk):
                        yield delta
        except ValueError as exc:  # invalid JSON
            if not answer.ending.likely:
                if _is_damaged():
                    told = f"a damaged event in the stream: {exc}"
                    raise errors.ProviderError(errors.failure("protocol", told, retry="ask")) from exc
                return
        except Exception as exc:
            if not answer.ending.survives(exc):
                raise
        if done := answer.done():
            yield done

    async def models(self) -> tuple[ModelInfo, ...]:
        """See `SdkAdapter.models`. Only models that can generate text."""
        client = await self.ready_client()
        found = await client.aio.models.list(config={"page_size": 1000, "query_base": True})
        return tuple([_info(model) async for model in found if "generateContent" in (model.supported_actions or ())])

    async def next_words(self, request: Request, k: int) -> NextWords:
        """See `token_alternatives.Teller`."""
        client = await self.ready_client()
        asked = _telling(request, k)
        answer = await client._api_client.async_request("post", f"{asked['model']}:generateContent", asked["body"])
        said = mapping(json.loads(answer.body))
        if failure := told_failures.failure_in(said, whole=True):
            raise errors.ProviderError(failure)
        usage = usage_in(Counts(counted_in(said)))
        return NextWords(candidates(_alternatives(said)), usage, word(said.get("modelVersion")))

    def changes(self, request: Request) -> tuple[Adjustment, ...]:
        """See `SdkAdapter.changes`."""
        effort = request.settings.effort
        found = _effort_sent(request.model, effort) if effort is not None else None
        return (*((found,) if found else ()), *fixed_context(request))


def _effort_sent(model: str, effort: Effort) -> Adjustment | None:
    """The adjustment for an effort that is not sent under its own name."""
    if _takes_budget(model):
        if effort == "none":
            return None
        return Adjustment("effort", "Gemini 2.5 takes a token budget for thinking", f"{BUDGETS[effort]} tokens")
    if effort == "none":
        return Adjustment("effort", "Gemini cannot switch thinking off", "minimal")
    return Adjustment("effort", "Gemini's highest effort is xhigh", "xhigh") if effort == "max" else None


def _readable(document: bytes) -> bytes:
    """`document` without an error field that says there is no error, which the SDK could not handle."""
    if b'"error"' in document:
        with suppress(ValueError, RecursionError):
            fields: Any = json.loads(document)
            if isinstance(fields, dict):
                known = {name: value for name, value in cast(dict[str, Any], fields).items() if name != "error"}
                return json.dumps(known).encode()
    return document


async def _chunks(client: Any, model: str, body: Mapping[str, object]) -> AsyncGenerator[object]:
    """The open stream of the answer, each item one parsed document. `plain_events.py` says why the SDK's models are
    bypassed.

    The SDK's client has no public method for this; making the request and reading events is still left to it.
    """
    stream = await client._api_client.async_request_streamed("post", f"{model}:streamGenerateContent?alt=sse", body)
    async for event in stream:
        yield json.loads(event.body)


def _is_damaged() -> bool:
    """Whether an invalid event was complete; otherwise the stream was cut, or the body is not a stream."""
    seen = exchange.get()
    return seen is not None and not seen.cut_in_line and hold_events(seen.head)


def _takes_budget(model: str) -> bool:
    version = re.search(r"gemini-(\d+)", model)
    return version is not None and int(version.group(1)) < 3


def _arguments(request: Request) -> dict[str, Any]:
    settings = request.settings
    chosen = {
        "temperature": settings.temperature, "topP": settings.top_p, "maxOutputTokens": settings.max_output_tokens,
        "seed": settings.seed, "stopSequences": list(settings.stop) or None,
        "thinkingConfig": _thinking(request) if settings.effort else None,
    }  # fmt: skip
    body: dict[str, Any] = {
        "contents": list(map(_content, request.messages)),
        "generationConfig": {name: value for name, value in chosen.items() if value is not None},
    }
    if settings.system is not None:
        body["systemInstruction"] = {"parts": [{"text": settings.system}]}
    return {"model": _path(request.model), "body": body}


def _path(model: str) -> str:
    """The path of this model in the API."""
    known = model.startswith(("models/", "tunedModels/"))
    return quote(model if known else f"models/{model}", safe="/:@")


def _telling(request: Request, k: int) -> dict[str, Any]:
    """The arguments of a request for one token. Gemini 3 and later may think first, within the same limit."""
    budget = _takes_budget(request.model)
    few = replace(request.settings, max_output_tokens=1 if budget else _ROOM, effort="none" if budget else "low")
    arguments = _arguments(replace(request, settings=few))
    arguments["body"]["generationConfig"] |= {"responseLogprobs": True, "logprobs": k}
    return arguments


def _alternatives(said: Mapping[str, object]) -> Iterator[tuple[object, object]]:
    """(token, logarithm of its probability) for the first token of an answer and its alternatives."""
    for candidate in listed(said.get("candidates"))[:1]:
        result = mapping(mapping(candidate).get("logprobsResult"))
        beside = [listed(mapping(first).get("candidates")) for first in listed(result.get("topCandidates"))[:1]]
        for each in map(mapping, (*listed(result.get("chosenCandidates"))[:1], *chain(*beside))):
            yield each.get("token"), each.get("logProbability")


def _thinking(request: Request) -> dict[str, object]:
    effort = request.settings.effort or "none"
    shown: dict[str, object] = {"includeThoughts": True} if effort != "none" else {}
    if _takes_budget(request.model):
        return shown | {"thinkingBudget": BUDGETS[effort]}
    return shown | {"thinkingLevel": LEVELS[effort]}


def _content(message: Message) -> dict[str, object]:
    files = [
        {"inlineData": {"mimeType": each.media_type, "data": b64encode(each.data).decode()}}
        for each in message.attachments
    ]
    return {"role": "user" if message.role == "user" else "model", "parts": [*files, {"text": message.text}]}


def _info(model: Any) -> ModelInfo:
    return ModelInfo(
        model.name.removeprefix("models/"), model.display_name, context_tokens=model.input_token_limit,
        max_output_tokens=model.output_token_limit,
    )  # fmt: skip
