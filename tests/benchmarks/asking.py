"""Whom the benchmarks ask: the wire server as a provider of each format, through the project's own runner."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from prompts.asking.runner import Runner
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record.recorder import Recorder
from providers.catalogue.pricing import Pricer
from providers.config.configuration import Configuration
from providers.config.connections import PRESETS, Connection, configured
from providers.config.deadlines import Deadlines
from providers.secrets import Secret
from tests.runs import started

FORMATS = ("chat", "responses", "anthropic", "google", "ollama")
MIXED = ("chat", "chat", "responses", "responses", "anthropic", "anthropic", "google", "ollama")
"""Eight targets over all formats; one of Ollama, whose targets take turns."""
PROMPT = "Which sort should I use?"


def connections(url: str) -> Mapping[str, Connection]:
    """The wire server at `url` as a provider of each format."""
    hosts = (
        Connection("chat", "openai", "Chat", f"{url}/v1", needs_key=False),
        Connection("responses", "openai", "Responses", f"{url}/v1", needs_key=False, api="responses"),
        *(configured(PRESETS[name], environ={}, key=Secret("none"), base_url=url) for name in FORMATS[2:]),
    )
    return {host.name: host for host in hosts}


def a_run(providers: tuple[str, ...] | list[str]) -> Run:
    """One prompt for one target of each of `providers`, each with a model name of its own."""
    return started(PROMPT, [Target(name, f"bench-{number}") for number, name in enumerate(providers)])


def runner_on(url: str, place: Path, recorder: Recorder | None) -> Runner:
    """A runner with its configuration in the folder `place`."""
    hosts = connections(url)
    setup = Configuration(hosts, Deadlines(), place / "prices.toml", place / "collate.toml")
    return Runner(setup, Pricer(hosts, setup.prices), recorder)


@asynccontextmanager
async def a_runner(url: str) -> AsyncIterator[Runner]:
    """A runner that records into a SQLite file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        recorder = await Recorder.open(f"sqlite:///{folder}/collate.db")
        runner = runner_on(url, Path(folder), recorder)
        try:
            yield runner
        finally:
            await runner.aclose()
            await recorder.close()


async def ask(runner: Runner, run: Run) -> None:
    """The run from its intent on record to its last result on record."""
    await runner.begin(run, runner.configuration.connections)
    await runner.ask(run, runner.configuration.connections)
    failed = [str(answer.completion.error) for answer in run.answers if answer.completion and answer.completion.error]
    assert not failed, failed
