"""Gemini through Google's SDK: `generate_content_stream` calls to deltas and back.

Owns the names of Gemini's parameters, finish reasons and thinking settings. Refuses the SDK's own
initiatives: follow-up requests, function calls, and every setting it would take from the environment.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any, ClassVar, cast

from providers import errors
from providers.adapters.base import SdkAdapter, fixed_context
from providers.adapters.google_answer import Answer, usage_in
from providers.adapters.stop_reasons import until_quiet
from providers.adapters.token_alternatives import NextWords, candidates
from providers.interface import Adjustment, Delta, Done, Effort, Message, ModelInfo, Request
from providers.measuring.usage import OddCounts, as_raw
from providers.network import vendor_errors
from providers.network.additions import Additions
from providers.network.event_lines import EventLines, hold_events
from providers.network.exchange import exchange
from providers.network.trust import trusting
from providers.pictures import Drawn, Step

# Gemini 3 and later name levels of thinking; 2.5 takes a budget of tokens. The budgets are ours: what each
# word is worth is nowhere agreed, so the adjustment says how many tokens are sent.
LEVELS: Mapping[Effort, str] = {
    "none": "MINIMAL", "minimal": "MINIMAL", "low": "LOW", "medium": "MEDIUM", "high": "HIGH",
    "xhigh": "XHIGH", "max": "XHIGH",
}  # fmt: skip
BUDGETS: Mapping[Effort, int] = {
    "none": 0, "minimal": 1024, "low": 1024, "medium": 8192, "high": 24_576, "xhigh": 24_576, "max": 24_576,
}  # fmt: skip


_ROOM = 256  # output tokens for thinking that cannot be switched off, and one word

_ODD = OddCounts(
    "promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "cachedContentTokenCount",
    "toolUsePromptTokenCount", "totalTokenCount",
    "tokenCount",
    holding="usageMetadata",
)  # fmt: skip


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
        """See `SdkAdapter.make_client`. What is not given here the SDK would look up in the environment."""
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
                # For connections that Collate never opens; without it the SDK would read the store twice for each.
                client_args={"verify": trusted}, async_client_args={"ssl": trusted},
            ),
        )  # fmt: skip

    def additions(self) -> Additions:
        """See `SdkAdapter.additions`. An answer in one piece has an address of its own."""
        added = super().additions()
        return added if self.connection.stream else replace(added, path=("streamGenerateContent", "generateContent"))

    def lines(self) -> EventLines:
        """See `SdkAdapter.lines`."""
        return EventLines(_readable, names=False)

    def arguments(self, request: Request) -> dict[str, Any]:
        """See `SdkAdapter.arguments`."""
        return _arguments(request)

    def new_answer(self) -> Answer:
        """What reads the chunks of one answer."""
        return Answer()

    async def read(self, client: Any, arguments: dict[str, Any]) -> AsyncGenerator[Delta | Drawn | Step | Done]:
        """See `SdkAdapter.read`."""
        answer = self.new_answer()
        try:
            async with aclosing(await client.aio.models.generate_content_stream(**arguments)) as chunks:
                async for chunk in until_quiet(chunks, answer.ending):
                    for delta in answer.take(chunk):
                        yield delta
        except ValueError as exc:  # unreadable JSON, or JSON of an unknown shape
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
        """See `SdkAdapter.models`. Only what can generate text."""
        client = await self.ready_client()
        found = await client.aio.models.list(config={"page_size": 1000, "query_base": True})
        return tuple([_info(model) async for model in found if "generateContent" in (model.supported_actions or ())])

    async def next_words(self, request: Request, k: int) -> NextWords:
        """See `next_words.Teller`."""
        from google.genai.errors import APIError

        client = await self.ready_client()
        try:
            told = await client.aio.models.generate_content(**_telling(request, k))
        except APIError as exc:
            raise errors.ProviderError(vendor_errors.from_event(exc.status, exc.message)) from exc
        result: Any = next((c.logprobs_result for c in told.candidates or () if c.logprobs_result), None)
        first: Any = next(iter((result and result.top_candidates) or ()), None)
        chosen: list[Any] = list((result and result.chosen_candidates) or ())[:1]
        each: list[Any] = [*chosen, *((first and first.candidates) or ())]
        usage, _ = usage_in(as_raw(told.usage_metadata) or {})
        return NextWords(candidates((one.token, one.log_probability) for one in each), usage, told.model_version)

    def changes(self, request: Request) -> tuple[Adjustment, ...]:
        """See `SdkAdapter.changes`."""
        effort = request.settings.effort
        found = _effort_sent(request.model, effort) if effort is not None else None
        return (*((found,) if found else ()), *fixed_context(request))


def _effort_sent(model: str, effort: Effort) -> Adjustment | None:
    """What becomes of an effort that is not sent under its own name."""
    if _takes_budget(model):
        if effort == "none":
            return None
        return Adjustment("effort", "Gemini 2.5 takes a token budget for thinking", f"{BUDGETS[effort]} tokens")
    if effort == "none":
        return Adjustment("effort", "Gemini cannot switch thinking off", "minimal")
    return Adjustment("effort", "Gemini's highest effort is xhigh", "xhigh") if effort == "max" else None


def _readable(document: bytes) -> bytes:
    """`document` without what the SDK stumbles over: counts that are none, and an error that says there is none."""
    if b'"error"' in document:
        with suppress(ValueError, RecursionError):
            fields: Any = json.loads(document)
            if isinstance(fields, dict):
                known = {name: value for name, value in cast(dict[str, Any], fields).items() if name != "error"}
                document = json.dumps(known).encode()
    return _ODD.taken_from(document)


def _is_damaged() -> bool:
    """Whether an unreadable event was whole: else the stream was cut, or the body is no stream at all."""
    seen = exchange.get()
    return seen is not None and not seen.cut_in_line and hold_events(seen.head)


def _takes_budget(model: str) -> bool:
    version = re.search(r"gemini-(\d+)", model)
    return version is not None and int(version.group(1)) < 3


def _arguments(request: Request) -> dict[str, Any]:
    from google.genai import types

    settings = request.settings
    config = types.GenerateContentConfig(
        system_instruction=settings.system, temperature=settings.temperature, top_p=settings.top_p,
        max_output_tokens=settings.max_output_tokens, seed=settings.seed, stop_sequences=list(settings.stop) or None,
        thinking_config=_thinking(request) if settings.effort else None,
        automatic_continuation=False,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )  # fmt: skip
    return {"model": request.model, "contents": [_content(m) for m in request.messages], "config": config}


def _telling(request: Request, k: int) -> dict[str, Any]:
    """The arguments of a question for one token. Gemini 3 and later may think first, within the same limit."""
    budget = _takes_budget(request.model)
    few = replace(request.settings, max_output_tokens=1 if budget else _ROOM, effort="none" if budget else "low")
    arguments = _arguments(replace(request, settings=few))
    arguments["config"].response_logprobs, arguments["config"].logprobs = True, k
    return arguments


def _thinking(request: Request) -> Any:
    from google.genai import types

    effort = request.settings.effort or "none"
    shown = True if effort != "none" else None
    if _takes_budget(request.model):
        return types.ThinkingConfig(include_thoughts=shown, thinking_budget=BUDGETS[effort])
    return types.ThinkingConfig(include_thoughts=shown, thinking_level=types.ThinkingLevel(LEVELS[effort]))


def _content(message: Message) -> Any:
    from google.genai import types

    files = [types.Part.from_bytes(data=a.data, mime_type=a.media_type) for a in message.attachments]
    return types.Content(
        role="user" if message.role == "user" else "model", parts=[*files, types.Part(text=message.text)]
    )


def _info(model: Any) -> ModelInfo:
    return ModelInfo(
        model.name.removeprefix("models/"), model.display_name, context_tokens=model.input_token_limit,
        max_output_tokens=model.output_token_limit,
    )  # fmt: skip
