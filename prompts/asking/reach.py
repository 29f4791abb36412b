"""Other questions to providers: lists of models, whether a connection works, probabilities of the next token."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Iterable
from contextlib import AbstractAsyncContextManager, nullcontext

from prompts.asking.runner import NotLocalError, Runner
from providers.adapters import token_alternatives
from providers.adapters.token_alternatives import NotExposed, Told
from providers.check import Step, check
from providers.completion import Completion
from providers.config.connections import Connection
from providers.errors import Failure
from providers.interface import ModelInfo, Provider, Request
from providers.measuring.measure import complete
from providers.registry import list_models

log = logging.getLogger("collate")


class Reach:
    """Asks through the runner's providers, so that there is one client per connection."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def models(self, connection: Connection) -> tuple[ModelInfo, ...]:
        """The provider's current list of models. Raises `ProviderError`."""
        return await list_models(self._runner.provider(connection))

    async def check(self, connection: Connection) -> AsyncGenerator[Step]:
        """Check, step by step, whether the connection works."""
        async for step in check(connection, self._runner.provider(connection), self._runner.pricer):
            yield step

    async def next_words(self, connection: Connection, request: Request, most: int) -> Told | NotExposed | Failure:
        """The `most` likeliest first tokens of an answer to `request`, with their probabilities."""
        provider = self._runner.provider(connection)
        async with self._turn(provider):
            return await token_alternatives.ask(provider, request, most, price=self._runner.pricer)

    async def off_record(self, connection: Connection, request: Request) -> Completion:
        """An answer that is recorded nowhere, to show how a model on this computer writes.

        Raises `NotLocalError` for others.
        """
        provider = self._runner.provider(connection)
        if not provider.local:
            raise NotLocalError(f"{connection.label} is not on this computer, so its answers are recorded.")
        async with self._turn(provider):
            return await complete(provider, request, price=self._runner.pricer)

    def _turn(self, provider: Provider) -> AbstractAsyncContextManager[None]:
        """A turn at the provider's machine, so that this does not disturb the times measured in a run."""
        return self._runner.machine(provider) if provider.local else nullcontext()

    async def warm(self, connections: Iterable[Connection]) -> None:
        """Import what these connections need, so that the first run does not wait for it.

        Errors are ignored here; they are reported when a connection is used.
        """
        for connection in connections:
            try:
                await self._runner.provider(connection).warm()
            except Exception as exc:  # noqa: BLE001 -- as the docstring says
                log.debug("%s could not be warmed: %s", connection.name, exc)
