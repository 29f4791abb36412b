"""Candidates made of three figures, and pools made of a few letters a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType

from prompts.core.targets import Target
from prompts.decide.candidate import Candidate, Figure, Use
from prompts.decide.facts import Facts, facts
from prompts.decide.people import NOBODY
from prompts.decide.pool import Pool, pool
from prompts.experiments.asked import Stage
from providers.catalogue.pricing import ListPrice
from providers.config.connections import PRESETS
from tests.prompts.experiments.asked_cells import PLAN, asked

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
PRICE = ListPrice("amount", Decimal(2), Decimal(8), "genai-prices 0.2.3", None)
FREE = ListPrice("local", reason="runs on your own machine; no fee is charged")


def about(target: str, price: ListPrice = PRICE, told: Mapping[str, str] = MappingProxyType({})) -> Facts:
    """What is known of a model, at that price."""
    provider, _, model = target.partition(":")
    return facts(PRESETS, provider, model, lambda *_: price, NOW, told)


def figure(value: float | None, half: float = 0.0, n: int = 20) -> Figure | None:
    """Known to within `half` on both sides."""
    return None if value is None else Figure(value, value - half, value + half, n)


def candidate(
    target: str, quality: float | None = 0.8, dollars: float | None = 0.001, seconds: float | None = 1.0, *,
    half: float = 0.0, no_fee: bool = False, use: Use = Use(), price: ListPrice = PRICE,
) -> Candidate:  # fmt: skip
    """A model of these figures; `half`: half the width of its quality's range."""
    return Candidate(
        target, about(target, price), None, NOBODY, use, figure(quality, half), figure(seconds), figure(dollars),
        no_fee,
    )  # fmt: skip


def pooled(*sides: str, targets: tuple[str, ...] = ("openai:gpt-x", "ollama:llama"), stage: Stage = "finished") -> Pool:
    """One experiment, a side a target."""
    plan = replace(PLAN, targets=tuple(Target(*each.split(":")) for each in targets))
    return pool([asked(*sides, plan=plan, stage=stage)])
