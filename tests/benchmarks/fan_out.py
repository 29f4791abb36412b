"""Eight targets at once: the whole run beside its slowest target, both by our own clock."""

from __future__ import annotations

import asyncio
from time import perf_counter

from tests.benchmarks.asking import MIXED, a_run, a_runner, ask
from tests.benchmarks.report import figure, title
from tests.benchmarks.wire import Pace, Wire

ROUNDS = 5
PACE = Pace(first_s=0.2, tokens=200, tokens_per_s=100)


async def wall_over_slowest(url: str, providers: tuple[str, ...]) -> list[tuple[float, float]]:
    """Wall seconds and the slowest target's own duration, a pair a round; the first round only warms."""
    pairs: list[tuple[float, float]] = []
    async with a_runner(url) as runner:
        for _ in range(ROUNDS + 1):
            run = a_run(providers)
            began = perf_counter()
            await ask(runner, run)
            wall = perf_counter() - began
            pairs.append((wall, max(answer.completion.timings.duration_s for answer in run.answers)))  # type: ignore[union-attr]
    return pairs[1:]


def main() -> None:
    """Print the ratios."""
    with Wire(PACE) as wire:
        for name, providers in (("eight of Chat Completions", ("chat",) * 8), ("all five formats", MIXED)):
            title(f"Fan-out, {name}: 200 ms to the first byte, {PACE.tokens} tokens at {PACE.tokens_per_s:g}/s")
            pairs = asyncio.run(wall_over_slowest(wire.url, providers))
            for wall, slowest in pairs:
                figure(f"wall {wall:.3f} s / slowest target {slowest:.3f} s", wall / slowest, most=1.05)


if __name__ == "__main__":
    main()
