"""Workers on one PostgreSQL: killed at random with what they lean on, held to limits, and how much several do.

The server here counts what it is asked, by its own clock. `kills`: workers killed, connections ended, PostgreSQL
restarted and the engine's tables emptied in the middle of an experiment under a budget: every cell must be on record
once, no cell be asked twice, and the budget not be passed. `limits`: so many at once and a minute over three workers.
`slots`: cells of 300 ms on 20 slots of two workers, against the ideal. `rate`: cells that take no time, on one and on
two workers, against `collate run` alone.

    python -m tests.benchmarks.workers kills 600 20
"""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import psycopg

from prompts.record.database import open_database
from tests.benchmarks.report import figure, title
from tests.postgres import PostgresServer, serving
from tests.prompts.workers.crew import PRICE, Crew, Log, crew

LONGEST_S = 1500.0
"""After so long a run is given up, and the figures say what there is."""


@dataclass
class TimedLog(Log):
    """With the time of each request, and answers that take some."""

    call_s: float = 0.0
    at: list[float] = field(default_factory=list[float])

    async def take(self) -> None:
        """As long as an answer takes."""
        self.at.append(time.monotonic())
        await asyncio.sleep(self.call_s)

    def most_in(self, seconds: float) -> int:
        """The most requests that came within any such span."""
        first, most = 0, 0
        for n, at in enumerate(self.at):
            while self.at[first] <= at - seconds:
                first += 1
            most = max(most, n - first + 1)
        return most


@contextmanager
def team(log: Log, row: str = "") -> Iterator[tuple[PostgresServer, Crew]]:
    """A server, an empty record on it and a crew."""
    with serving() as postgres, tempfile.TemporaryDirectory() as folder:
        postgres.say("CREATE DATABASE team")
        open_database(postgres.url("team")).dispose()
        with crew(Path(folder), postgres.url("team"), log, row) as made:
            yield postgres, made


