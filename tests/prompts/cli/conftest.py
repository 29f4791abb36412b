"""A command to run in an empty folder, and a host that it can ask."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import warm
from tests.prompts.cli.commands import CHAT, COMMAND, environment
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


@pytest.fixture
def collate(home: Path, nest: str | None):
    """Run one command in an empty folder of its own. `options`: of an interpreter that begins anew."""

    def run(*arguments: str, typed: str = "", options: tuple[str, ...] = (), **env: str) -> Any:
        command = [COMMAND[0], *options, *COMMAND[1:], *arguments]
        done = warm.run(
            None if options else nest, command, typed=typed.encode(), cwd=home, env=environment(home, **env)
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
