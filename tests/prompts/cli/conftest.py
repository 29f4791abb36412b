"""A command to run in an empty folder, and a host that it can ask."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests import leaks
from tests.patience import PATIENCE_S
from tests.prompts.cli.commands import CHAT, COMMAND, environment
from tests.prompts.cli.forks import Forks, waiting
from tests.wire.server import Reply, WireServer


@pytest.fixture
def server(home: Path) -> Iterator[WireServer]:
    """A server that answers, configured as the provider `wire`."""
    with WireServer(CHAT.playing()) as server:
        server.routes[CHAT.listing[0]] = _listing
        (home / "collate.toml").write_text(
            f'[providers.wire]\nbase_url = "{server.url}/v1"\nkey_variable = "WIRE_KEY"\n'
        )
        yield server


async def _listing(reply: Reply) -> None:
    await reply.json(CHAT.listing[1])


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks | None]:
    """Where processes that have everything imported come from. `None`: this system has no forks."""
    if not hasattr(os, "fork"):
        yield None
        return
    with ExitStack() as stack:
        with leaks.lasting():
            forks = stack.enter_context(waiting(environment(Path.home())))
        yield forks


@pytest.fixture
def collate(home: Path, forks: Forks | None):
    """Run one command in an empty folder of its own. `options`: of an interpreter that begins anew."""

    def run(*arguments: str, typed: str = "", options: tuple[str, ...] = (), **env: str) -> Any:
        env = environment(home, **env)
        if options or forks is None:
            done = subprocess.run(
                [COMMAND[0], *options, *COMMAND[1:], *arguments], input=typed.encode(), capture_output=True, cwd=home,
                env=env, timeout=PATIENCE_S, check=False,
            )  # fmt: skip
        else:
            done = forks.run(arguments, typed=typed.encode(), cwd=home, env=env)
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
