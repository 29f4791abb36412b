"""Kill -9 at random moments of one experiment: after each, the next process resumes it, until every cell is over.

The server here counts what it was asked. What a kill caught on its way is `unknown` and must not be asked again by
itself; everything else must be asked once, and be on record once.
"""

from __future__ import annotations

import asyncio
import multiprocessing as mp
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from prompts.core.targets import Target
from prompts.experiments.asked import Experiment
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.experiments import Experiments
from prompts.experiments.plan import Plan, Wording
from prompts.record.recorder import Recorder
from tests.benchmarks.asking import connections, runner_on
from tests.benchmarks.report import figure, title
from tests.wire import openai_chat
from tests.wire.server import Reply, WireServer

CELLS, KILLS = 2_000, 50
AT_ONCE = 16
LONGEST_S = 4.0
"""After a process has begun to ask, before it is killed."""


async def _lab(url: str, database: str) -> Experiments:
    runner = runner_on(url, Path(tempfile.gettempdir()), await Recorder.open(database))
    assert runner.recorder is not None
    return Experiments(runner, runner.recorder, at_once=AT_ONCE)


def child(url: str, database: str, cells: int) -> None:
    """Begin the experiment, or go on with it."""
    asyncio.run(_ask(url, database, cells))


async def _ask(url: str, database: str, cells: int) -> None:
    lab = await _lab(url, database)
    known = connections(url)
    if (there := lab.list()) and there[0].stage == "finished":
        return
    if there:
        await lab.resume(id := there[0].id, known)
    else:
        cases = made(["n"], [[f"number {n}."] for n in range(cells)])
        plan = Plan(
            "Kills", (Wording("w", "{{n}}"),), cases, (Target("chat", "bench"),), checks=(Check("contains", "one"),)
        )
        id = await lab.start(plan, known)
    await lab.wait(id)


async def _found(url: str, database: str) -> Experiment:
    lab = await _lab(url, database)
    return lab.list()[0]


def kill(cells: int, kills: int) -> tuple[Counter[str], Experiment, int]:
    """What the server was asked, by prompt; the experiment in the end; and how many processes were killed."""
    asked, lock, chance, done = Counter[str](), threading.Lock(), random.Random(1), 0

    async def script(reply: Reply) -> None:
        with lock:
            asked[reply.received.json["messages"][-1]["content"]] += 1
        await asyncio.sleep(0.05)
        await reply.stream(openai_chat.answer(["one ", "two"]))

    with tempfile.TemporaryDirectory() as folder, WireServer(script) as server:
        database = f"sqlite:///{folder}/collate.db"
        while True:
            before = asked.total()
            process = mp.get_context("spawn").Process(target=child, args=(server.url, database, cells))
            process.start()
            while process.is_alive() and asked.total() == before:
                time.sleep(0.01)
            if done < kills:
                process.join(chance.uniform(0, LONGEST_S))
                done += process.is_alive()
                process.kill()
            process.join()
            if process.exitcode == 0:
                return asked, asyncio.run(_found(server.url, database)), done


def main(cells: int = CELLS, kills: int = KILLS) -> None:
    """Print what was lost and what was asked twice."""
    title(f"{cells:,} cells of an experiment, killed at random moments")
    asked, experiment, killed = kill(cells, kills)
    over = sum(experiment.counts.values())
    figure("kills", killed)
    figure("cells without a place on record", cells - over, most=0)
    figure("cells that wait after the end", experiment.counts.get("waiting", 0), most=0)
    figure("asked twice", sum(count > 1 for count in asked.values()), most=0)
    figure("caught on their way: unknown, and not asked again", experiment.counts.get("unknown", 0))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