def asked(postgres: PostgresServer, statement: str) -> list[tuple[object, ...]]:
    """What the record says; empty while it is away."""
    try:
        with psycopg.connect(postgres.url("team"), autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()
    except psycopg.Error:
        return []


def wait(condition: Callable[[], object]) -> float:
    """Seconds until it holds, or until patience ends."""
    began = time.monotonic()
    while not condition() and time.monotonic() < began + LONGEST_S:
        time.sleep(0.1)
    return time.monotonic() - began


def joined(postgres: PostgresServer, count: int) -> None:
    """Until so many workers listen."""
    wait(lambda: len(asked(postgres, "SELECT 1 FROM workers")) == count)


def over(postgres: PostgresServer) -> bool:
    """Whether the experiment has come to an end."""
    found = asked(postgres, "SELECT stage FROM experiment_plans")
    return bool(found) and found[0][0] not in ("running", "paused")


def kills(cells: int = 600, count: int = 20) -> None:
    """Print what was lost, what was asked twice and what was spent."""
    title(f"{cells:,} cells over three workers, {count} kills and cuts")
    chance, log, done = random.Random(1), TimedLog(call_s=0.2), {"kill": 0, "cut": 0, "restart": 0, "emptied": 0}
    budget = Decimal(PRICE) * cells * Decimal("0.9")
    with team(log) as (postgres, made):
        crew_of = [made.worker("--at-once", "4") for _ in range(3)]
        joined(postgres, 3)
        made.run(cells, str(budget), COLLATE_WORKER="0")
        wait(lambda: len(log.asked) > 5)
        while sum(done.values()) < count and not over(postgres):
            time.sleep(chance.uniform(1, 4))
            what = chance.choices(list(done), (5, 3, 1, 1))[0]
            done[what] += 1
            if what == "kill":
                n = chance.randrange(3)
                crew_of[n].send_signal(signal.SIGKILL)
                crew_of[n].wait()
                crew_of[n] = made.worker("--at-once", "4")
            elif what == "cut":
                asked(postgres, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            elif what == "restart":
                postgres.stop()
                postgres.start()
            else:
                asked(postgres, "TRUNCATE collate_workers.procrastinate_jobs CASCADE")
        took = wait(lambda: over(postgres))
        wait(lambda: not asked(postgres, "SELECT 1 FROM completions WHERE state IN ('queued', 'sent', 'streaming')"))
        states = dict(asked(postgres, "SELECT state, count(*) FROM completions GROUP BY 1"))
        [(spent, reserved)] = asked(postgres, "SELECT spent, reserved FROM experiment_plans")
        [(stage, reason)] = asked(postgres, "SELECT stage, reason FROM experiment_plans")
    figure("kills of workers, cuts, restarts, engine emptied", sum(done.values()), note=str(done))
    figure("after the last, until the end", took, " s", note=f"{stage}: {reason}")
    figure("cells on record", sum(states.values()), note=str(states))
    figure("cells without a place on record", cells - sum(states.values()), most=0)
    figure("charged twice", sum(n - 1 for n in log.asked.values()), most=0)
    charged, held = float(log.asked.total() * Decimal(PRICE)), float(spent + reserved)
    figure(
        "charged by the server over the budget", max(0.0, charged - float(budget)), " $", most=0, note=f"{charged:.4f}"
    )
    figure("spent and set aside over the budget", max(0.0, held - float(budget)), " $", most=0, note=f"{held:.4f}")


def limits(cells: int = 150) -> None:
    """Print the most at once and a minute that the server saw."""
    title(f"{cells} cells of 0.3 s, at most 5 at once and 60 a minute, over three workers")
    log = TimedLog(call_s=0.3)
    with team(log, "at_once = 5\nper_minute = 60") as (postgres, made):
        for _ in range(3):
            made.worker()
        joined(postgres, 3)
        made.run(cells, COLLATE_WORKER="0")
        wait(lambda: over(postgres))
    minutes = (log.at[-1] - log.at[0]) / 60
    figure("at once, the most", log.most, most=5)
    figure("in any minute, the most", log.most_in(60), most=60)
    figure("used", 100 * (len(log.at) - 6) / (60 * minutes), " %", note="after the first six, which go at once")


def slots(cells: int = 1000) -> None:
    """Print how far from the ideal the time is."""
    title(f"{cells:,} cells of 300 ms, 20 slots over two workers")
    log = TimedLog(call_s=0.3)
    with team(log) as (postgres, made):
        for _ in range(2):
            made.worker("--at-once", "10")
        joined(postgres, 2)
        made.run(cells, COLLATE_WORKER="0")
        wait(lambda: over(postgres))
    took, ideal = log.at[-1] - log.at[0] + 0.3, cells * 0.3 / 20
    figure("over the ideal", 100 * (took / ideal - 1), " %", most=25, note=f"{took:.1f} s for {ideal:.1f} s")


def rate(cells: int = 3000) -> None:
    """Print cells a second: alone, by one worker, by two."""
    title(f"{cells:,} cells that take no time")
    alone = _rate(cells, 0)
    figure("collate run, alone", alone, "/s")
    for count in (1, 2):
        found = _rate(cells, count)
        figure(f"{count} worker{'s' * (count > 1)}", found, "/s", note=f"{found / alone:.2f} of that")


def _rate(cells: int, workers: int) -> float:
    log = TimedLog()
    with team(log) as (postgres, made):
        for _ in range(workers):
            made.worker()
        joined(postgres, workers)
        made.run(cells, COLLATE_WORKER="0" if workers else "1")
        wait(lambda: over(postgres))
    return len(log.at) / (log.at[-1] - log.at[0])


def main(what: str = "", *numbers: int) -> None:
    """One of them with its numbers, or all."""
    every: dict[str, Callable[..., None]] = {"kills": kills, "limits": limits, "slots": slots, "rate": rate}
    for work in [every[what]] if what else every.values():
        work(*numbers)


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:]))
