"""OpenAI's Responses API: writes requests, opens event streams.

Answers are read by `openai_responses_answer.py`. Times, retries and states are up to `measure.py`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from providers.adapters.base import fixed_context
from providers.adapters.openai_client import OpenAIAdapter, alternatives, data_url
from providers.adapters.openai_responses_answer import Answer
from providers.adapters.token_alternatives import NextWords
from providers.adapters.token_counts import usage_in
from providers.interface import Adjustment, Delta, Done, Message, Request
from providers.measuring.usage import Counts, as_raw
from providers.network.documents import as_it_is, parsed
from providers.network.event_lines import EventLines
from providers.network.exchange import tell_so_far

_NOT_HERE = 'The Responses API takes none (api = "chat" does)'

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
        answer = Answer()
        tell_so_far(answer.told)
        async with await self.events(client, "/responses", arguments) as events:
            async for event in events:
                for item in answer.take(event):
                    yield item

    def lines(self) -> EventLines:
        """See `SdkAdapter.lines`."""
        return EventLines(_as_event, _as_events, names=None, stops=True)

    async def next_words(self, request: Request, k: int) -> NextWords:
        """See `token_alternatives.Teller`. The API does not accept a limit below 16 tokens."""
        few = replace(request, settings=replace(request.settings, max_output_tokens=16))
        wanted = self.arguments(few) | {"include": ["message.output_text.logprobs"], "top_logprobs": k}
        wanted = {name: value for name, value in wanted.items() if name not in ("stream", "stream_options")}
        client = await self.ready_client()
        told = await client.responses.create(**wanted)
        parts = (part for item in told.output or () for part in getattr(item, "content", None) or ())
        tokens: Any = next((found for part in parts if (found := getattr(part, "logprobs", None))), None)
        usage = usage_in(Counts(as_raw(getattr(told, "usage", None))))
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
