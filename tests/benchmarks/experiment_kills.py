"""Kill -9 at random moments of one experiment: after each, the next process resumes it, until every cell is over.

The server here counts what it was asked. What a kill caught on its way is `unknown` and must not be asked again by
itself; everything else must be asked once, and be on record once. Then the same under a budget that does not cover it:
what the server would charge for all that it was asked must not pass it.

    python -m tests.benchmarks.experiment_kills 2000 50
"""

from __future__ import annotations

import asyncio
import multiprocessing as mp
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from prompts.core.targets import Target
from prompts.experiments.asked import Experiment, Progress
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.experiments import Experiments
from prompts.experiments.plan import Budget, Plan, Wording
from prompts.record.recorder import Recorder
from providers.interface import Settings
from tests.benchmarks.asking import connections, runner_on
from tests.benchmarks.report import figure, title
from tests.wire import openai_chat
from tests.wire.server import Reply, WireServer

CELLS, KILLS = 2_000, 50
AT_ONCE = 16
ANSWER_S = 0.2
LONGEST_S = 0.6
"""After a process has begun to ask, before it is killed: so short that there are kills until the last cells."""
PRICES = """
["chat:*"]
input = 1.0
output = 1.0
as_of = "2026-11-01"
"""
USAGE = {"prompt_tokens": 10, "completion_tokens": 900, "total_tokens": 910}
CHARGED = Decimal("0.00091")
"""What an answer costs by these prices: its maximum of tokens, and as many read as such a prompt may have."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one experiment is asked, and what for."""

    url: str
    folder: str
    cells: int
    budget: Decimal | None

    @property
    def plan(self) -> Plan:
        """A cell a number."""
        cases = made(["n"], [[f"number {n}."] for n in range(self.cells)])
        target = Target("chat", "bench", Settings(max_output_tokens=900))
        return Plan(
            "Kills", (Wording("w", "{{n}}"),), cases, (target,), checks=(Check("contains", "one"),),
            budget=Budget(self.budget),
        )  # fmt: skip


async def _lab(place: Place) -> Experiments:
    recorder = await Recorder.open(f"sqlite:///{place.folder}/collate.db")
    runner = runner_on(place.url, Path(place.folder), recorder)
    assert runner.recorder is not None
    return Experiments(runner, runner.recorder, at_once=AT_ONCE)


def child(place: Place) -> None:
    """Begin the experiment, or go on with it."""
    asyncio.run(_ask(place))


async def _ask(place: Place) -> None:
    lab = await _lab(place)
    known = connections(place.url)
    if (there := lab.list()) and there[0].stage == "finished":
        return
    if there:
        await lab.resume(id := there[0].id, known)
    else:
        id = await lab.start(place.plan, known)
    await lab.wait(id)


async def _found(place: Place) -> tuple[Experiment, Progress]:
    lab = await _lab(place)
    return lab.list()[0], lab.progress(lab.list()[0].id)


class Asked:
    """A server that counts what it was asked, by prompt."""

    def __init__(self) -> None:
        self.prompts, self._lock = Counter[str](), threading.Lock()

    @property
    def total(self) -> int:
        """Requests so far."""
        return self.prompts.total()

    async def script(self, reply: Reply) -> None:
        """What it answers."""
        with self._lock:
            self.prompts[reply.received.json["messages"][-1]["content"]] += 1
        await asyncio.sleep(ANSWER_S)
        await reply.stream(openai_chat.answer(["one ", "two"], usage=USAGE))


def kill(cells: int, kills: int, budget: Decimal | None) -> tuple[Counter[str], Experiment, Progress, int]:
    """What the server was asked, by prompt; how the experiment ended; and how many processes were killed."""
    asked, chance, done = Asked(), random.Random(1), 0
    with tempfile.TemporaryDirectory() as folder, WireServer(asked.script) as server:
        place = Place(server.url, folder, cells, budget)
        (Path(folder) / "prices.toml").write_text(PRICES)
        while True:
            before = asked.total
            process = mp.get_context("spawn").Process(target=child, args=(place,))
            process.start()
            while process.is_alive() and asked.total == before:
                time.sleep(0.01)
            if done < kills:
                process.join(chance.uniform(0, LONGEST_S))
                done += process.is_alive()
                process.kill()
            process.join()
            if process.exitcode == 0:
                return asked.prompts, *asyncio.run(_found(place)), done


def _show(cells: int, kills: int, budget: Decimal | None) -> None:
    under = "" if budget is None else f", under a budget of ${budget}"
    title(f"{cells:,} cells of an experiment, killed at random moments{under}; load {os.getloadavg()[0]:.1f}")
    told(cells, *kill(cells, kills, budget), budget)


def told(
    cells: int, asked: Counter[str], experiment: Experiment, progress: Progress, killed: int, budget: Decimal | None
) -> None:
    """Print what holds in the end."""
    figure("kills", killed)
    figure("cells without a place on record", cells - sum(experiment.counts.values()), most=0)
    figure("asked twice", sum(count > 1 for count in asked.values()), most=0)
    figure("asked, and waiting or failed on record", max(0, asked.total() - _over(experiment)), most=0)
    figure("caught on their way: unknown, and not asked again", experiment.counts.get("unknown", 0))
    if budget is None:
        figure("cells that wait after the end", experiment.counts.get("waiting", 0), most=0)
        return
    figure("charged by the server, dollars", float(asked.total() * CHARGED), most=float(budget))
    figure(
        "spent and set aside on record, dollars", float((progress.spent or 0) + progress.reserved), most=float(budget)
    )


def _over(experiment: Experiment) -> int:
    return sum(count for state, count in experiment.counts.items() if state not in ("waiting", "failed", "cancelled"))


def main(cells: int = CELLS, kills: int = KILLS) -> None:
    """Print what was lost, what was asked twice and what it cost."""
    _show(cells, kills, None)
    _show(cells, kills, cells * CHARGED * Decimal("0.6"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
