"""The Chat Completions API, of OpenAI and of every compatible host: requests written, streams read.

Owns that format with the dialects of its hosts, and nothing else: times, retries and verdicts are
`measure.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast

from providers import errors
from providers.adapters.fingerprint import fingerprint
from providers.adapters.openai_client import OpenAIAdapter, alternatives, data_url, stream_errors
from providers.adapters.token_alternatives import NextWords
from providers.interface import Adjustment, Delta, Done, Message, Request, Stop, Usage
from providers.measuring.usage import Counts, as_raw
from providers.network import transport

_Kind = Literal["text", "thinking"]

_STOPS: dict[str, Stop] = {"stop": "stop", "length": "length", "model_length": "length", "content_filter": "filter"}
_END_MARKER = re.compile(rb"^data: *\[DONE\]", re.MULTILINE)


class OpenAIChat(OpenAIAdapter):
    """Models reached through the Chat Completions API."""

    def adjustments(self, request: Request) -> tuple[Adjustment, ...]:
        """Every setting has its field here."""
        return ()

    async def read(self, client: Any, request: Request) -> AsyncGenerator[Delta | Done]:
        """See `SdkAdapter`. The end is known only when the stream is over: usage follows the stop reason."""
        answer = _Answer()
        try:
            with stream_errors():
                async with await client.chat.completions.create(**self._parameters(request)) as chunks:
                    async for chunk in chunks:
                        for delta in answer.take(chunk):
                            yield delta
        except Exception:
            if answer.stop_reason is None:  # a stop reason proves the answer, however the stream then breaks
                raise
        if done := answer.done(marked=_end_marker_seen()):
            yield done

    async def next_words(self, request: Request, k: int) -> NextWords:
        """See `next_words.Teller`. Some hosts refuse to tell more than five."""
        one = replace(request, settings=replace(request.settings, max_output_tokens=1))
        wanted = self._parameters(one) | {"logprobs": True, "top_logprobs": k if self.at_openai else min(k, 5)}
        del wanted["stream"], wanted["stream_options"]
        client = await self.ready_client()
        told = await client.chat.completions.create(**wanted)
        choice: Any = next(iter(getattr(told, "choices", None) or ()), None)
        tokens: Any = getattr(getattr(choice, "logprobs", None), "content", None)
        usage = getattr(told, "usage", None)
        return NextWords(alternatives(tokens), _usage(Counts(usage)), getattr(told, "model", None), _cost(usage))

    def _parameters(self, request: Request) -> dict[str, Any]:
        settings = request.settings
        system = [{"role": "system", "content": settings.system}] if settings.system is not None else []
        wanted = {
            "max_completion_tokens" if self.at_openai else "max_tokens": settings.max_output_tokens,
            "temperature": settings.temperature,
            "top_p": settings.top_p,
            "seed": settings.seed,
            "stop": list(settings.stop) or None,
            "reasoning_effort": settings.effort,
        }
        always = {
            "model": request.model, "messages": [*system, *map(_message, request.messages)],
            "stream": True, "stream_options": {"include_usage": True},
        }  # fmt: skip
        return always | {name: value for name, value in wanted.items() if value is not None}

    canned = b"".join(
        b"data: " + chunk + b"\n\n"
        for chunk in (
            b'{"id":"c","object":"chat.completion.chunk","created":0,"model":"m","choices":[{"index":0,'
            b'"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null}',
            b'{"id":"c","object":"chat.completion.chunk","created":0,"model":"m","choices":[{"index":0,'
            b'"delta":{"content":"a"},"logprobs":null,"finish_reason":null}],"usage":null}',
            b'{"id":"c","object":"chat.completion.chunk","created":0,"model":"m","choices":[{"index":0,'
            b'"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}',
            b'{"id":"c","object":"chat.completion.chunk","created":0,"model":"m","choices":[],"usage":{'
            b'"prompt_tokens":1,"completion_tokens":1,"total_tokens":2,"prompt_tokens_details":{"cached_tokens":0},'
            b'"completion_tokens_details":{"reasoning_tokens":0}}}',
            b"[DONE]",
        )
    )


class _Answer:
    """What the chunks of one stream have said so far."""

    def __init__(self) -> None:
        self.stop_reason: str | None = None
        self._usage: Any = None
        self._model: str | None = None
        self._id: str | None = None
        self._system: object = None
        self._tier: object = None
        self._choice_seen = self._refused = False

    def take(self, chunk: Any) -> Iterator[Delta]:
        """The deltas of choice 0 in this chunk; none after its stop reason."""
        self._model = self._model or getattr(chunk, "model", None)
        self._id = self._id or getattr(chunk, "id", None)
        self._system = getattr(chunk, "system_fingerprint", None) or self._system
        self._tier = getattr(chunk, "service_tier", None) or self._tier
        self._usage = getattr(chunk, "usage", None) or self._usage  # cumulative where it comes more than once
        choices: Any = getattr(chunk, "choices", None)
        if not isinstance(choices, list):
            return
        for choice in cast(list[Any], choices):
            if getattr(choice, "index", 0) in (0, None) and self.stop_reason is None:
                self._choice_seen = True
                yield from self._deltas(getattr(choice, "delta", None))
                self._finish(getattr(choice, "finish_reason", None))

    def done(self, *, marked: bool | None) -> Done | None:
        """The proof of the end; `None` without any. `marked`: `[DONE]` was seen, `None` where nobody looked.

        Raises `protocol` for an end without a beginning.
        """
        if self.stop_reason is None and not marked:
            return None
        if not self._choice_seen:
            raise errors.error("protocol", "the stream ended without a single choice")
        counts = Counts(self._usage)
        usage = _usage(counts)
        return Done(
            self._stop(), stop_reason=self.stop_reason, usage=usage, raw_usage=as_raw(self._usage),
            response_model=self._model, response_id=self._id, reported_cost=_cost(self._usage),
            flags=counts.flags + (("end_marker_missing",) if marked is False else ()),
            fingerprint=fingerprint(system_fingerprint=self._system, service_tier=self._tier),
        )  # fmt: skip

    def _stop(self) -> Stop:
        stop = _STOPS.get(self.stop_reason or "", "other")
        return "refusal" if self._refused and stop == "stop" else stop

    def _deltas(self, delta: Any) -> Iterator[Delta]:
        thinking = getattr(delta, "reasoning_content", None) or getattr(delta, "reasoning", None)
        yield from _pieces("thinking", thinking)
        yield from _pieces("text", getattr(delta, "content", None))
        for piece in _pieces("text", getattr(delta, "refusal", None)):
            self._refused = True
            yield piece

    def _finish(self, reason: object) -> None:
        if reason == "error":
            told = "the host ended the answer with finish_reason 'error'"
            raise errors.ProviderError(errors.failure("server", told, retry="ask"))
        if reason not in (None, ""):
            self.stop_reason = str(reason)


def _pieces(kind: _Kind, content: object) -> Iterator[Delta]:
    """Text as a delta; Mistral's thinking models send lists of parts instead."""
    if isinstance(content, str):
        if content:
            yield Delta(kind, content)
    elif isinstance(content, list):
        for part in cast(list[object], content):
            yield from _part(kind, part)
    elif content is not None:
        raise errors.error("protocol", f"a delta holds {type(content).__name__} where text belongs")


