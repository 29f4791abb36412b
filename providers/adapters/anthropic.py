"""Claude through Anthropic's SDK: writes requests to the Messages API, opens its streams.

Owns Anthropic's parameters. Answers are read by `anthropic_answer.py`; statuses, deadlines, budgets and retries are
left to the transport and `measure.py`.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator
from typing import Any, ClassVar

from providers.adapters.anthropic_answer import Answer
from providers.adapters.base import SdkAdapter, fixed_context
from providers.adapters.plain_events import plain_events
from providers.adapters.stop_reasons import until_quiet
from providers.interface import (
    Adjustment,
    Attachment,
    Delta,
    Done,
    Effort,
    Message,
    ModelInfo,
    Request,
    Settings,
)
from providers.network.event_lines import EventLines
from providers.network.exchange import tell_so_far

DEFAULT_MAX_TOKENS = 16_384
"""Sent if no maximum is set, because the API requires one. Thinking counts towards it, so it is generous; every
model still offered accepts at least twice as much."""

SAMPLING_VERSION = "2023-06-01"
"""Newer API versions reject temperature and top_p; under this one, models up to 4.6 accept them."""

_SAMPLING = frozenset({"temperature", "top_p"})


class Anthropic(SdkAdapter):
    """Adapter for the Messages API."""

    sdk = "anthropic"
    module = "anthropic"
    canned: ClassVar[bytes] = b"".join(
        b"event: %b\ndata: %b\n\n" % (event.split(b'"')[3], event)
        for event in (
            b'{"type":"message_start","message":{"id":"msg_0","type":"message","role":"assistant","model":"warm-up",'
            b'"content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1,'
            b'"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"service_tier":"standard",'
            b'"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0}}}}',
            b'{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}',
            b'{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"w"}}',
            b'{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"w"}}',
            b'{"type":"content_block_stop","index":0}',
            b'{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}',
            b'{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"w"}}',
            b'{"type":"content_block_stop","index":1}',
            b'{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},'
            b'"usage":{"input_tokens":1,"output_tokens":2,"output_tokens_details":{"thinking_tokens":1}}}',
            b'{"type":"message_stop"}',
        )
    )

    def make_client(self, http_client: Any) -> Any:
        """See `SdkAdapter.make_client`."""
        from anthropic import AsyncAnthropic

        key = self.connection.key
        client: Any = AsyncAnthropic(
            api_key=key.reveal() if key else "", base_url=self.connection.base_url, max_retries=0,
            default_query=dict(self.connection.query) or None, open_telemetry=False, http_client=http_client,
        )  # fmt: skip
        client._custom_headers = {}  # else ANTHROPIC_CUSTOM_HEADERS of the environment could replace the key
        return client

    def arguments(self, request: Request) -> dict[str, Any]:
        """See `SdkAdapter.arguments`."""
        return _arguments(request)

    async def read(self, client: Any, arguments: dict[str, Any]) -> AsyncGenerator[Delta | Done]:
        """See `SdkAdapter.read`."""
        answer = Answer()
        tell_so_far(answer.done)
        try:
            async with await _events(client, arguments) as stream:
                async for event in until_quiet(stream, answer.ending):
                    for item in answer.take(event):
                        yield item
        except Exception as exc:
            if not answer.ending.survives(exc):
                raise
        if answer.ending.reason and not answer.ended:
            yield answer.done(*(() if answer.whole else ("end_marker_missing",)))

    def lines(self) -> EventLines:
        """See `SdkAdapter.lines`."""
        return EventLines()

    async def models(self) -> tuple[ModelInfo, ...]:
        """See `SdkAdapter.models`. The vendor's list includes retired models, which are left out."""
        client = await self.ready_client()
        listed = [model async for model in client.models.list(limit=1000)]
        return tuple(_info(model) for model in listed if getattr(model, "lifecycle", None) != "retired")

    def changes(self, request: Request) -> tuple[Adjustment, ...]:
        """See `SdkAdapter.changes`."""
        settings = request.settings
        found: list[Adjustment] = []
        if settings.max_output_tokens is None:
            found.append(Adjustment("max_output_tokens", "Anthropic requires a maximum", str(DEFAULT_MAX_TOKENS)))
        if settings.seed is not None:
            found.append(Adjustment("seed", "Anthropic has no seed"))
        if settings.effort == "minimal":
            found.append(Adjustment("effort", "Anthropic's lowest effort is low", "low"))
        return (*found, *fixed_context(request))


async def _events(client: Any, arguments: dict[str, Any]) -> Any:
    from anthropic import AsyncStream

    headers = {"anthropic-version": SAMPLING_VERSION} if not _SAMPLING.isdisjoint(arguments) else {}
    return await plain_events(
        client, "/v1/messages", {**arguments, "stream": True}, AsyncStream[object], headers=headers
    )


def _arguments(request: Request) -> dict[str, Any]:
    settings = request.settings
    arguments: dict[str, Any] = {
        "model": request.model,
        "max_tokens": settings.max_output_tokens or DEFAULT_MAX_TOKENS,
        "messages": [{"role": message.role, "content": _content(message)} for message in request.messages],
    }
    if settings.system is not None:
        arguments["system"] = settings.system
    if settings.stop:
        arguments["stop_sequences"] = list(settings.stop)
    return arguments | _thinking(settings.effort) | _sampling(settings)


def _thinking(effort: Effort | None) -> dict[str, Any]:
    if effort is None:
        return {}
    if effort == "none":
        return {"thinking": {"type": "disabled"}}
    return {
        # Without a display setting some models think silently, and the gap looks like latency.
        "thinking": {"type": "adaptive", "display": "summarized"},
        "output_config": {"effort": "low" if effort == "minimal" else effort},
    }


def _sampling(settings: Settings) -> dict[str, Any]:
    chosen = {"temperature": settings.temperature, "top_p": settings.top_p}
    return {name: value for name, value in chosen.items() if value is not None}


def _content(message: Message) -> str | list[dict[str, Any]]:
    if not message.attachments:
        return message.text
    return [*map(_block, message.attachments), {"type": "text", "text": message.text}]


def _block(attachment: Attachment) -> dict[str, Any]:
    kind = "image" if attachment.media_type.startswith("image/") else "document"
    data = base64.b64encode(attachment.data).decode()
    return {"type": kind, "source": {"type": "base64", "media_type": attachment.media_type, "data": data}}


def _info(model: Any) -> ModelInfo:
    return ModelInfo(
        model.id, model.display_name, context_tokens=model.max_input_tokens, max_output_tokens=model.max_tokens,
        retires_on=model.retires_at.date().isoformat() if model.retires_at else None,
    )  # fmt: skip
