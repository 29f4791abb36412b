"""A provider that plays what a test writes down, asked on a clock of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from decimal import Decimal
from typing import Any

from providers.catalogue.pricing import Bill
from providers.completion import Completion, Cost
from providers.config.deadlines import Deadlines
from providers.interface import Adjustment, Condition, Delta, Done, Request, Usage
from providers.measuring import measure
from providers.measuring.measure import complete
from tests.wire.dialects import DIALECTS

ASK = Request.ask("model", "Say hello.")
USAGE = Usage(10, 9)
END = Done("stop", "end", USAGE, {"total": 19}, "model", "r-1")
CHAT = DIALECTS[1]


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 512.0

    def __call__(self) -> float:
        return self.now


class Wait:
    """A step that never ends by itself."""


class Scripted:
    """A provider that plays steps: a number moves the clock, an exception is raised, the rest is yielded."""

    name, endpoint, local = "scripted", "http://scripted", False
    thinking_tags, deadlines = True, Deadlines(first_byte_s=60)

    def __init__(self, *steps: Any, clock: Clock | None = None, **instead: Callable[..., Any]) -> None:
        self.steps, self.clock, self.instead = steps, clock or Clock(), instead
        self.asked, self.closed = 0, False

    def versions(self) -> Mapping[str, str]:
        return self.instead["versions"]() if "versions" in self.instead else {"scripted": "1"}

    def adjustments(self, request: Request) -> tuple[Adjustment, ...]:
        return self.instead["adjustments"](request) if "adjustments" in self.instead else ()

    async def prepare(self, request: Request) -> tuple[Condition, ...]:
        self.clock.now += 8.0  # whatever this takes is on no clock
        return await self.instead["prepare"]() if "prepare" in self.instead else ()

    async def learn(self, request: Request, done: Done) -> Done:
        self.clock.now += 8.0  # likewise
        return await self.instead["learn"](done) if "learn" in self.instead else done

    async def stream(self, _: Request) -> AsyncGenerator[Delta | Done]:
        self.asked += 1
        try:
            for step in self.steps:
                if isinstance(step, float):
                    self.clock.now += step
                elif isinstance(step, BaseException):
                    raise step
                elif step is Wait:
                    await asyncio.Event().wait()
                elif callable(step):
                    step()
                else:
                    yield step
        finally:
            self.closed = True


def text(piece: str) -> Delta:
    return Delta("text", piece)


def thought(piece: str) -> Delta:
    return Delta("thinking", piece)


def evenly(pieces: int) -> list[float | Delta]:
    """So many pieces of two characters, each a quarter of a second after the one before."""
    return [step for _ in range(pieces) for step in (0.25, text("ab"))]


async def ask(provider: Any, request: Request = ASK, **options: Any) -> Completion:
    clock = getattr(provider, "clock", None)
    return await complete(provider, request, **{"price": free, "clock": clock or measure.monotonic, **options})


def free(_: Bill) -> Cost:
    return Cost("amount", Decimal(0))


def raising(*_: object) -> Any:
    raise RuntimeError("broken")


class Local(Scripted):
    local = True