def _part(kind: _Kind, part: object) -> Iterator[Delta]:
    """`{"type": "text", "text": ...}`, or `thinking` likewise with parts nested in it; other types hold no text."""
    fields = cast(dict[str, object], part) if isinstance(part, dict) else {}
    named = fields.get("type")
    if not isinstance(named, str):
        raise errors.error("protocol", "a delta holds a list that is not of parts")
    if named in ("text", "thinking"):
        yield from _pieces("thinking" if named == "thinking" else kind, fields.get(named))


def _usage(counts: Counts) -> Usage | None:
    read, written, thought = counts("prompt_tokens"), counts("completion_tokens"), counts(*_THOUGHT)
    if thought and read is not None and written is not None and counts("total_tokens") == read + written + thought:
        written += thought  # xAI counts thinking beside the completion; its own total says so
    return counts.usage(
        input_tokens=read,
        output_tokens=written,
        cache_read_tokens=counts("prompt_tokens_details", "cached_tokens"),
        cache_write_tokens=counts("prompt_tokens_details", "cache_write_tokens"),
        reasoning_tokens=thought,
    )


_THOUGHT = ("completion_tokens_details", "reasoning_tokens")


def _cost(usage: object) -> Decimal | None:
    """What OpenRouter says the call cost, US dollars."""
    told = getattr(usage, "cost", None)
    if not isinstance(told, int | float | str):
        return None
    try:
        cost = Decimal(str(told))
    except InvalidOperation:
        return None
    return cost if cost.is_finite() and cost >= 0 else None


def _end_marker_seen() -> bool | None:
    seen = transport.exchange.get()
    return None if seen is None else _END_MARKER.search(seen.tail) is not None


def _message(message: Message) -> dict[str, Any]:
    if not message.attachments:
        return {"role": message.role, "content": message.text}
    parts: list[dict[str, object]] = []
    for file in message.attachments:
        if file.media_type.startswith("image/"):
            parts.append({"type": "image_url", "image_url": {"url": data_url(file)}})
        else:
            parts.append({"type": "file", "file": {"filename": file.name, "file_data": data_url(file)}})
    return {"role": message.role, "content": [*parts, {"type": "text", "text": message.text}]}
