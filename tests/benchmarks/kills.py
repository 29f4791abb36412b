"""Kill -9 at random moments of running comparisons, and what the record then lacks of what the server had sent.

A child process runs comparisons and records them; the server here notes when each piece of an answer was
handed to the system. After a kill the next child opens the same file, recovers it and goes on, until the
file has been through ten; then it is compared with the server's notes. One kill in eight comes while the
record is being opened.
"""

from __future__ import annotations

import asyncio
import multiprocessing as mp
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from prompts.core.targets import Target
from prompts.record.recorder import Recorder
from tests.benchmarks.asking import ask, runner_on
from tests.benchmarks.report import figure, spread, title
from tests.benchmarks.wire import tokens
from tests.patience import PATIENCE_S
from tests.runs import started
from tests.wire import openai_chat
from tests.wire.server import Reply, WireServer

KILLS = 200
KILLS_A_FILE = 10
FILES_AT_ONCE = 4
ANSWERS = 4
GRACE_S = 1.0
"""What the record may be behind the server."""
LONGEST_S = 3.0
LOSSES = {
    "corrupted": "kills",
    "children that could not open the file": "kills",
    "answers lacking": "sent to their end in time",
    "texts lacking": "cut off, sent in part in time",
    "sent twice": "asked",
    "sent without an intent on record": "asked",
    "without all its answers": "runs on record",
    "left unfinished": "runs on record",
}
"""What must never happen, and of what. In time: more than `GRACE_S` before the kill."""
TIMED = frozenset({"answers lacking", "texts lacking"})
STARVED_MS = 150.0
"""Where the server itself wakes up later than that, others do too, and a second is soon gone."""
_PRELOADED = ["openai", "httpx2", "anyio", "genai_prices", "prompts.asking.runner", "tests.benchmarks.asking"]


@dataclass(slots=True)
class Sent:
    """One request, and what of its answer was handed to the system when."""

    pieces: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    ended_at: float | None = None

    def text_by(self, instant: float) -> str:
        """What had been sent by then."""
        return "".join(piece for at, piece in self.pieces if at < instant)

    def behind(self, text: str, instant: float) -> float:
        """How many seconds before `instant` the first piece was sent that `text` lacks; 0 where it lacks none."""
        sizes = accumulate(len(piece) for _, piece in self.pieces)
        lacked = (at for (at, _), size in zip(self.pieces, sizes, strict=True) if size > len(text))
        return max(0.0, instant - next(lacked, instant))


class Notes:
    """The server's own memory: requests by prompt and model."""

    def __init__(self) -> None:
        self.sent: dict[tuple[str, str], list[Sent]] = {}
        self.behind: list[float] = []
        """Seconds that the record was behind the server, for each answer that a kill cut off."""
        self.late: list[float] = []
        """Milliseconds that the server itself woke up late: how busy the machine was."""

    async def given(self, reply: Reply) -> None:
        """An answer of its own length and pace."""
        asked = reply.received.json
        prompt, model = asked["messages"][-1]["content"], asked["model"]
        sent = Sent()
        self.sent.setdefault((prompt, model), []).append(sent)
        chance = random.Random(prompt + model)
        words = tokens(chance.randint(20, 250))
        pieces = ["".join(words[start : start + 5]) for start in range(0, len(words), 5)]
        await asyncio.sleep(chance.uniform(0, 0.2))
        await reply.head(content_type="text/event-stream")
        await reply.send(openai_chat.ROLE)
        for piece in pieces:
            await reply.send(openai_chat.text(piece))
            sent.pieces.append((time.perf_counter(), piece))
            due = time.perf_counter() + chance.uniform(0, 0.04)
            await asyncio.sleep(due - time.perf_counter())
            self.late.append(1000 * (time.perf_counter() - due))
        for event in openai_chat.answer([])[1:]:
            await reply.send(event)
        await reply.end()
        sent.ended_at = time.perf_counter()

    def asked(self, prefix: str) -> bool:
        """Whether anything was asked with a prompt that begins so."""
        return any(prompt.startswith(prefix) for prompt, _ in list(self.sent))


def child(url: str, database: str, name: str) -> None:
    """Compare, twice at once, until killed."""
    asyncio.run(_compare(url, database, name))


async def _compare(url: str, database: str, name: str) -> None:
    runner = runner_on(url, Path(tempfile.gettempdir()), await Recorder.open(database))
    targets = [Target("chat", f"bench-{number}") for number in range(ANSWERS)]

    async def one_after_another(line: int) -> None:
        for number in range(10**6):
            await ask(runner, started(f"{name} {line} {number}", targets))

    await asyncio.gather(one_after_another(0), one_after_another(1))


