"""The adapter of the Images API against a server of the tests, which counts as OpenAI's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from providers.adapters.openai_images import OpenAIImages
from providers.completion import Completion, Cost
from providers.config.connections import PRESETS, drawing
from providers.interface import Request, Settings
from providers.measuring.measure import complete
from providers.registry import open_provider
from providers.secrets import Secret
from tests.wire.server import WireServer


async def asked(server: WireServer, settings: Settings, *, openai: bool = True, **row: Any) -> tuple[Completion, list]:
    preset = PRESETS["openai" if openai else "vllm"]
    provider = open_provider(
        drawing(replace(preset, base_url=f"{server.url}/v1", key=Secret("sk-planted-0123456789"), **row))
    )
    seen = list[Any]()
    price = Cost("unknown", reason="unpriced")
    try:
        request = Request.ask("gpt-image-2.5-sunburst", "A cat.", settings)
        return await complete(provider, request, price=lambda _: price, on_delta=seen.append), seen
    finally:
        await provider.aclose()


@pytest.fixture(autouse=True)
def own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a test server's address OpenAI is asked as at its own."""
    monkeypatch.setattr(OpenAIImages, "at_openai", property(lambda self: self.name == "openai"))
