"""`collate run` asks Ollama whether a judge of pictures can see, before it sends anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire import ollama as wire
from tests.wire.ollama_host import OllamaHost
from tests.wire.server import Reply, WireServer

PLAN = """\
name = "Shapes"
targets = ["builtin:shapes"]
[settings.picture]
[[prompt]]
name = "plain"
prompt = "A {{shape}}."
[[check]]
kind = "judge"
rubric = "It shows a {{shape}}."
judges = ["ollama:reader"]
[[cases.row]]
shape = "circle"
"""


@pytest.fixture
def ollama(home: Path) -> Iterator[WireServer]:
    """An Ollama with one model that reads and one that sees."""
    host = OllamaHost(disk={"reader:latest": {}, "seer:7b": {}})

    async def show(reply: Reply) -> None:
        sees = "seer" in str(reply.received.json)
        await reply.json(wire.show() | {"capabilities": ["completion", *(["vision"] if sees else [])]})

    with host.server() as server:
        server.routes["/api/show"] = show
        (home / "collate.toml").write_text(f'[providers.ollama]\nbase_url = "{server.url}"\n', "utf-8")
        yield server


def asked(server: WireServer) -> set[str]:
    return {each.path for each in server.requests}


def test_one_that_cannot_is_refused_with_those_that_can(collate, ollama: WireServer, home: Path) -> None:
    (home / "plan.toml").write_text(PLAN, "utf-8")
    done = collate("run", "plan.toml")
    assert done.returncode == 2
    assert "ollama:reader cannot see pictures" in done.stderr
    assert "Ollama has these that can: seer:7b." in done.stderr
    assert "Nothing was sent." in done.stderr
    assert asked(ollama) == {"/api/tags", "/api/ps", "/api/show"}, "it was asked what it has, and nothing else"
    assert "No experiment is on record" in collate("results").stdout


def test_where_none_can_it_says_what_to_do(collate, ollama: WireServer, home: Path) -> None:
    (home / "plan.toml").write_text(PLAN, "utf-8")

    async def show(reply: Reply) -> None:
        await reply.json(wire.show() | {"capabilities": ["completion"]})

    ollama.routes["/api/show"] = show
    assert "`ollama pull` one that takes pictures, or name a judge elsewhere" in collate("run", "plan.toml").stderr


def test_a_plan_without_such_judges_asks_ollama_nothing(collate, ollama: WireServer, home: Path) -> None:
    (home / "plan.toml").write_text(PLAN.replace('judges = ["ollama:reader"]', "judges = []").replace(
        'kind = "judge"\nrubric = "It shows a {{shape}}."\njudges = []', 'kind = "picture-type"\nvalues = ["png"]'
    ), "utf-8")  # fmt: skip
    assert collate("run", "plan.toml").returncode == 0
    assert asked(ollama) == set()
