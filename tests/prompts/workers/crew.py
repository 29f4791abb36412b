"""Real worker processes on one record, asking one server that keeps a log of what it was asked."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from prompts.core.child_process import python
from tests.patience import PATIENCE_S, until
from tests.wire import openai_chat
from tests.wire.server import Reply, WireServer

USAGE = {"prompt_tokens": 20, "completion_tokens": 100, "total_tokens": 120}
PRICE = "0.00012"
"""US dollars of one answer, at a dollar a million tokens."""


@dataclass
class Log:
    """What the server was asked."""

    asked: Counter[str] = field(default_factory=Counter[str])
    """Requests by their prompt."""
    most: int = 0
    """The most requests that it had under way at once."""
    under_way: int = 0
    held: bool = False
    """Answers wait while it is so."""
    refuse_next: int = 0
    """So many of the next requests are refused for the rate."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def answer(self, reply: Reply) -> None:
        """One answer."""
        with self._lock:
            self.asked[reply.received.json["messages"][-1]["content"]] += 1
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            refused = self.refuse_next > 0
            self.refuse_next -= refused
        try:
            if refused:
                await reply.json({"error": {"message": "slow down"}}, status=429, headers={"retry-after": "1"})
                return
            await until(lambda: not self.held)
            await self.take()
            await reply.stream(openai_chat.answer(["one ", "two"], usage=USAGE))
        finally:
            with self._lock:
                self.under_way -= 1

    async def take(self) -> None:
        """As long as an answer takes."""


class Crew:
    """The processes; `row`: more of the server's row in their configuration."""

    def __init__(self, folder: Path, url: str, server: str, row: str = "") -> None:
        self.folder, self.url = folder, url
        (folder / "collate.toml").write_text(f'[providers.bench]\nbase_url = "{server}/v1"\n{row}\n')
        (folder / "prices.toml").write_text('["bench:*"]\ninput = 1.0\noutput = 1.0\n')
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        """That of every process."""
        own = {
            "COLLATE_DATABASE_URL": self.url, "COLLATE_CONFIG": str(self.folder / "collate.toml"),
            "COLLATE_PRICES": str(self.folder / "prices.toml"), "COLLATE_EMBEDDED": "0", "HOME": str(self.folder),
            **{f"XDG_{name}_HOME": str(self.folder / name) for name in ("CONFIG", "DATA", "CACHE", "STATE")},
        }  # fmt: skip
        return {**os.environ, **own}

    def plan(self, cells: int, budget: str = "") -> Path:
        """The file of an experiment with so many cells."""
        (self.folder / "cases.csv").write_text("n\n" + "".join(f"number {n}.\n" for n in range(cells)))
        path = self.folder / "plan.toml"
        path.write_text(
            'name = "Together"\ntargets = ["bench:one"]\n[settings]\nmax_output_tokens = 100\n'
            '[cases]\nfile = "cases.csv"\n'
            + (f"[budget]\nusd = {budget}\n" if budget else "")
            + '[[prompt]]\nname = "plain"\nprompt = "{{n}}"\n[[check]]\nkind = "contains"\nvalue = "one"\n'
        )
        return path

    def start(self, *arguments: str | Path, **more: str) -> subprocess.Popen[bytes]:
        """`collate` with these arguments; `more`: variables of its environment."""
        with (self.folder / f"{len(self._processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [*python("-m", "prompts.cli.main"), *map(str, arguments)],
                env={**self.environment, **more}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self._processes.append(process)
        return process

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        """A worker of the server's provider."""
        return self.start("worker", "--only", "bench", *options)

    def run(self, cells: int, budget: str = "", **more: str) -> subprocess.Popen[bytes]:
        """`collate run` of so many cells; with `COLLATE_WORKER="0"` it leaves them to the workers."""
        return self.start("run", self.plan(cells, budget), "--yes", "--quiet", **more)

    def logs(self) -> str:
        """What all of them said."""
        return "\n".join(f"{path.name}: {path.read_text()}" for path in sorted(self.folder.glob("*.log")))

    def end(self) -> None:
        """Whatever is left."""
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE_S)


@contextmanager
def crew(folder: Path, url: str, log: Log, row: str = "") -> Iterator[Crew]:
    """A crew and its server, gone afterwards."""
    with WireServer(log.answer) as server:
        made = Crew(folder, url, server.url, row)
        try:
            yield made
        finally:
            made.end()
