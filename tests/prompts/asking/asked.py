"""What the tests of the runner ask, whom, and how it answers."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from prompts.asking.runner import Runner
from prompts.core.answer import Answer
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.catalogue.pricing import Pricer
from providers.completion import Completion
from providers.config.configuration import Configuration
from providers.config.connections import PRESETS, Connection
from providers.config.deadlines import Deadlines
from tests.patience import PATIENCE_S, patiently
from tests.runs import started
from tests.wire.dialects import DIALECTS
from tests.wire.server import Reply, WireServer

CHAT = DIALECTS[1]
HELLO = "Hel" + "lo" + " wörld 🌍"


def at(server: WireServer) -> dict[str, Connection]:
    """Two remote hosts, a local one and the built-in models; all but the last are the same server."""
    remote = CHAT.connect(server.url)
    named = {name: replace(remote, name=name) for name in ("groq", "mistral")}
    home = replace(PRESETS["vllm"], base_url=f"{server.url}/v1")
    return {**named, "vllm": home, "builtin": PRESETS["builtin"]}


@asynccontextmanager
async def running(connections: dict[str, Connection], recorder: Any = None) -> AsyncIterator[Runner]:
    setup = Configuration(connections, Deadlines(), Path("none.toml"), Path("none.toml"))
    runner = Runner(setup, Pricer(connections), recorder)
    try:
        yield runner
    finally:
        await runner.aclose()


def asking(*targets: str, repeats: int = 1) -> Run:
    return started("Say hello.", [Target(*text.split(":")) for text in targets], repeats=repeats)


async def go(runner: Runner, run: Run, connections: dict[str, Connection]) -> None:
    await runner.begin(run, connections)
    await patiently(runner.ask(run, connections))


class Meeting:
    """A script that answers only when `size` requests are there at once."""

    def __init__(self, size: int) -> None:
        self._barrier = threading.Barrier(size, timeout=PATIENCE_S)

    async def __call__(self, reply: Reply) -> None:
        await asyncio.to_thread(self._barrier.wait)
        await reply.stream(CHAT.answer(["Hel", "lo", " wörld 🌍"], ()))


class Crowd:
    """A script that takes a moment and notes how many of its requests overlap, by model."""

    def __init__(self) -> None:
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.order: list[str] = []

    async def __call__(self, reply: Reply) -> None:
        model = reply.received.json["model"]
        self.order.append(model)
        for name in (model, "all"):
            self.now[name] += 1
            self.most[name] = max(self.most[name], self.now[name])
        await reply.stream(CHAT.answer(["Hel", "lo"], ()), gap_s=0.01, end=False)
        for name in (model, "all"):
            self.now[name] -= 1
        await reply.end()


async def fail(reply: Reply) -> None:
    if reply.received.json["model"] == "bad":
        await reply.body(CHAT.refusals["server"][1], 500)
    else:
        await reply.stream(CHAT.answer(["fine"], ()))


class Begun:
    """Streams some text and then says nothing more."""

    async def __call__(self, reply: Reply) -> None:
        await reply.stream(CHAT.answer(["Hel", "lo"], ())[:3], end=False)
        await reply.stall()


def streaming(*answers: Answer) -> bool:
    return all(answer.state == "streaming" for answer in answers)


class Record:
    """A recorder that says no, or keeps one waiting, at a chosen moment."""

    def __init__(self, **moments: Any) -> None:
        self.moments = moments
        self.withdrawn: list[str] = []

    async def _at(self, moment: str) -> None:
        what = self.moments.get(moment)
        if isinstance(what, Exception):
            raise what
        if isinstance(what, asyncio.Event):
            await what.wait()

    async def begin_run(self, _: Run) -> None:
        await self._at("begin_run")

    async def begin_attempt(
        self, completion_id: str, number: int, *, endpoint: str, target: Target, leave: object
    ) -> str:
        await self._at("begin_attempt")
        return f"{completion_id}/{number}"

    def note_text(self, attempt_id: str, text: str, kind: str) -> None: ...

    async def finish(self, attempt_id: str, completion: Completion, along: object, contents: object) -> None:
        await self._at("finish")

    async def withdraw(self, completion_id: str) -> None:
        self.withdrawn.append(completion_id)
        await self._at("withdraw")
