"""SDKs share libraries: imported in two threads at once, each could see a half of them."""

from __future__ import annotations

import asyncio
import gc
import importlib
import threading
from types import ModuleType

import pytest

from providers.adapters.base import SdkAdapter
from providers.config.connections import PRESETS, with_key
from providers.registry import open_provider


async def test_two_providers_that_are_warmed_at_once_import_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load, order = importlib.import_module, list[str]()

    def watched(name: str, package: str | None = None) -> ModuleType:
        if threading.current_thread() is not threading.main_thread():
            order.append(name)
        return load(name, package)

    monkeypatch.setattr(importlib, "import_module", watched)
    made = [open_provider(with_key(PRESETS[name], "sk-0123456789abcdef", "here")) for name in ("openai", "anthropic")]
    await asyncio.gather(*(provider.warm() for provider in made))
    for provider in made:
        await provider.aclose()
    first, second = order.index("openai"), order.index("anthropic")
    assert order.count("anyio") == 2
    assert first < order.index("anyio") < second


async def test_the_garbage_collector_does_not_visit_an_sdk_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SdkAdapter, "_warmed", set())
    before = gc.get_freeze_count()
    provider = open_provider(with_key(PRESETS["openai"], "sk-0123456789abcdef", "here"))
    await provider.warm()
    await provider.aclose()
    assert gc.get_freeze_count() > before
