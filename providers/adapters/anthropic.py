"""Claude through Anthropic's SDK: requests to the Messages API, and its streams to deltas.

Owns Anthropic's parameters, events and stop reasons. Statuses, deadlines, budgets and retries are left to the transport
and `measure.py`.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Literal, cast

from providers import errors
from providers.adapters.base import SdkAdapter, fixed_context
from providers.adapters.fingerprint import fingerprint
from providers.adapters.plain_events import mapping, plain_events, word
from providers.adapters.stop_reasons import Ending, until_quiet
from providers.interface import (
    Adjustment,
    Attachment,
    Delta,
    Done,
    Effort,
    Flag,
    Message,
    ModelInfo,
    Request,
    Settings,
)
from providers.measuring.usage import Counts, as_raw
from providers.network.event_lines import EventLines
from providers.network.exchange import tell_so_far

DEFAULT_MAX_TOKENS = 16_384
"""Sent if no maximum is set, because the API requires one. Thinking counts towards it, so it is generous; every
model still offered accepts at least twice as much."""

SAMPLING_VERSION = "2023-06-01"
"""Newer API versions reject temperature and top_p; under this one, models up to 4.6 accept them."""

_SAMPLING = frozenset({"temperature", "top_p"})
_KINDS: tuple[Literal["text", "thinking"], ...] = ("text", "thinking")
_SERVING = ("service_tier", "inference_geo", "speed")  # reported together with the token counts


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
        answer = _Answer()
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


class _Answer:
    """One answer while its events arrive."""

    def __init__(self) -> None:
        self.ending = Ending()
        self.ended = self.whole = False
        self._message: Mapping[str, object] = {}
        self._usage: dict[str, object] = {}
        self._output_tokens: object = None
        self._begun: Delta | None = None  # text at the start of a block, until it is clear whether its deltas repeat it
        self._streamed = False

    def take(self, event: object) -> Iterable[Delta | Done]:
        """What one event adds; nothing once the answer has ended."""
        said = mapping(event)
        kind = None if self.ended else said.get("type")
        if kind == "content_block_delta":
            return self._delta(_said(said.get("delta")))
        if kind == "content_block_start":
            self._begun = _said(said.get("content_block"))
        elif kind == "message_start":
            self._message = mapping(said.get("message"))
            self._count(self._message.get("usage"))
            self._told(self._message)
        elif kind == "message":
            return self._at_once(said)
        else:
            return self._other(kind, said)
        return ()

    def _other(self, kind: object, said: Mapping[str, object]) -> Iterator[Delta | Done]:
        yield from self._block_begun()
        if kind == "message_delta":
            self._told(mapping(said.get("delta")))
            self._count(said.get("usage"))
            self._output_tokens = mapping(said.get("usage")).get("output_tokens") or self._output_tokens
        elif kind == "message_stop":
            self.ended = True
            yield self.done()

    def _delta(self, delta: Delta | None) -> Iterable[Delta]:
        if delta is None:
            return ()
        before: Iterable[Delta] = ()
        if self._begun is not None:
            told = self._begun.text
            if told.startswith(delta.text) or delta.text.startswith(told):
                self._begun = None
            before = self._block_begun()
        self._streamed = True
        self.ending.text_came()
        return (*before, delta)

    def _block_begun(self) -> Iterator[Delta]:
        begun, self._begun = self._begun, None
        if begun is not None:
            self._streamed = True
            self.ending.text_came()
            yield begun

    def _at_once(self, message: Mapping[str, object]) -> Iterator[Delta]:
        """A message sent in one piece: the answer itself, or a repetition of what was streamed."""
        if not self._streamed:
            self.whole, self._message = True, message
            blocks = message.get("content")
            yield from filter(None, map(_said, cast(list[object], blocks) if isinstance(blocks, list) else ()))
            self._output_tokens = mapping(message.get("usage")).get("output_tokens")
        self._count(message.get("usage"))
        self._told(message)

    def _told(self, said: Mapping[str, object]) -> None:
        self.ending.told(said.get("stop_reason"), mapping(said.get("stop_details")).get("explanation"))

    def done(self, *flags: Flag) -> Done:
        """The end as reported. Their input count excludes the cache,
        ours includes it: docs/design/providers.md#anthropic."""
        # The first event also counts output, but only what was generated by then; the deltas have the final count.
        counts = Counts(self._usage | {"output_tokens": self._output_tokens})
        usage = counts.usage(
            input_tokens=counts.total("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"),
            output_tokens=counts("output_tokens"),
            cache_read_tokens=counts("cache_read_input_tokens"),
            cache_write_tokens=counts("cache_creation_input_tokens"),
            reasoning_tokens=counts("output_tokens_details", "thinking_tokens"),
        )  # fmt: skip
        told = (*flags, *counts.flags, *(("not_streamed",) if self.whole else ()))
        return Done(
            self.ending.stop, self.ending.reason, usage, self._usage or None,
            response_model=word(self._message.get("model")), response_id=word(self._message.get("id")),
            flags=cast(tuple[Flag, ...], told), why=self.ending.why,
            fingerprint=fingerprint(**{name: self._usage.get(name) for name in _SERVING}),
        )  # fmt: skip

    def _count(self, usage: object) -> None:
        """Add counts, which are cumulative: a later count replaces an earlier one, unless it is null or zero."""
        told = as_raw(usage) or {}
        self._usage |= {name: value for name, value in told.items() if value or name not in self._usage}


def _said(piece: object) -> Delta | None:
    """The text in a block or delta; signatures, citations and tool input are ignored."""
    said = mapping(piece)
    for kind in _KINDS:
        if text := said.get(kind):
            if not isinstance(text, str):
                raise errors.error("protocol", f"a block contains {type(text).__name__} where text was expected")
            return Delta(kind, text)
    return None


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
