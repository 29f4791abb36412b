"""What the record adds: the same run with and without it, in turns, and each delta handed over to it.

Both runners are in this process and ask the same server; the record is a SQLite file that reaches the
disk with every commit. A delta's delay is that of `note_text` itself, beside a function that does nothing.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from prompts.asking.runner import Runner
from prompts.core.answer import Answer
from prompts.record.recorder import Recorder
from tests.benchmarks.asking import a_run, a_runner, runner_on
from tests.benchmarks.report import figure, median, quantile, spread, title
from tests.benchmarks.wire import Pace, Wire

ROUNDS, WARM = 100, 5
LINES = (
    ("added until it is sent", "sent", None),
    ("added until its answer is there", "answered", 2.0),
    ("added until its result is on disk", "over", None),
    ("processor time added", "work", None),
)
PACE = Pace(first_s=0.02, tokens=50, tokens_per_s=1000)
DELTAS = 40_000
STREAMS = 8
GAP_S = 0.001


@dataclass(frozen=True, slots=True)
class Took:
    """One run by the clock, in milliseconds from the moment it is begun."""

    sent: float
    """Until its last completion is sent."""
    answered: float
    """Until its last answer is there, as the screen shows it."""
    over: float
    """Until everything is done; the last result is on disk."""
    work: float
    """Processor time of this process meanwhile."""


async def timed(runner: Runner, answers: int) -> Took:
    """A run of so many answers."""
    run, hosts = a_run(["chat"] * answers), runner.configuration.connections
    ends: dict[str, float] = {}
    work, began = process_time(), perf_counter()
    await runner.begin(run, hosts)

    def watch(answer: Answer) -> None:
        if not answer.live:
            ends.setdefault(answer.id, perf_counter())

    await runner.ask(run, hosts, watch)
    over, work = perf_counter(), process_time() - work
    assert all(answer.completion and answer.completion.state == "complete" for answer in run.answers)
    sent = max(answer.sent_at or began for answer in run.answers)
    return Took(*(1000 * (at - began) for at in (sent, max(ends.values()), over)), 1000 * work)


async def added(url: str, answers: int, rounds: int) -> None:
    """Print what the record adds to a run, for each of its completions."""
    with tempfile.TemporaryDirectory() as folder:
        bare = runner_on(url, Path(folder), None)
        async with a_runner(url) as recorded:
            pairs = [(await timed(bare, answers), await timed(recorded, answers)) for _ in range(rounds + WARM)][WARM:]
        await bare.aclose()
    print(f"  {answers} completion{'s' * (answers > 1)} at once, each:" if answers > 1 else "  one completion:")
    for name, field, most in LINES:
        differences = [(getattr(ours, field) - getattr(without, field)) / answers for without, ours in pairs]
        spread(f"  {name}", differences, " ms", most=most)


def nothing(_attempt: str, _text: str) -> None:
    """What a hand-over costs at least."""


async def hand_over(take: Callable[[str, str], object], attempts: list[str], deltas: int) -> list[float]:
    """Microseconds of each call while eight streams deliver a delta a millisecond each."""
    delays: list[float] = []
    for number in range(deltas // len(attempts)):
        for attempt in attempts:
            began = perf_counter()
            take(attempt, " word")
            delays.append(1e6 * (perf_counter() - began))
        if number % 10 == 0:
            await asyncio.sleep(10 * GAP_S)
    return delays


async def delays(deltas: int) -> None:
    """Print how long a delta waits for the record: in peace, and while another program holds the database."""
    with tempfile.TemporaryDirectory() as folder:
        recorder = await Recorder.open(f"sqlite:///{folder}/collate.db")
        run = a_run(["chat"] * STREAMS)
        await recorder.begin_run(run)
        attempts = [await recorder.begin_attempt(x.id, 1, endpoint="-", target=x.target) for x in run.answers]
        _show("a function that does nothing", await hand_over(nothing, attempts, deltas))
        _show("note_text", await hand_over(recorder.note_text, attempts, deltas), most=10)
        with closing(sqlite3.connect(f"{folder}/collate.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            _show("note_text, the database locked", await hand_over(recorder.note_text, attempts, deltas), most=10)
            other.execute("ROLLBACK")
        await recorder.close()


def _show(name: str, values: list[float], *, most: float | None = None) -> None:
    note = f"p99.9 {quantile(values, 0.999):.3g}, largest {max(values):,.0f}, n = {len(values):,}"
    figure(f"{name}, median", median(values), " µs", most=most, note=note)


def main(rounds: int = ROUNDS, deltas: int = DELTAS) -> None:
    """Print both."""
    title(f"Recording: {PACE.tokens} tokens at {PACE.tokens_per_s:g}/s, with and without, {rounds} rounds in turns")
    with Wire(PACE) as wire:
        for answers in (1, 8):
            asyncio.run(added(wire.url, answers, rounds))
    title(f"Handing a delta over: {STREAMS} streams of {1 / GAP_S:,.0f} deltas a second, the record being written")
    asyncio.run(delays(deltas))


if __name__ == "__main__":
    main()
