"""The list of models that each provider offers now, fetched in the background and remembered.

Owns the latest list per connection. Never blocks a page: a list that has not come yet is simply missing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from prompts.record.recorder import RecordError
from providers import errors
from providers.config.connections import Connection
from providers.errors import Failure
from providers.interface import ModelInfo

AskFor = Callable[[Connection], Awaitable[tuple[ModelInfo, ...]]]
"""Fetches a provider's live list. Raises `ProviderError`."""
FRESH_S = 300.0
LOADED_S = 20.0
"""Seconds for which the list of an Ollama server is fresh: it also says what is loaded, which changes often."""
RETRY_S = 10.0
"""Seconds after which a provider that failed is asked again: its server may have been started meanwhile."""
_PROBE_S = 0.3


@dataclass(frozen=True, slots=True)
class Listing:
    """A provider's list of models, or why there is none (`failure`)."""

    models: tuple[ModelInfo, ...] = ()
    failure: Failure | None = None


class LiveModels:
    """The lists of models, by connection."""

    def __init__(self, ask: AskFor) -> None:
        self._ask_for = ask
        self._known: dict[Connection, tuple[float, Listing]] = {}
        self._asking: set[Connection] = set()

    def get(self, connection: Connection) -> Listing | None:
        """The latest list; `None` as long as none has come."""
        found = self._known.get(connection)
        return found[1] if found else None

    def forget(self, connection: Connection) -> None:
        """Drop the list, because what the provider offers has just changed."""
        self._known.pop(connection, None)

    async def refresh(self, connections: list[Connection]) -> None:
        """Fetch the lists that are missing or stale, of usable connections only, all at the same time."""
        stale = [c for c in connections if c.usable and c not in self._asking and not self._fresh(c)]
        await asyncio.gather(*(self._ask(connection) for connection in stale))

    def _fresh(self, connection: Connection) -> bool:
        found = self._known.get(connection)
        if found is None:
            return False
        asked, listing = found
        return time.monotonic() - asked < (
            RETRY_S if listing.failure else LOADED_S if connection.kind == "ollama" else FRESH_S
        )

    async def _ask(self, connection: Connection) -> None:
        self._asking.add(connection)
        try:
            if connection.local and not await _listens(connection):
                # A bare attempt to connect suffices: no SDK is imported for a server that is not running.
                failure = errors.failure("local_unavailable", f"nothing answers at {connection.endpoint}")
                listing = Listing(failure=failure)
            else:
                listing = Listing(await self._ask_for(connection))
        except RecordError:
            return  # the asking process has ended and is being started again: the next page will ask anew
        except errors.ProviderError as exc:
            listing = Listing(failure=exc.failure)
        finally:
            self._asking.discard(connection)
        self._known[connection] = (time.monotonic(), listing)


async def _listens(connection: Connection) -> bool:
    if not connection.base_url:
        return True
    parts = urlsplit(connection.base_url)
    try:
        async with asyncio.timeout(_PROBE_S):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