class File:
    """One database and what became of it."""

    def __init__(self, number: int, kills: int, notes: Notes, counts: Counter[str]) -> None:
        self.number, self.kills, self.notes, self.counts = number, kills, notes, counts
        self.chance = random.Random(number)
        self.killed_at: dict[str, float] = {}

    def suffer(self, url: str) -> None:
        """Every kill, then the comparison with the server's notes."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "collate.db"
            for kill in range(self.kills):
                self._run_and_kill(url, path, f"file {self.number} kill {kill}")
                self._look(path)
            self._compare(path)

    def _run_and_kill(self, url: str, path: Path, name: str) -> None:
        process = _processes().Process(target=child, args=(url, f"sqlite:///{path}", name))
        process.start()
        if self.chance.random() < 1 / 8:
            time.sleep(self.chance.uniform(0, 0.6))
        else:
            until = time.perf_counter() + PATIENCE_S
            while not self.notes.asked(name + " ") and process.is_alive() and time.perf_counter() < until:
                time.sleep(0.01)
            time.sleep(self.chance.uniform(0, LONGEST_S))
        self.counts["children that could not open the file"] += not process.is_alive()
        self.killed_at[name] = time.perf_counter()
        process.kill()
        process.join()
        self.counts["kills"] += 1

    def _look(self, path: Path) -> None:
        """Into a copy: what the next child finds stays as the kill left it."""
        with tempfile.TemporaryDirectory() as folder:
            for file in path.parent.glob("collate.db*"):
                if not file.name.endswith("-shm"):
                    shutil.copy(file, folder)
            with closing(sqlite3.connect(Path(folder) / path.name)) as connection:
                self.counts["corrupted"] += connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]

    def _compare(self, path: Path) -> None:
        asyncio.run(_open_and_close(f"sqlite:///{path}"))
        with closing(sqlite3.connect(path)) as connection:
            answers = {(p, m): (state, text or "", tries) for p, m, state, text, tries in connection.execute(_ANSWERS)}
            runs = connection.execute("SELECT count(*) FROM completions GROUP BY run_id").fetchall()
            self.counts["runs on record"] += len(runs)
            self.counts["without all its answers"] += sum(count != ANSWERS for (count,) in runs)
        self.counts["left unfinished"] += sum(
            state in ("queued", "sent", "streaming") for state, _, _ in answers.values()
        )
        for (prompt, model), sent in list(self.notes.sent.items()):
            name = " ".join(prompt.split()[:4])
            if name in self.killed_at:
                self._hold(sent, answers.get((prompt, model)), self.killed_at[name])

    def _hold(self, sent: list[Sent], answer: tuple[str, str, int] | None, killed: float) -> None:
        """One request beside its answer on record."""
        self.counts["asked"] += 1
        self.counts["sent twice"] += len(sent) > 1
        self.counts["sent without an intent on record"] += answer is None or answer[2] != 1
        state, text, _ = answer or ("", "", 0)
        until = killed - GRACE_S
        if sent[0].ended_at is not None and sent[0].ended_at < until:
            self.counts["sent to their end in time"] += 1
            self.counts["answers lacking"] += state != "complete" or text != sent[0].text_by(float("inf"))
        elif arrived := sent[0].text_by(until):
            self.counts["cut off, sent in part in time"] += 1
            self.notes.behind.append(sent[0].behind(text, killed))
            self.counts["texts lacking"] += not text.startswith(arrived)


_ANSWERS = """
    SELECT runs.prompt, completions.model, completions.state, completions.text,
        (SELECT count(*) FROM attempts WHERE completion_id = completions.id)
    FROM completions JOIN runs ON runs.id = run_id
"""


async def _open_and_close(url: str) -> None:
    await (await Recorder.open(url)).close()


def _processes() -> mp.context.ForkServerContext:
    context = mp.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def kill(kills: int, a_file: int, at_once: int, notes: Notes | None = None) -> Counter[str]:
    """So many kills, in files that go through `a_file` each, some files at once; what was counted."""
    notes, counts = notes or Notes(), Counter[str]()
    files = [File(number, a_file, notes, counts) for number in range(kills // a_file)]
    with WireServer(notes.given) as server, ThreadPoolExecutor(at_once) as pool:
        for done in [pool.submit(file.suffer, server.url) for file in files]:
            done.result()
    return counts


def main(kills: int = KILLS) -> None:
    """Print what was lost."""
    title(f"Kill -9, {kills} times, {FILES_AT_ONCE} files at once, two comparisons of {ANSWERS} in each process")
    began = time.perf_counter()
    notes = Notes()
    counts = kill(kills, min(KILLS_A_FILE, kills), FILES_AT_ONCE, notes)
    figure("kills", counts["kills"], note=f"in {time.perf_counter() - began:.0f} s")
    for name, whole in LOSSES.items():
        figure(name, counts[name], most=0, note=f"of {counts[whole]:,} {whole}")
    spread("the record behind the server, answers cut off", notes.behind, " s")
    spread("the machine: the server woke up late", notes.late, " ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
