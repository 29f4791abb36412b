"""What measuring and recording cost: processor time of a call, of ours beside the bare SDK's.

Three ways to ask the same calls in this process, in turns, against the same server: the SDK's own loop,
`complete`, and the runner with a SQLite record on disk. Processor time is that of all threads, so the
record's writing thread is in it; the server has a process of its own.

    python -m tests.benchmarks.call_cost [TOKENS ...]
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from time import process_time

from prompts.asking.runner import Runner
from providers.completion import Cost
from providers.interface import Request
from providers.measuring.measure import complete
from tests.benchmarks import bare
from tests.benchmarks.asking import FORMATS, PROMPT, a_run, a_runner, ask
from tests.benchmarks.report import figure, median, title
from tests.benchmarks.wire import Pace, Wire

TOKENS = (1, 16, 50, 400)
HOSTED = FORMATS[:4]
ROUNDS = 3
AT_ONCE = 24
Call = Callable[[], Awaitable[object]]


def calls_of(tokens: int) -> int:
    """How many calls a round: fewer of long answers."""
    return max(24, min(240, 9600 // (tokens + 16)))


async def cost_of(call: Call, calls: int) -> float:
    """Processor seconds of this process for one call, of `calls` with `AT_ONCE` in flight."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with slots:
            await call()

    before = process_time()
    await asyncio.gather(*(one() for _ in range(calls)))
    return (process_time() - before) / calls


def ways(plain: Call, runner: Runner, name: str) -> Sequence[Call]:
    """The three ways to make one call of a format, the first being the SDK's own."""
    connection = runner.configuration.connections[name]
    provider, request = runner.provider(connection), Request.ask("bench-0", PROMPT)

    async def measured() -> None:
        done = await complete(provider, request, price=lambda _: Cost("local"))
        assert done.state == "complete", done.error

    async def recorded() -> None:
        await ask(runner, a_run([name]))

    return plain, measured, recorded


async def measure(url: str, tokens: int) -> None:
    """Print the ratios of each format, and of all together."""
    sums = [0.0, 0.0, 0.0]
    async with a_runner(url) as runner:
        for name in HOSTED:
            async with aclosing(bare.loop(name, url)) as plain:
                calls = ways(plain, runner, name)
                for call in calls:
                    await cost_of(call, 8)  # warms
                rounds = [[await cost_of(call, calls_of(tokens)) for call in calls] for _ in range(ROUNDS)]
            theirs, measured, recorded = (1000 * median(costs) for costs in zip(*rounds, strict=True))
            note = f"bare {theirs:.2f} ms, complete {measured:.2f} ms, recorded {recorded:.2f} ms"
            figure(f"{name}: complete / bare", measured / theirs, note=note)
            figure(f"{name}: recorded / bare", recorded / theirs)
            sums = [total + each for total, each in zip(sums, (theirs, measured, recorded), strict=True)]
    figure("all: complete / bare", sums[1] / sums[0], most=1.2)
    figure("all: recorded / bare", sums[2] / sums[0], most=1.5)


def main(*counts: str) -> None:
    """Measure answers of so many tokens."""
    for tokens in map(int, counts or map(str, TOKENS)):
        pace = Pace(first_s=0.05, tokens=tokens, tokens_per_s=100)
        title(f"Cost of a call of {tokens} tokens, {calls_of(tokens)} calls a round, {AT_ONCE} at once")
        with Wire(pace) as wire:
            asyncio.run(measure(wire.url, tokens))


if __name__ == "__main__":
    main(*sys.argv[1:])
