"""Two processes, four sessions each, all writing one record at once, and whether a row is lost or an error is seen.

Each session asks one comparison after another, as fast as it is let: intents, streamed text, results.
What anybody would see, an exception or the `problem` of a recorder, is counted. On SQLite, and on a
PostgreSQL of its own that keeps every commit, as a real one does.
"""

from __future__ import annotations

import asyncio
import multiprocessing as mp
import sqlite3
import sys
import tempfile
from collections.abc import Awaitable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter

import sqlalchemy as sa

from prompts.core.run import Run
from prompts.record.database import open_database
from prompts.record.recorder import Recorder
from tests import postgres
from tests.benchmarks.report import figure, quantile, spread, title
from tests.prompts.samples import FULL, a_run, begin

SECONDS = 60.0
PROCESSES, SESSIONS, ANSWERS = 2, 4, 4
TEXT = "A sentence of an answer, which came in pieces. " * 20


@dataclass(slots=True)
class Seen:
    """What one process has done and seen."""

    runs: list[str] = field(default_factory=list[str])
    """Ids of the runs it believes to be kept."""
    waits: list[float] = field(default_factory=list[float])
    """Milliseconds of each write that was waited for."""
    troubles: set[str] = field(default_factory=set[str])


async def _wait(seen: Seen, write: Awaitable[object]) -> object:
    began = perf_counter()
    try:
        return await write
    except Exception as exc:  # whatever a person would see
        seen.troubles.add(f"{type(exc).__name__}: {exc}")
        raise
    finally:
        seen.waits.append(1000 * (perf_counter() - began))


async def _answer(recorder: Recorder, run: Run, answer: int, seen: Seen) -> None:
    attempt = str(await _wait(seen, begin(recorder, run, answer)))
    for start in range(0, len(TEXT), 100):
        recorder.note_text(attempt, TEXT[start : start + 100])
        await asyncio.sleep(0.005)
    await _wait(seen, recorder.finish(attempt, replace(FULL, text=f"{run.id} {answer}: {TEXT}")))


async def _session(recorder: Recorder, until: float, seen: Seen) -> None:
    while perf_counter() < until:
        run = a_run(targets=ANSWERS)
        await _wait(seen, recorder.begin_run(run))
        await asyncio.gather(*(_answer(recorder, run, answer, seen) for answer in range(ANSWERS)))
        seen.runs.append(run.id)


async def _watch(recorder: Recorder, seen: Seen) -> None:
    while True:
        seen.troubles |= {recorder.problem} if recorder.problem else set()
        await asyncio.sleep(0.01)


async def _process(url: str, seconds: float) -> Seen:
    seen, recorder = Seen(), await Recorder.open(url)
    watching = asyncio.create_task(_watch(recorder, seen))
    until = perf_counter() + seconds
    await asyncio.gather(*(_session(recorder, until, seen) for _ in range(SESSIONS)), return_exceptions=True)
    watching.cancel()
    await recorder.close()
    return seen


def sessions(url: str, seconds: float) -> Seen:
    """Four sessions of one process."""
    return asyncio.run(_process(url, seconds))


def crowd(name: str, url: str, seconds: float) -> None:
    """Let them write, then count."""
    title(f"{name}: {PROCESSES} processes, {SESSIONS} sessions each, runs of {ANSWERS}, for {seconds:g} s")
    open_database(url).dispose()
    with ProcessPoolExecutor(PROCESSES, mp.get_context("spawn")) as pool:
        crowds = list(pool.map(sessions, [url] * PROCESSES, [seconds] * PROCESSES))
    believed = {run for seen in crowds for run in seen.runs}
    lost = _lost(url, believed)
    waits = [wait for seen in crowds for wait in seen.waits]
    troubles = set().union(*(seen.troubles for seen in crowds))
    figure("completions written", len(believed) * ANSWERS, note=f"{len(believed) * ANSWERS / seconds:,.0f} a second")
    figure("rows lost or not whole", lost, most=0)
    figure("errors that anybody saw", len(troubles), most=0, note="; ".join(sorted(troubles))[:200])
    spread("a write that was waited for", waits, " ms")
    figure("    p99.9 of them", quantile(waits, 0.999), " ms")
    figure("    the slowest", max(waits), " ms")


def _lost(url: str, believed: set[str]) -> int:
    """How many completions of the runs that were believed kept are not there exactly as they were handed over."""
    engine = open_database(url)
    query = sa.text("SELECT run_id, position, text FROM completions WHERE state = 'complete'")
    with engine.connect() as connection:
        kept = {(run, n) for run, n, text in connection.execute(query) if text == f"{run} {n}: {TEXT}"}
    engine.dispose()
    return len({(run, answer) for run in believed for answer in range(ANSWERS)} - kept)


@contextmanager
def careful_postgres() -> Iterator[str]:
    """The address of a database of a server that waits for its disk."""
    with postgres.serving("-cshared_buffers=128MB") as server, server.database("crowd") as url:
        yield url


def main(seconds: float = SECONDS) -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as folder:
        crowd("SQLite", f"sqlite:///{folder}/collate.db", seconds)
        with closing(sqlite3.connect(f"{folder}/collate.db")) as connection:
            whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        figure("databases corrupted", int(not whole), most=0)
    with careful_postgres() as url:
        crowd("PostgreSQL", url, seconds)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
