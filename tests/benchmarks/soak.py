"""Thousands of runs in one process: memory, descriptors and threads after the first 200 and in the end.

The process is the one that asks, with its record; the server that answers is another. Linux: memory is read from /proc.

    python -m tests.benchmarks.soak 2000
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from prompts.asking.runs import Runs
from prompts.core.plan import plan
from prompts.core.targets import Target
from prompts.record.database import VARIABLE
from providers.catalogue.pricing import Pricer
from providers.config.configuration import Configuration
from providers.config.deadlines import Deadlines
from tests.benchmarks.asking import connections
from tests.benchmarks.report import figure, title
from tests.benchmarks.wire import Pace, Wire

RUNS, FIRST = 2_000, 200
AT_ONCE = 4
FORMATS = ("chat", "responses", "anthropic", "google")
PACE = Pace(first_s=0.0, tokens=60, tokens_per_s=2_000)
MOST_GROWTH_MB = 25.0


@dataclass(frozen=True, slots=True)
class Level:
    """What this process holds."""

    memory_mb: float
    descriptors: int
    threads: int
    tasks: int

    @classmethod
    def now(cls) -> Level:
        gc.collect()
        status = Path("/proc/self/status").read_text()
        memory = int(status.partition("VmRSS:")[2].split()[0]) / 1024
        return cls(memory, len(os.listdir("/proc/self/fd")), threading.active_count(), len(asyncio.all_tasks()))


async def soak(url: str, place: Path, count: int) -> tuple[Level, Level, int]:
    """After the first 200 runs, after all; and how many answers were not complete."""
    os.environ[VARIABLE] = f"sqlite:///{place}/collate.db"
    hosts = connections(url)
    setup = Configuration(hosts, Deadlines(), place / "prices.toml", place / "collate.toml")
    runs, failed, numbers = Runs(setup, Pricer(hosts, setup.prices)), 0, iter(range(count))
    assert await runs.open_record(), runs.problem

    async def some(until: int) -> None:
        nonlocal failed
        for number in numbers:
            targets = [Target(name, f"bench-{n}") for n, name in enumerate(FORMATS)]
            run = await runs.start(plan(f"soak {number}", targets), hosts)
            await asyncio.wait([task for task, of in runs._tasks.items() if of is run])
            failed += sum(answer.state != "complete" for answer in run.answers)
            if number >= until - 1:
                return

    async def through(until: int) -> Level:
        await asyncio.gather(*(some(until) for _ in range(AT_ONCE)))
        await asyncio.sleep(0.5)
        return Level.now()

    first = await through(FIRST)
    last = await through(count)
    await runs.close()
    return first, last, failed


def main(count: int = RUNS) -> None:
    """Print both levels."""
    title(f"{count:,} runs of {len(FORMATS)} answers in one process, {AT_ONCE} at once")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, Wire(PACE) as wire:
        first, last, failed = asyncio.run(soak(wire.url, Path(folder), count))
    figure(
        "answers not complete",
        failed,
        most=0,
        note=f"of {count * len(FORMATS):,} in {time.perf_counter() - began:.0f} s",
    )
    figure(f"memory after {FIRST} runs", first.memory_mb, " MB")
    figure(f"memory after {count:,}", last.memory_mb, " MB")
    figure("grown by", last.memory_mb - first.memory_mb, " MB", most=MOST_GROWTH_MB)
    for name in ("descriptors", "threads", "tasks"):
        before, after = getattr(first, name), getattr(last, name)
        figure(f"{name} in the end", after, most=before + AT_ONCE, note=f"{before} after {FIRST}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
