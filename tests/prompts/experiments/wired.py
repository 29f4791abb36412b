"""Experiments against a server that speaks the chat format, on a record of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from prompts.asking.runner import Runner
from prompts.core.targets import Target
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.experiments import Experiments
from prompts.experiments.plan import Plan, Wording
from prompts.record.recorder import Recorder
from providers.catalogue.pricing import Pricer
from providers.config.configuration import Configuration
from providers.config.connections import PRESETS, Connection
from providers.config.deadlines import Deadlines
from providers.interface import Settings
from tests.patience import patiently
from tests.wire.dialects import DIALECTS
from tests.wire.server import Reply, WireServer

CHAT = DIALECTS[1]
HELLO = "Hel" + "lo" + " wörld 🌍"


async def hello(reply: Reply) -> None:
    """A server that always says the same."""
    await reply.stream(CHAT.answer(["Hel", "lo", " wörld 🌍"], ()))


def said(reply: Reply) -> str:
    """The prompt of a request."""
    text: str = reply.received.json["messages"][0]["content"]
    return text


def connections(server: WireServer | None = None) -> dict[str, Connection]:
    """Two hosts and a local one that are the same server, and the built-in models."""
    if server is None:
        return {"builtin": PRESETS["builtin"]}
    remote = CHAT.connect(server.url)
    home = replace(PRESETS["vllm"], base_url=f"{server.url}/v1")
    hosts = {name: replace(remote, name=name) for name in ("groq", "mistral")}
    return {**hosts, "vllm": home, "builtin": PRESETS["builtin"]}


def plan(*targets: str, cases: int = 3, repeats: int = 1, **more: object) -> Plan:
    """Some cases for these targets: by default one that always holds of the server's answer."""
    whole = Plan(
        "Greetings", (Wording("plain", "Say hello to {{name}}."),),
        made(["name"], [[f"person {n}"] for n in range(cases)]),
        tuple(Target(*target.split(":"), Settings(max_output_tokens=8)) for target in targets or ("groq:llama",)),
        repeats, checks=(Check("contains", "wörld"),),
    )  # fmt: skip
    return replace(whole, **more)  # type: ignore[arg-type]


@asynccontextmanager
async def laboratory(url: str, known: dict[str, Connection], at_once: int = 4) -> AsyncIterator[Experiments]:
    """Experiments on the record at `url`, closed afterwards as a process that ends properly does."""
    recorder = await Recorder.open(url)
    setup = Configuration(known, Deadlines(), Path("none.toml"), Path("none.toml"))
    runner = Runner(setup, Pricer(known), recorder)
    made = Experiments(runner, recorder, at_once=at_once)
    try:
        yield made
    finally:
        await made.aclose()
        await runner.aclose()
        await recorder.close()


async def held_to(experiments: Experiments, id: str, checks: Sequence[Check]) -> list[float]:
    """Its answers to other checks; gives how far it said it was."""
    return [part async for part in experiments.recheck(id, checks)]


async def over(experiments: Experiments, id: str) -> None:
    """Until it is no longer asked."""
    await patiently(experiments.wait(id))
