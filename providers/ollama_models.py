"""What an Ollama server has on disk and in memory, and the orders that change it: pull, delete, unload.

Owns the reading of Ollama's own lists (`/api/tags`, `/api/ps`, `/api/show`), the course of a pull, and
what to do about its troubles. Speaks through the client of the adapter, so address, key, proxy and
network guards are those of every question. Refuses a server that is not the user's own.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from providers import errors, vendor_errors
from providers.errors import Failure
from providers.measure import monotonic
from providers.ollama import Ollama
from providers.transport import Exchange, exchange

log = logging.getLogger("collate")
T = TypeVar("T")

ASK_S = 5.0
"""How long Ollama may take to say what it has."""
ACT_S = 30.0
"""How long it may take to delete or to unload."""
GONE_S = 2.0
"""How soon an idle model has left the memory after it was unloaded."""
_GLANCE_S = 0.1
_SHOWN_AT_ONCE = 4

CACHE_BYTES = 2
"""Bytes of one number in the context cache: f16, Ollama's own choice unless OLLAMA_KV_CACHE_TYPE is set."""


@dataclass(frozen=True, slots=True)
class Details:
    """What `show` tells of a model. `None` = not told."""

    context_tokens: int | None = None
    """The most that the model can take in; what Ollama loads it with is usually far less."""
    capabilities: tuple[str, ...] | None = None
    cache_bytes_per_token: int | None = None
    """See `cache_bytes_per_token`."""


@dataclass(frozen=True, slots=True)
class Installed:
    """One model of Ollama's list."""

    name: str
    digest: str | None
    size_bytes: int | None
    """On disk."""
    family: str | None = None
    parameters: str | None = None
    quantization: str | None = None
    modified_at: datetime | None = None
    details: Details = Details()

    @property
    def in_cloud(self) -> bool:
        """It runs at ollama.com and only its name is here; Ollama ends the tag of such a model with `cloud`."""
        tag = self.name.rpartition(":")[2]
        return tag == "cloud" or tag.endswith("-cloud")

    @property
    def answers(self) -> bool:
        """Whether it can be asked; an embedding model cannot."""
        return self.details.capabilities is None or "completion" in self.details.capabilities


