"""Experiments beside the bare SDKs on the same server: many calls that take no time, and many that take half a second.

The bare SDKs ask and forget. An experiment plans, puts every cell, intent and answer on record, checks and sums up.
"""

from __future__ import annotations

import asyncio
import resource
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from prompts.core.targets import Target
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.experiments import Experiments
from prompts.experiments.plan import Plan, Wording
from prompts.record.recorder import Recorder
from tests.benchmarks.asking import PROMPT, connections, runner_on
from tests.benchmarks.bare import loop
from tests.benchmarks.report import figure, median, title
from tests.benchmarks.wire import Pace, Wire

HOSTED = ("chat", "responses", "anthropic", "google")
QUICK, QUICK_CALLS, QUICK_AT_ONCE = Pace(first_s=0, tokens=5, tokens_per_s=1e9), 10_000, 16
SLOW, SLOW_CALLS, SLOW_S = Pace(first_s=0.5, tokens=5, tokens_per_s=1e9), 1_000, 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """How one way of asking went."""

    planned_s: float
    seconds: float
    durations: tuple[float, ...] = ()
    """What each call took by our own clock."""


@asynccontextmanager
async def _laboratory(url: str, at_once: int) -> AsyncIterator[Experiments]:
    with tempfile.TemporaryDirectory() as folder:
        recorder = await Recorder.open(f"sqlite:///{folder}/collate.db")
        runner = runner_on(url, Path(folder), recorder)
        lab = Experiments(runner, recorder, at_once=at_once)
        try:
            yield lab
        finally:
            await lab.aclose()
            await runner.aclose()
            await recorder.close()


def _plan(calls: int, providers: Sequence[str]) -> Plan:
    cases = made(["n"], [[str(n)] for n in range(calls // len(providers))])
    targets = tuple(Target(name, "bench") for name in providers)
    return Plan("Benchmark", (Wording("plain", PROMPT + " {{n}}"),), cases, targets, checks=(Check("contains", "e"),))


async def ours(url: str, calls: int, at_once: int, providers: Sequence[str] = HOSTED) -> Asked:
    """An experiment; every client has asked once before."""
    async with _laboratory(url, at_once) as lab:
        await lab.wait(await lab.start(_plan(len(providers), providers), connections(url)))
        began = perf_counter()
        id = await lab.start(_plan(calls, providers), connections(url))
        planned = perf_counter() - began
        await lab.wait(id)
        seconds = perf_counter() - began - planned
        found, cells = lab.find(id), lab.cells(id, heads=True)
        assert found is not None
        assert found.counts == {"complete": calls}
        durations = tuple(cell.completion.timings.duration_s or 0.0 for cell in cells if cell.completion)
        return Asked(planned, seconds, durations)


async def bare(url: str, calls: int, at_once: int, providers: Sequence[str] = HOSTED) -> Asked:
    """The SDKs alone, as many at once."""
    asks = [loop(name, url) for name in providers]
    for ask in asks:
        await ask()
    rooms = [asyncio.Semaphore(at_once) for _ in asks]

    async def one(n: int) -> None:
        async with rooms[n % len(asks)]:
            await asks[n % len(asks)]()

    began = perf_counter()
    await asyncio.gather(*(one(n) for n in range(calls)))
    seconds = perf_counter() - began
    for ask in asks:
        await ask.aclose()
    return Asked(0.0, seconds)


def _quick() -> None:
    title(f"{QUICK_CALLS:,} calls that take no time, over four formats, {QUICK_AT_ONCE} at once to each")
    with Wire(QUICK) as wire:
        alone = asyncio.run(bare(wire.url, QUICK_CALLS, QUICK_AT_ONCE))
        whole = asyncio.run(ours(wire.url, QUICK_CALLS, QUICK_AT_ONCE))
    figure("bare SDKs, calls per second", QUICK_CALLS / alone.seconds)
    figure("experiment, calls per second", QUICK_CALLS / whole.seconds)
    figure("bare over experiment", whole.seconds / alone.seconds, most=2.0)
    figure("planned in", whole.planned_s, " s")
    figure("memory at its highest", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, " MB", most=400)


def _slow() -> None:
    for at_once in (50, 200):
        title(f"{SLOW_CALLS:,} calls of {1000 * SLOW_S:.0f} ms, {at_once} at once")
        with Wire(SLOW) as wire:
            alone = asyncio.run(bare(wire.url, SLOW_CALLS, at_once, ("chat",)))
            whole = asyncio.run(ours(wire.url, SLOW_CALLS, at_once, ("chat",)))
        ideal = SLOW_S * SLOW_CALLS / at_once
        figure("bare over the ideal", alone.seconds / ideal)
        figure("experiment over the ideal", whole.seconds / ideal, most=1.06 if at_once == 50 else None)
        figure("experiment over bare", whole.seconds / alone.seconds, most=None if at_once == 50 else 1.15)
        figure("reported duration over the server's, median", median(whole.durations) / SLOW_S)


def main() -> None:
    """Print the ratios."""
    _quick()
    _slow()


if __name__ == "__main__":
    main()
