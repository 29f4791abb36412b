"""OpenAI's Responses API: writes requests and reads its event stream.

Times, retries and states are up to `measure.py`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, cast

from providers import errors
from providers.adapters.base import fixed_context
from providers.adapters.fingerprint import fingerprint
from providers.adapters.openai_client import OpenAIAdapter, alternatives, data_url
from providers.adapters.openai_counts import usage_in
from providers.adapters.plain_events import mapping, word
from providers.adapters.server_timings import server_timings
from providers.adapters.stop_reasons import meaning
from providers.adapters.token_alternatives import NextWords
from providers.interface import Adjustment, Delta, Done, Flag, Message, Request, Stop
from providers.measuring.usage import Counts, as_raw
from providers.network import vendor_errors
from providers.network.event_lines import EventLines
from providers.network.exchange import tell_so_far
from providers.network.stream_lines import as_it_is, parsed

_NOT_HERE = 'The Responses API takes none (api = "chat" does)'

_KINDS: dict[str, Literal["text", "thinking"]] = {
    "response.output_text.delta": "text",
    "response.refusal.delta": "text",
    "response.reasoning_summary_text.delta": "thinking",
    "response.reasoning_text.delta": "thinking",
}
_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed", "response.cancelled"})
_CALLS = frozenset({"function_call", "custom_tool_call"})
"""Calls that wait for the caller, so that the answer is not over, whatever it says besides."""

# Values of `response.error.code` for failures on the vendor's side; all others are faults of the request.
_VENDORS_FAULT = frozenset({"server_error", "rate_limit_exceeded", "vector_store_timeout"})

# Parts of the canned answer below, which has every kind of event that answers usually have.
_AT = b'"item_id":"i","output_index":0'
_PART = b'{"type":"output_text","text":"a","annotations":[],"logprobs":[]}'
_CANNED = (
    b'"id":"r","created_at":0,"model":"m","object":"response","tools":[],"tool_choice":"auto",'
    b'"parallel_tool_calls":true,"reasoning":{"effort":"low","summary":"auto"},"text":{"format":{"type":"text"}}'
)


class OpenAIResponses(OpenAIAdapter):
    """Models reached through the Responses API."""

    def changes(self, request: Request) -> tuple[Adjustment, ...]:
        """`seed` and `stop` do not exist here."""
        given = {"seed": request.settings.seed is not None, "stop": bool(request.settings.stop)}
        unknown = tuple(Adjustment(setting, _NOT_HERE) for setting, is_set in given.items() if is_set)
        return unknown + fixed_context(request)

    async def read(self, client: Any, arguments: dict[str, Any]) -> AsyncGenerator[Delta | Done]:
        """See `SdkAdapter`. The stream is read on after the end, so that the connection can be reused."""
        answer = _Answer()
        tell_so_far(answer.told)
        async with await self.events(client, "/responses", arguments) as events:
            async for event in events:
                for item in answer.take(event):
                    yield item

    def lines(self) -> EventLines:
        """See `SdkAdapter.lines`."""
        return EventLines(_as_event, _as_events, names=None)

    async def next_words(self, request: Request, k: int) -> NextWords:
        """See `token_alternatives.Teller`. The API does not accept a limit below 16 tokens."""
        few = replace(request, settings=replace(request.settings, max_output_tokens=16))
        wanted = self.arguments(few) | {"include": ["message.output_text.logprobs"], "top_logprobs": k}
        wanted = {name: value for name, value in wanted.items() if name not in ("stream", "stream_options")}
        client = await self.ready_client()
        told = await client.responses.create(**wanted)
        parts = (part for item in told.output or () for part in getattr(item, "content", None) or ())
        tokens: Any = next((found for part in parts if (found := getattr(part, "logprobs", None))), None)
        usage = usage_in(Counts(getattr(told, "usage", None)))
        return NextWords(alternatives(tokens), usage, getattr(told, "model", None))

    def arguments(self, request: Request) -> dict[str, Any]:
        """See `SdkAdapter.arguments`."""
        settings = request.settings
        wanted = {
            "instructions": settings.system,
            "max_output_tokens": settings.max_output_tokens,
            "temperature": settings.temperature,
            "top_p": settings.top_p,
            "reasoning": _reasoning(settings.effort),
            # Padding that hides token lengths from eavesdroppers and costs bandwidth; other hosts may not know the
            # field.
            "stream_options": {"include_obfuscation": False} if self.at_openai else None,
        }
        always = {
            "model": request.model, "input": [_message(m) for m in request.messages],
            "stream": True, "store": False,
        }  # fmt: skip
        return always | {name: value for name, value in wanted.items() if value is not None}

    canned = b"".join(
        b'data: {"sequence_number":0,"type":"response.' + event + b"}\n\n"
        for event in (
            b'created","response":{' + _CANNED + b',"status":"in_progress","output":[]}',
            b'in_progress","response":{' + _CANNED + b',"status":"in_progress","output":[]}',
            b'output_item.added","output_index":0,"item":{"id":"i","type":"reasoning","summary":[]}',
            b'reasoning_summary_part.added",' + _AT + b',"summary_index":0,"part":{"type":"summary_text","text":""}',
            b'reasoning_summary_text.delta",' + _AT + b',"summary_index":0,"delta":"a"',
            b'reasoning_summary_text.done",' + _AT + b',"summary_index":0,"text":"a"',
            b'reasoning_summary_part.done",' + _AT + b',"summary_index":0,"part":{"type":"summary_text","text":"a"}',
            b'output_item.done","output_index":0,"item":{"id":"i","type":"reasoning","summary":[]}',
            b'content_part.added",' + _AT + b',"content_index":0,"part":' + _PART,
            b'output_text.delta",' + _AT + b',"content_index":0,"delta":"a","logprobs":[]',
            b'output_text.done",' + _AT + b',"content_index":0,"text":"a","logprobs":[]',
            b'content_part.done",' + _AT + b',"content_index":0,"part":' + _PART,
            b'completed","response":{' + _CANNED + b',"status":"completed","output":[{"id":"i","type":"message",'
            b'"role":"assistant","status":"completed","content":[' + _PART + b']}],"usage":{"input_tokens":1,'
            b'"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"output_tokens":1,'
            b'"output_tokens_details":{"reasoning_tokens":0},"total_tokens":2}}',
        )
    )


class _Answer:
    """What the events of one stream have contained so far."""

    def __init__(self) -> None:
        self._streamed = self._refused = self._ended = False
        self._texts: list[str] = []
        self._begun: Mapping[str, object] = {}
        """The response as it was last told on its way."""

    def take(self, event: object) -> Iterable[Delta | Done]:
        """The deltas and the end in this event; nothing after the end, nor for unknown events."""
        said = mapping(event)
        kind = said.get("type")
        if self._ended:
            return ()
        if kind in _KINDS:
            self._streamed = True
            return self._delta(cast(str, kind), said.get("delta"))
        if kind in _ENDS:
            response = mapping(said.get("response"))
            status = f"response.{response.get('status')}"  # more exact than the event's name, if they differ
            return self._end(status if status in _ENDS else cast(str, kind), response)
        if kind == "response.output_text.done" and not self._texts:
            return self._delta("response.output_text.delta", said.get("text") or "")
        self._begun = mapping(said.get("response")) or self._begun
        return ()

    def told(self) -> Done:
        """All that was told so far; of counts nothing, unless a host tells them on the way."""
        return _done(self._begun, "other", "in_progress")

    def _delta(self, kind: str, text: object) -> Iterable[Delta]:
        if not isinstance(text, str):
            raise errors.error("protocol", f"{kind} contains {type(text).__name__} where text was expected")
        if not text:
            return ()
        if _KINDS[kind] == "text":
            self._texts.append(text)
        self._refused |= kind == "response.refusal.delta"
        return (Delta(_KINDS[kind], text),)

    def _end(self, kind: str, response: Mapping[str, object]) -> Iterator[Delta | Done]:
        if kind == "response.failed":
            done = _done(response, "error", "failed")
            raise errors.ProviderError(_failed(response), done if done.raw_usage else None)
        yield from self._rest(response)
        self._ended = True
        stop, reason = self._reason(kind, response)
        yield _done(response, stop, reason, *(() if self._streamed or not self._texts else ("not_streamed",)))

    def _reason(self, kind: str, response: Mapping[str, object]) -> tuple[Stop, str]:
        if kind == "response.incomplete":
            why = mapping(response.get("incomplete_details")).get("reason")
            return (meaning(str(why)), str(why)) if why else ("other", "incomplete")
        if kind == "response.cancelled":
            return "error", "cancelled"
        kinds = {item.get("type") for item in _items(response.get("output"))}
        if kinds & _CALLS or (not self._texts and "mcp_call" in kinds):
            return "tool", "completed"
        return "refusal" if self._refused else "stop", "completed"

    def _rest(self, response: Mapping[str, object]) -> Iterator[Delta]:
        """Text in the last event that was not streamed, as one delta: all of it, or an end that a proxy has lost."""
        whole, refused = "", False
        for part in (part for item in _items(response.get("output")) for part in _items(item.get("content"))):
            kind = part.get("type")
            text = part.get("refusal" if kind == "refusal" else "text")
            if kind in ("output_text", "refusal") and isinstance(text, str):
                refused |= kind == "refusal"
                whole += text
        streamed = "".join(self._texts)
        if len(whole) > len(streamed) and whole.startswith(streamed):
            self._refused |= refused
            self._texts.append(whole)
            yield Delta("text", whole[len(streamed) :])


def _items(value: object) -> Iterator[Mapping[str, object]]:
    """The objects in a list; nothing if it is not a list."""
    return map(mapping, cast(list[object], value) if isinstance(value, list) else ())


def _as_events(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """A response in one piece, converted to the event that would have ended its stream."""
    if isinstance(document.get("type"), str):  # one of a list of events
        yield document
        return
    for response in as_it_is(document):
        if response.get("object") == "response" or isinstance(response.get("output"), list):
            status = response.get("status")
            kind = status if status in ("incomplete", "failed", "cancelled") else "completed"
            yield {"type": f"response.{kind}", "response": response}
        else:
            yield response


def _as_event(data: bytes) -> bytes:
    """A response sent as is in the stream, wrapped into the event it belongs to."""
    if b'"response.' in data or b'"output"' not in data:
        return data  # the usual case
    document = parsed(data)
    if not isinstance(document, Mapping) or "type" in document:
        return data
    return json.dumps(next(iter(_as_events(cast(Mapping[str, object], document))))).encode()


def _done(response: Mapping[str, object], stop: Stop, reason: str, *flags: Flag) -> Done:
    counts = Counts(told := mapping(response.get("usage")))
    usage = usage_in(counts)
    return Done(
        stop, stop_reason=reason, usage=usage, raw_usage=as_raw(told) or None, flags=counts.flags + flags,
        response_model=word(response.get("model")), response_id=word(response.get("id")),
        fingerprint=fingerprint(service_tier=response.get("service_tier")),
        server_timings=server_timings(response, {}),
    )  # fmt: skip


def _failed(response: Mapping[str, object]) -> errors.Failure:
    """`response.failed` ends a generation that had begun, so it may be charged and is only repeated with consent."""
    told = response.get("error")
    code = mapping(told).get("code")
    failed = vendor_errors.from_data(told or {"message": "the response failed"})
    if failed.kind == "server" and code and code not in _VENDORS_FAULT:
        return replace(failed, kind="bad_request", retry="no")
    return replace(failed, retry="ask") if failed.retry == "yes" else failed


def _reasoning(effort: str | None) -> dict[str, str] | None:
    """Summaries are only requested together with an effort, as some accounts are not allowed to have them."""
    if effort is None:
        return None
    return {"effort": effort} if effort == "none" else {"effort": effort, "summary": "auto"}


def _message(message: Message) -> dict[str, Any]:
    if not message.attachments:
        return {"role": message.role, "content": message.text}
    parts: list[dict[str, str]] = []
    for file in message.attachments:
        if file.media_type.startswith("image/"):
            parts.append({"type": "input_image", "image_url": data_url(file), "detail": "auto"})
        else:
            parts.append({"type": "input_file", "filename": file.name, "file_data": data_url(file)})
    return {"role": message.role, "content": [*parts, {"type": "input_text", "text": message.text}]}