@dataclass(frozen=True, slots=True)
class Loaded:
    """One model in memory."""

    name: str
    size_bytes: int | None
    """In memory, all of it."""
    gpu_bytes: int | None = None
    """The part of it in the memory of graphics cards."""
    context_tokens: int | None = None
    """What it was loaded with."""
    expires_at: datetime | None = None
    """When Ollama unloads it unless it is asked again; with a time zone."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What there is, newest first, and what is in memory."""

    installed: tuple[Installed, ...]
    loaded: tuple[Loaded, ...]

    def in_memory(self, name: str) -> Loaded | None:
        """The loaded model of that name."""
        return next((model for model in self.loaded if full_name(model.name) == full_name(name)), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of a pull."""

    status: str
    digest: str | None = None
    """Which part is meant; a model is pulled in several, one after another."""
    total_bytes: int | None = None
    completed_bytes: int | None = None
    """`None` until the first byte of the part."""


class OllamaModels:
    """The models of one server. Every method raises `ProviderError` and nothing else."""

    def __init__(self, provider: Ollama) -> None:
        if not provider.local:
            raise ValueError(f"{provider.endpoint} is not the user's own")
        self._provider = provider
        self._shown: dict[tuple[str, str | None], Details] = {}

    async def inventory(self) -> Inventory:
        """What there is. Details that Ollama does not tell in time are asked again next time."""

        async def both(client: Any) -> tuple[Any, Any]:
            questions: tuple[Awaitable[Any], Awaitable[Any]] = client.list(), client.ps()
            return await asyncio.gather(*questions)

        listed, running = await self._ask(both, ASK_S)
        models = [model for model in listed.models if model.model]
        turn = asyncio.Semaphore(_SHOWN_AT_ONCE)
        details = await asyncio.gather(*(self._details(model.model, model.digest, turn) for model in models))
        return Inventory(tuple(map(_installed, models, details)), tuple(map(_loaded, running.models)))

    async def unload(self, name: str) -> bool:
        """Take a model out of memory. False if it is there still: one that is answering goes when it has done so."""
        await self._ask(lambda client: client.generate(model=name, keep_alive=0), ACT_S)
        until = monotonic() + GONE_S
        while Inventory((), await self._loaded()).in_memory(name) is not None:
            if monotonic() > until:
                return False
            await asyncio.sleep(_GLANCE_S)
        return True

    async def delete(self, name: str) -> None:
        """Remove a model from disk. Parts that another model shares stay."""
        await self._ask(lambda client: client.delete(name), ACT_S)

    async def pull(self, name: str) -> AsyncGenerator[Progress]:
        """Download a model, line by line until it is complete. Closing the generator ends the connection."""
        before = exchange.get()
        seen = Exchange(clock=monotonic)
        last = ""
        try:
            client = await self._provider.ready_client()
            exchange.set(seen)
            async with aclosing(await client.pull(name, stream=True)) as lines:
                async for line in lines:
                    # The budget bounds what is sent to nobody. Ollama writes 16 lines a second for as long as a
                    # download takes, and each is read: a slow one of hours must not meet it.
                    seen.received = 0
                    last = line.status or ""
                    yield Progress(last, line.digest, line.total, line.completed)
        except Exception as exc:
            raise self._failed(exc) from exc
        finally:
            exchange.set(before)
        if last != "success":
            said = f"Ollama stopped at {last!r}, without saying that the model is complete"
            raise errors.ProviderError(errors.failure("connection", said, retry="ask"))

    async def _loaded(self) -> tuple[Loaded, ...]:
        running = await self._ask(lambda client: client.ps(), ASK_S)
        return tuple(map(_loaded, running.models))

    async def _details(self, name: str, digest: str | None, turn: asyncio.Semaphore) -> Details:
        key = (name, digest)
        if key not in self._shown:
            try:
                async with turn:
                    self._shown[key] = _details(await self._ask(lambda client: client.show(name), ASK_S))
            except errors.ProviderError:
                log.debug("no details of %s", name, exc_info=True)
                return Details()
        return self._shown[key]

    async def _ask(self, question: Callable[[Any], Awaitable[T]], limit_s: float) -> T:
        try:
            client = await self._provider.ready_client()
            async with asyncio.timeout(limit_s):
                return await question(client)
        except TimeoutError as exc:
            raise errors.error("timeout", f"no answer within {limit_s:g} s") from exc
        except Exception as exc:
            raise self._failed(exc) from exc

    def _failed(self, exc: Exception) -> errors.ProviderError:
        from ollama import ResponseError

        if isinstance(exc, ResponseError):  # an error line inside the stream; HTTP errors never reach the SDK
            return errors.ProviderError(vendor_errors.from_event(None, exc.error))
        if isinstance(exc, ValueError) and type(exc).__name__ == "JSONDecodeError":
            return errors.ProviderError(errors.failure("connection", "the answer ended inside a line", retry="ask"))
        return errors.ProviderError(errors.at_home(errors.from_exception(exc), exc))


def full_name(model: str) -> str:
    """`model` with its tag: without one, Ollama means `latest`."""
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"


def wanted(text: str) -> str:
    """The model that was typed or pasted, also as a command or as the address of its page; empty for none."""
    text = re.sub(r"^(?:ollama\s+(?:run|pull)\s+|https?://(?:www\.)?ollama\.com/(?:library/)?)", "", text.strip())
    return text.rstrip("/") if re.fullmatch(r"[\w.:/@-]+", text) else ""


def cache_bytes_per_token(facts: Mapping[str, object]) -> int | None:
    """Memory that one token of context takes: layers x KV heads x (key length + value length) x 2 bytes.

    For attention kept in full in every layer; a model that keeps only a window in some layers takes less.
    `None` where a number is not told, or the cache is of another kind (compressed, or different by layer).
    """
    prefix = f"{facts.get('general.architecture')}."
    if f"{prefix}attention.kv_lora_rank" in facts:
        return None

    def number(key: str) -> int | None:
        value = facts.get(prefix + key)
        return value if isinstance(value, int) and value > 0 else None

    layers, heads = number("block_count"), number("attention.head_count")
    kv_heads = number("attention.head_count_kv") if f"{prefix}attention.head_count_kv" in facts else heads
    width = number("embedding_length")
    usual = width // heads if width is not None and heads is not None else None
    key, value = number("attention.key_length") or usual, number("attention.value_length") or usual
    if layers is None or kv_heads is None or key is None or value is None:
        return None
    return layers * kv_heads * (key + value) * CACHE_BYTES


_ADVICE = (
    (r"no space left|not enough space|disk (?:is )?full",
     "The disk is full. Delete a model or free some space, then pull again: what has arrived is kept."),
    (r"newer version of ollama|update ollama", "Update Ollama, then pull again."),
    (r"file does not exist|model .*not found|manifest unknown|invalid model name",
     "Check the name and its tag; the library is at ollama.com/library."),
    (r"unauthorized|access denied|forbidden", "This model needs a sign-in: run `ollama signin`, then pull again."),
    (r"no such host|dial tcp|timeout|unreachable|max retries|connection re(?:set|fused)|eof",
     "Ollama could not reach the library. Check the network, then pull again: it goes on from what has arrived."),
)  # fmt: skip


def advice(failed: Failure, endpoint: str) -> str:
    """One line that says what to do about it."""
    if failed.kind == "local_unavailable":
        return f"Ollama does not answer at {endpoint}: start it with `ollama serve`, or install it from ollama.com."
    if failed.kind == "timeout":
        return f"Ollama at {endpoint} is slow to answer: it may be busy loading a model. Try again in a moment."
    if failed.kind == "connection":
        return "See that Ollama still runs, then pull again: it goes on from what has arrived."
    found = next((said for words, said in _ADVICE if re.search(words, failed.message.lower())), None)
    return found or failed.next_step(provider="Ollama", model="this model", endpoint=endpoint)


def _installed(model: Any, details: Details) -> Installed:
    told = model.details
    return Installed(
        model.model, model.digest, model.size,
        (told and told.family) or None, (told and told.parameter_size) or None,
        (told and told.quantization_level) or None, model.modified_at, details,
    )  # fmt: skip


def _loaded(model: Any) -> Loaded:
    return Loaded(
        model.model or model.name or "", model.size, model.size_vram, model.context_length or None, model.expires_at
    )


def _details(shown: Any) -> Details:
    facts: Mapping[str, object] = shown.modelinfo or {}
    context = facts.get(f"{facts.get('general.architecture')}.context_length")
    told = shown.capabilities
    return Details(
        context if isinstance(context, int) else None,
        None if told is None else tuple(told),
        cache_bytes_per_token(facts),
    )
