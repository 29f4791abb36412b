"""Which models each provider offers right now, asked in the background and remembered.

Owns the latest list per connection. Never blocks the page: what is not known yet is simply not there.
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
"""One provider's live list. Raises `ProviderError`."""
FRESH_S = 300.0
LOADED_S = 20.0
"""The same for a server that also says what it has loaded, which changes with every question."""
RETRY_S = 10.0
"""How soon a provider that did not answer is asked again: its server may just have been started."""
_PROBE_S = 0.3


@dataclass(frozen=True, slots=True)
class Listing:
    """One provider's answer. `failure` says why there is none."""

    models: tuple[ModelInfo, ...] = ()
    failure: Failure | None = None


class LiveModels:
    """The lists of models, by connection."""

    def __init__(self, ask: AskFor) -> None:
        self._ask_for = ask
        self._known: dict[Connection, tuple[float, Listing]] = {}
        self._asking: set[Connection] = set()

    def get(self, connection: Connection) -> Listing | None:
        """The latest list; `None` while it was never answered."""
        found = self._known.get(connection)
        return found[1] if found else None

    def forget(self, connection: Connection) -> None:
        """Ask anew next time: what it offers has just been changed."""
        self._known.pop(connection, None)

    async def refresh(self, connections: list[Connection]) -> None:
        """Ask those whose list is missing or stale, all at once."""
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
                # Told by a bare connection attempt: an SDK is not imported for a server that is not there.
                failure = errors.failure("local_unavailable", f"nothing answers at {connection.endpoint}")
                listing = Listing(failure=failure)
            else:
                listing = Listing(await self._ask_for(connection))
        except RecordError:
            return  # whoever asks for us has ended and is started again: the next page asks anew
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
