"""What else is asked of providers: their lists of models, whether a connection works, the odds of a next word."""

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
    """Asks with the runner's providers, so that every connection has one client."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def models(self, connection: Connection) -> tuple[ModelInfo, ...]:
        """The live list. Raises `ProviderError`."""
        return await list_models(self._runner.provider(connection))

    async def check(self, connection: Connection) -> AsyncGenerator[Step]:
        """Whether the connection works, step by step."""
        async for step in check(connection, self._runner.provider(connection), self._runner.pricer):
            yield step

    async def next_words(self, connection: Connection, request: Request, most: int) -> Told | NotExposed | Failure:
        """The likeliest first tokens of an answer, at most so many."""
        provider = self._runner.provider(connection)
        async with self._turn(provider):
            return await token_alternatives.ask(provider, request, most, price=self._runner.pricer)

    async def off_record(self, connection: Connection, request: Request) -> Completion:
        """An answer that is kept nowhere, to show how a model on this computer writes. Raises `NotLocalError`."""
        provider = self._runner.provider(connection)
        if not provider.local:
            raise NotLocalError(f"{connection.label} is not on this computer: what it answers goes on record.")
        async with self._turn(provider):
            return await complete(provider, request, price=self._runner.pricer)

    def _turn(self, provider: Provider) -> AbstractAsyncContextManager[None]:
        """On one machine models take turns, so that no run is measured while another question takes its time."""
        return self._runner.machine(provider) if provider.local else nullcontext()

    async def warm(self, connections: Iterable[Connection]) -> None:
        """Import what they need before the first run waits for it. What is wrong is said when they are asked."""
        for connection in connections:
            try:
                await self._runner.provider(connection).warm()
            except Exception as exc:  # noqa: BLE001 -- as the docstring says
                log.debug("%s could not be warmed: %s", connection.name, exc)
