"""What an Ollama server has on disk and in memory, and the commands that change it: pull, delete, unload.

Owns reading Ollama's own lists (`/api/tags`, `/api/ps`, `/api/show`) and the progress of a pull. Uses the adapter's
client, so address, key, proxy and network guards are the same as for questions. Refuses a server that is not the user's
own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any, TypeVar

from providers import errors
from providers.adapters.ollama import Ollama
from providers.echoes import without_keys
from providers.local.ollama_facts import (
    Details,
    Installed,
    Inventory,
    Loaded,
    Progress,
    cache_bytes_per_token,
    work_buffers,
)
from providers.measuring.measure import monotonic
from providers.network import vendor_errors
from providers.network.exchange import Exchange, exchange

log = logging.getLogger("collate")
T = TypeVar("T")

ASK_S = 5.0
"""Seconds allowed for Ollama to list what it has."""
ACT_S = 30.0
"""Seconds allowed for deleting or unloading."""
GONE_S = 2.0
"""Seconds after which an idle model has left memory once it was unloaded."""
_GLANCE_S = 0.1
_SHOWN_AT_ONCE = 4


class OllamaModels:
    """The models of one server. Every method raises `ProviderError` and nothing else."""

    def __init__(self, provider: Ollama) -> None:
        if not provider.local:
            raise ValueError(f"{provider.endpoint} is not the user's own")
        self._provider = provider
        self._shown: dict[tuple[str, str | None], Details] = {}

    async def inventory(self) -> Inventory:
        """What is installed and loaded. Details that do not arrive in time are asked for again next time."""

        async def both(client: Any) -> tuple[Any, Any]:
            questions: tuple[Awaitable[Any], Awaitable[Any]] = client.list(), client.ps()
            return await asyncio.gather(*questions)

        listed, running = await self._ask(both, ASK_S)
        models = sorted((model for model in listed.models if model.model), key=_newest_first)
        turn = asyncio.Semaphore(_SHOWN_AT_ONCE)
        details = await asyncio.gather(*(self._details(model.model, model.digest, turn) for model in models))
        return without_keys(Inventory(tuple(map(_installed, models, details)), tuple(map(_loaded, running.models))))

    async def unload(self, name: str) -> bool:
        """Unload a model from memory. `False` if it is still there: one that is answering goes when it has finished."""
        await self._ask(lambda client: client.generate(model=name, keep_alive=0), ACT_S)
        until = monotonic() + GONE_S
        while Inventory((), await self._loaded()).in_memory(name) is not None:
            if monotonic() > until:
                return False
            await asyncio.sleep(_GLANCE_S)
        return True

    async def delete(self, name: str) -> None:
        """Delete a model from disk. Parts that another model shares are kept."""
        await self._ask(lambda client: client.delete(name), ACT_S)

    async def pull(self, name: str) -> AsyncGenerator[Progress]:
        """Download a model; yields each line of progress until it is complete.

        Closing the generator ends the connection.
        """
        before = exchange.get()
        seen = Exchange(clock=monotonic)
        last = ""
        try:
            client = await self._provider.ready_client()
            exchange.set(seen)
            async with aclosing(await client.pull(name, stream=True)) as lines:
                async for line in lines:
                    # The size budget is for runaway answers. Ollama writes 16 lines a second for as long as a
                    # download takes, and each is read, so a slow one that takes hours must not exceed it.
                    seen.received = 0
                    last = line.status or ""
                    yield without_keys(Progress(last, line.digest, line.total, line.completed))
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

        if isinstance(exc, ResponseError):  # an error line in the stream; HTTP errors never reach the SDK
            return errors.ProviderError(vendor_errors.from_event(None, exc.error))
        if isinstance(exc, ValueError) and type(exc).__name__ == "JSONDecodeError":
            return errors.ProviderError(errors.failure("connection", "the answer ended inside a line", retry="ask"))
        return errors.ProviderError(errors.as_local_failure(errors.from_exception(exc), exc))


def _newest_first(model: Any) -> tuple[float, str]:
    """A stable sort key: Ollama shuffles models changed in the same second,
    and rows must not move under a selection."""
    return -(model.modified_at.timestamp() if model.modified_at else 0.0), model.model


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
        work_buffers(facts),
    )
