"""The bare SDKs: one stream each, read to its end as their own documentation shows, nothing kept but the text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.asking import PROMPT

MODEL = "bare"


@dataclass(frozen=True, slots=True)
class Loop:
    """One client, and how it asks once."""

    ask: Callable[[], Awaitable[str]]
    aclose: Callable[[], Awaitable[object]]
    """Closes the client, which must happen on the event loop on which it asked."""

    async def __call__(self) -> str:
        """Ask once; the whole text."""
        return await self.ask()


def loop(name: str, url: str, transport: Any = None) -> Loop:
    """The loop of one format. `transport`: what its client sends through, instead of its own network."""
    if transport is None:
        return _LOOPS[name](url, {})
    if name == "ollama":
        return _ollama(url, {"transport": transport})
    import httpx2

    client = httpx2.AsyncClient(transport=transport)
    return _LOOPS[name](url, {"httpx_async_client" if name == "google" else "http_client": client})


def _chat(url: str, options: dict[str, Any]) -> Loop:
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key="none", base_url=f"{url}/v1", **options)

    async def ask() -> str:
        text = ""
        stream = await client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": PROMPT}], stream=True,
            stream_options={"include_usage": True},
        )  # fmt: skip
        async for chunk in stream:
            if chunk.choices:
                text += chunk.choices[0].delta.content or ""
        return text

    return Loop(ask, client.close)


def _responses(url: str, options: dict[str, Any]) -> Loop:
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key="none", base_url=f"{url}/v1", **options)

    async def ask() -> str:
        text = ""
        async for event in await client.responses.create(model=MODEL, input=PROMPT, stream=True):
            if event.type == "response.output_text.delta":
                text += event.delta
        return text

    return Loop(ask, client.close)


def _anthropic(url: str, options: dict[str, Any]) -> Loop:
    from anthropic import AsyncAnthropic

    client = AsyncAnthropic(api_key="none", base_url=url, **options)

    async def ask() -> str:
        text = ""
        stream = await client.messages.create(
            model=MODEL, max_tokens=1024, messages=[{"role": "user", "content": PROMPT}], stream=True
        )
        async for event in stream:
            if event.type == "content_block_delta" and event.delta.type == "text_delta":
                text += event.delta.text
        return text

    return Loop(ask, client.close)


def _google(url: str, options: dict[str, Any]) -> Loop:
    from google import genai

    client = genai.Client(api_key="none", http_options=genai.types.HttpOptions(base_url=url, **options))

    async def ask() -> str:
        text = ""
        async for chunk in await client.aio.models.generate_content_stream(model=MODEL, contents=PROMPT):
            text += chunk.text or ""
        return text

    return Loop(ask, client.aio.aclose)


def _ollama(url: str, options: dict[str, Any]) -> Loop:
    from ollama import AsyncClient

    client = AsyncClient(host=url, **options)

    async def ask() -> str:
        text = ""
        async for part in await client.chat(
            model=MODEL, messages=[{"role": "user", "content": PROMPT}], stream=True
        ):  # fmt: skip
            text += part.message.content or ""
        return text

    return Loop(ask, client.close)


_LOOPS: Mapping[str, Callable[[str, dict[str, Any]], Loop]] = {
    "chat": _chat, "responses": _responses, "anthropic": _anthropic, "google": _google, "ollama": _ollama,
}  # fmt: skip
