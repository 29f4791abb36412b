"""A burst: 500 completions a second through one recorder, and whether every one of them is kept whole.

Nothing is asked; each completion has its run, its intent, some streamed text and its result, as the
runner would hand them over. They begin by the clock, whether or not the earlier ones are written.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from time import perf_counter

from prompts.core.run import Run
from prompts.record.recorder import Recorder
from tests.benchmarks.report import figure, spread, title
from tests.prompts.samples import FULL, a_run, begin

RATE = 500
SECONDS = 6
ANSWERS = 5
TEXT = "A sentence of an answer, which came in pieces. " * 20


async def one(recorder: Recorder, run: Run, answer: int) -> float:
    """One completion; returns how many milliseconds its result took to reach the disk."""
    attempt = await begin(recorder, run, answer)
    for start in range(0, len(TEXT), 100):
        recorder.note_text(attempt, TEXT[start : start + 100])
    began = perf_counter()
    await recorder.finish(attempt, replace(FULL, text=f"{run.prompt} {answer}: {TEXT}"))
    return 1000 * (perf_counter() - began)


async def whole(recorder: Recorder, number: int) -> list[float]:
    """One run of some completions at once."""
    run = a_run(str(number), ANSWERS)
    await recorder.begin_run(run)
    return list(await asyncio.gather(*(one(recorder, run, answer) for answer in range(ANSWERS))))


async def burst(url: str, rate: int, seconds: float) -> None:
    """Begin so many completions a second, wait for all, and print how it went."""
    recorder = await Recorder.open(url)
    troubles: set[str] = set()
    tasks: list[asyncio.Task[list[float]]] = []
    began = perf_counter()
    for number in range(int(rate * seconds / ANSWERS)):
        await asyncio.sleep(began + number * ANSWERS / rate - perf_counter())
        tasks.append(asyncio.create_task(whole(recorder, number)))
        troubles |= {recorder.problem} if recorder.problem else set()
    begun = perf_counter() - began
    taken = [each for several in await asyncio.gather(*tasks) for each in several]
    over = perf_counter() - began
    await recorder.close()
    figure("begun", len(taken) / begun, " a second", note=f"{len(taken):,} in {begun:.2f} s")
    figure("the last was written after the last began", over - begun, " s", most=1)
    spread("a result handed over until it is on disk", taken, " ms")
    figure("troubles said", len(troubles), most=0, note=" ".join(troubles))


def missing(path: str, expected: int) -> int:
    """How many completions are not on record exactly as they were handed over."""
    query = """SELECT runs.prompt, position, text, state FROM completions JOIN runs ON runs.id = run_id"""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute(query).fetchall()
    good = {(p, n) for p, n, text, state in rows if text == f"{p} {n}: {TEXT}" and state == "complete"}
    return expected - len(good) + (len(rows) - len(good))


def main(rate: int = RATE, seconds: float = SECONDS) -> None:
    """Print the figures."""
    title(f"A burst: {rate} completions a second for {seconds:g} s, in runs of {ANSWERS}, {len(TEXT)} characters each")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(burst(f"sqlite:///{folder}/collate.db", rate, seconds))
        expected = int(rate * seconds / ANSWERS) * ANSWERS
        figure("not kept whole", missing(f"{folder}/collate.db", expected), most=0, note=f"of {expected:,}")


if __name__ == "__main__":
    main()
