"""The Chat Completions API, of OpenAI and of every compatible host: writes requests, opens streams.

Its answers, in the dialects of the hosts, are read by `openai_chat_answer.py`. Times, retries and states are up to
`measure.py`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

from providers.adapters.base import fixed_context
from providers.adapters.openai_chat_answer import Answer
from providers.adapters.openai_client import OpenAIAdapter, alternatives, data_url
from providers.adapters.stop_reasons import until_quiet
from providers.adapters.token_alternatives import NextWords
from providers.adapters.token_counts import cost_in, usage_in
from providers.interface import Adjustment, Delta, Done, Message, Request
from providers.measuring.usage import Counts, as_raw
from providers.network.event_lines import EventLines
from providers.network.exchange import exchange, tell_so_far


class OpenAIChat(OpenAIAdapter):
    """Models reached through the Chat Completions API."""

    most_alternatives = 5
    """The most alternatives per token to ask for outside OpenAI: some hosts refuse more."""

    def changes(self, request: Request) -> tuple[Adjustment, ...]:
        """Every setting can be sent, except the context length, which the server chose when it was started."""
        return fixed_context(request)

    def lines(self) -> EventLines:
        """See `SdkAdapter.lines`."""
        return EventLines(names=False, stops=True)

    async def read(self, client: Any, arguments: dict[str, Any]) -> AsyncGenerator[Delta | Done]:
        """See `SdkAdapter`. The end is only known when the stream is over,
        as text and usage may follow a stop reason."""
        seen = exchange.get()
        answer = Answer(seen.heard if seen else None)
        tell_so_far(answer.told)
        try:
            async with await self.events(client, "/chat/completions", arguments) as chunks:
                async for chunk in until_quiet(chunks, answer.ending):
                    for delta in answer.take(chunk):
                        yield delta
        except Exception as exc:
            if not answer.ending.survives(exc):
                raise
        if done := answer.done():
            yield done

    async def next_words(self, request: Request, k: int) -> NextWords:
        """See `token_alternatives.Teller`."""
        one = replace(request, settings=replace(request.settings, max_output_tokens=1))
        most = k if self.at_openai else min(k, self.most_alternatives)
        wanted = self.arguments(one) | {"logprobs": True, "top_logprobs": most}
        del wanted["stream"], wanted["stream_options"]
        client = await self.ready_client()
        told = await client.chat.completions.create(**wanted)
        choice: Any = next(iter(getattr(told, "choices", None) or ()), None)
        tokens: Any = getattr(getattr(choice, "logprobs", None), "content", None)
        counted = as_raw(getattr(told, "usage", None))
        return NextWords(
            alternatives(tokens), usage_in(Counts(counted)), getattr(told, "model", None), cost_in(counted)
        )

    def arguments(self, request: Request) -> dict[str, Any]:
        """See `SdkAdapter.arguments`."""
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
