"""What measuring and recording cost: processor time of one completion, ours beside the bare SDK's.

Both in this process, in turns, against the same server: the runner with a SQLite record on disk, and
the SDK's own loop. Processor time is that of all threads, so the record's writing thread is in it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from time import process_time

from prompts.asking.runner import Runner
from tests.benchmarks import bare
from tests.benchmarks.asking import FORMATS, a_run, a_runner, ask
from tests.benchmarks.report import figure, median, title
from tests.benchmarks.wire import Pace, Wire

ROUNDS = 5
PACE = Pace(first_s=0.05, tokens=300, tokens_per_s=100)


async def cost(work: Callable[[], Awaitable[object]]) -> float:
    """Processor seconds of this process while `work` runs."""
    before = process_time()
    await work()
    return process_time() - before


async def compare(runner: Runner, name: str, bare_loop: bare.Ask) -> tuple[list[float], list[float]]:
    """Processor seconds of ours and of the bare SDK, in turns; the first of each only warms."""

    async def ours() -> None:
        await ask(runner, a_run([name]))

    mine: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS + 1):
        mine.append(await cost(ours))
        theirs.append(await cost(bare_loop))
    return mine[1:], theirs[1:]


async def measure(url: str, names: list[str]) -> None:
    """Print the ratio of each format."""
    loops = bare.loops(url)
    async with a_runner(url) as runner:
        for name in names:
            mine, theirs = await compare(runner, name, loops[name])
            note = f"{median(mine) * 1000:.1f} ms / {median(theirs) * 1000:.1f} ms"
            figure(f"{name}, CPU of ours / bare SDK", median(mine) / median(theirs), most=1.3, note=note)
            best = f"{min(mine) * 1000:.1f} ms / {min(theirs) * 1000:.1f} ms"
            figure("    least of each", min(mine) / min(theirs), note=best)


def main() -> None:
    """Measure the formats named on the command line, or all."""
    title(f"Cost of a call: {PACE.tokens} tokens at {PACE.tokens_per_s:g}/s, recorded, {ROUNDS} rounds in turns")
    with Wire(PACE) as wire:
        asyncio.run(measure(wire.url, sys.argv[1:] or list(FORMATS)))


if __name__ == "__main__":
    main()
