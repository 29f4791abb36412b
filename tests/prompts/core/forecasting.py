"""What the tests of forecasts foresee: a request, what was asked before, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil, floor

from prompts.core.forecast import Forecast, History, Past, Span, forecast
from prompts.core.token_rules import token_bounds
from providers.catalogue.pricing import Pricer
from providers.config.connections import PRESETS
from providers.interface import Adjustment, Attachment, Message, ModelInfo, Request, Settings

AT = datetime(2026, 11, 24, tzinfo=UTC)
PRICER = Pricer(PRESETS)
IMAGE = Attachment("a.png", "image/png", b"\x89PNG")


def of(
    prompt: str = "word " * 200, model: str = "gpt-4o", provider: str = "openai", settings: Settings = Settings(),
    past: Sequence[Past] = (), files: tuple[Attachment, ...] = (), info: ModelInfo | None = None,
    adjustments: Sequence[Adjustment] = (),
) -> Forecast:  # fmt: skip
    request = Request(model, (Message("user", prompt, files),), settings)
    history: History = {(provider, model): past}
    return forecast(request, PRESETS[provider], PRICER, history, AT, info, adjustments)


def answers(*lengths: int) -> list[Past]:
    return [Past(length) for length in lengths]


def reads(*texts: str) -> Span:
    """What a request of these messages is by the rule."""
    low, high = (sum(each) for each in zip(*map(token_bounds, texts), strict=True))
    return Span(max(1, floor(low)), ceil(high) + 15 * len(texts))
