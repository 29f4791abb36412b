"""A whole Ollama to manage: models on disk, some in memory, pulls that take their time.

It speaks the formats of `ollama.py` beside it and keeps what it was told, so that a journey through the
page sees the outcome of its own orders.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.wire import ollama as wire
from tests.wire.server import Reply, WireServer

GB = 10**9
DIGEST = "sha256:" + "{:064x}"


@dataclass
class OllamaHost:
    """What it has, by name: fields of `/api/tags` and `/api/ps` that differ from those of `wire`."""

    disk: dict[str, dict[str, Any]] = field(default_factory=dict)
    memory: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: int = 40
    """Reports of the large part of a pull."""
    gap_s: float = 0.05
    refusal: str | None = None
    """What every pull is told instead of its parts."""

    def server(self) -> WireServer:
        """A server that plays this host; use it as a context manager."""
        server = WireServer()
        server.routes |= {
            "/api/tags": self._tags, "/api/ps": self._ps, "/api/show": self._show, "/api/pull": self._pull,
            "/api/delete": self._delete, "/api/generate": self._generate,
        }  # fmt: skip
        return server

    def load(self, name: str, size: int, gpu: int = 0) -> None:
        """Put a model into memory for five minutes."""
        until = (datetime.now(UTC) + timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
        self.memory[name] = {"size": size, "size_vram": gpu, "expires_at": until}

    async def _tags(self, reply: Reply) -> None:
        await reply.json({"models": [wire.installed(name, **fields) for name, fields in self.disk.items()]})

    async def _ps(self, reply: Reply) -> None:
        await reply.json({"models": [wire.loaded(name, **fields) for name, fields in self.memory.items()]})

    async def _show(self, reply: Reply) -> None:
        name = reply.received.json["model"]
        if name not in self.disk:
            await reply.json(wire.error(f"model '{name}' not found"), status=404)
        elif "embed" in name:
            await reply.json(wire.show() | {"capabilities": ["embedding"]})
        else:
            await reply.json(wire.show())

    async def _delete(self, reply: Reply) -> None:
        name = reply.received.json["model"]
        if self.disk.pop(name, None) is None:
            await reply.json(wire.error(f"model '{name}' not found"), status=404)
        else:
            await reply.body(b"")

    async def _generate(self, reply: Reply) -> None:
        asked = reply.received.json
        assert (asked["keep_alive"], asked.get("prompt")) == (0, None)
        self.memory.pop(asked["model"], None)
        await reply.json(wire.unloaded(asked["model"]))

    async def _pull(self, reply: Reply) -> None:
        name = reply.received.json["model"]
        whole = name if ":" in name else f"{name}:latest"
        size = 2 * GB
        large = [wire.pulling(DIGEST.format(1), size, size * n // self.steps) for n in range(1, self.steps + 1)]
        if self.refusal:
            lines = [*wire.pull_begins(), wire.error(self.refusal)]
        else:
            small = wire.pulling(DIGEST.format(2), 1_700, 1_700)
            lines = [*wire.pull_begins(), wire.pulling(DIGEST.format(1), size), *large, small, *wire.pull_ends()]
        await reply.stream(map(wire.line, lines), gap_s=self.gap_s, content_type=wire.TYPE)
        if not self.refusal:
            self.disk[whole] = {"size": size}
