"""Tiers, places, kinds of tokens and what a host says it cost: exact, at least, or unknown with the reason."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import genai_prices
import pytest

from providers.catalogue.pricing import Bill, Pricer
from providers.completion import Cost
from providers.config.connections import PRESETS, Connection
from providers.interface import Usage

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PRICE = Pricer({**PRESETS, "lab": Connection("lab", "openai", "Lab", "https://lab.example.com/v1")})


def price(
    provider: str, model: str, usage: Usage | None, served: Mapping[str, str] = {},
    raw: Mapping[str, object] | None = None, said: str | None = None,
) -> Cost:  # fmt: skip
    told = None if said is None else Decimal(said)
    return PRICE(Bill(provider, model, None, usage, NOON, told, raw, served))


@pytest.mark.parametrize(
    ("provider", "model", "served", "context"),
    [
        ("openai", "gpt-5", {"service_tier": "priority"}, {"service_tier": "priority"}),
        ("openai", "gpt-5", {"service_tier": "fast"}, {"service_tier": "fast"}),
        ("openai", "gpt-5", {"service_tier": "flex"}, {"service_tier": "flex"}),
        ("openai", "gpt-5", {"service_tier": "batch"}, {"processing": "batch"}),
        ("openai", "gpt-5", {"service_tier": "default"}, {}),
        ("openai", "gpt-6.1-sol", {"service_tier": "Priority"}, {"service_tier": "priority"}),
        ("anthropic", "claude-opus-5-5", {"speed": "fast"}, {"speed": "fast"}),
        ("anthropic", "claude-opus-5-5", {"service_tier": "batch"}, {"processing": "batch"}),
        ("anthropic", "claude-opus-5-5", {"service_tier": "standard", "speed": "standard"}, {}),
        ("groq", "openai/gpt-oss-120b", {"service_tier": "on_demand"}, {}),
        ("google", "gemini-4-argon", {"service_tier": "standard"}, {}),
    ],
)
def test_the_tier_that_answered_is_priced(
    provider: str, model: str, served: dict[str, str], context: dict[str, str]
) -> None:
    cost = price(provider, model, Usage(1000, 500, 300), served)
    counts = genai_prices.Usage(input_tokens=1000, output_tokens=500, cache_read_tokens=300)
    oracle = genai_prices.calc_price(
        counts, model, provider_id=provider, genai_request_timestamp=NOON, price_context=context
    )
    assert (cost.kind, cost.amount) == ("amount", oracle.total_price)
    assert all(word in (cost.source or "") for word in context.values())


def test_a_dearer_tier_without_a_price_is_at_least_the_standard_one() -> None:
    standard, fast = (price("anthropic", "claude-sonnet-5-5", Usage(1000, 500), s) for s in ({}, {"speed": "fast"}))
    assert (fast.kind, fast.amount) == ("unknown", standard.amount)
    assert fast.reason == "at least this: no price is known for the fast mode"


@pytest.mark.parametrize(
    ("provider", "model", "tier"),
    [("openai", "gpt-4-turbo", "flex"), ("openai", "gpt-5", "scale"), ("anthropic", "claude-opus-5-5", "priority"),
     ("groq", "openai/gpt-oss-120b", "flex")],
)  # fmt: skip
def test_a_tier_that_may_be_cheaper_is_unknown_without_a_price(provider: str, model: str, tier: str) -> None:
    cost = price(provider, model, Usage(1000, 500), {"service_tier": tier})
    assert (cost.kind, cost.amount) == ("unknown", None)
    assert f"no price is listed for the {tier} tier" in (cost.reason or "")


def test_serving_in_the_us_only_has_its_surcharge_on_the_receipt() -> None:
    plain, us = (
        price("anthropic", "claude-opus-5-5", Usage(1000, 500, 100), {"inference_geo": g}) for g in ("global", "us")
    )
    assert plain.amount is not None
    assert us.amount == plain.amount * Decimal("1.1")
    assert (us.lines[-1].what, us.lines[-1].amount) == ("US-only inference", plain.amount / 10)
    assert "surcharge" in (us.source or "")
    elsewhere = price("anthropic", "claude-opus-5-5", Usage(1000, 500, 100), {"inference_geo": "eu"})
    assert (elsewhere.kind, elsewhere.amount) == ("unknown", plain.amount)
    assert "serving in eu" in (elsewhere.reason or "")


def test_cache_writes_for_an_hour_cost_more_than_for_five_minutes() -> None:
    raw = {"cache_creation": {"ephemeral_5m_input_tokens": 400, "ephemeral_1h_input_tokens": 600}}
    cost = price("anthropic", "claude-sonnet-5-5", Usage(2000, 10, 0, 1000), raw=raw)
    lines = {line.what: (line.tokens, line.price) for line in cost.lines}
    assert lines["cache write"] == (400, Decimal("2.5"))
    assert lines["cache write (1 h)"] == (600, Decimal(4))
    counts = genai_prices.Usage(input_tokens=2000, output_tokens=10, cache_write_tokens=1000, cache_write_1h_tokens=600)
    oracle = genai_prices.calc_price(counts, "claude-sonnet-5-5", provider_id="anthropic", genai_request_timestamp=NOON)
    assert cost.amount == oracle.total_price


def test_sound_and_pictures_have_their_own_price() -> None:
    raw = {
        "prompt_tokens_details": {"audio_tokens": 400, "image_tokens": 100},
        "completion_tokens_details": {"audio_tokens": 300},
    }
    cost = price("openai", "gpt-realtime", Usage(1000, 500), raw=raw)
    counts = genai_prices.Usage(
        input_tokens=1000, output_tokens=500, input_audio_tokens=400, input_image_tokens=100, output_audio_tokens=300
    )
    oracle = genai_prices.calc_price(counts, "gpt-realtime", provider_id="openai", genai_request_timestamp=NOON)
    assert (cost.kind, cost.amount) == ("amount", oracle.total_price)
    assert [line.what for line in cost.lines] == ["input", "audio input", "image input", "output", "audio output"]


def test_sound_without_a_price_makes_the_cost_at_least() -> None:
    raw = {"completion_tokens_details": {"audio_tokens": 300}}
    cost = price("openai", "gpt-4o-audio-preview", Usage(1000, 500), raw=raw)
    assert (cost.kind, cost.amount) == ("unknown", (1000 * Decimal("2.5") + 200 * 10) / 10**6)
    assert cost.reason == "at least this: no price is known for audio output"
    assert (cost.lines[-1].tokens, cost.lines[-1].price, cost.lines[-1].amount) == (300, None, None)


def test_a_search_is_charged_by_the_piece() -> None:
    cost = price("anthropic", "claude-opus-5-5", Usage(0, 0), raw={"server_tool_use": {"web_search_requests": 3}})
    assert cost.amount == Decimal("0.03")


def test_with_a_key_of_ones_own_the_upstream_is_paid_too() -> None:
    raw = {"is_byok": True, "cost_details": {"upstream_inference_cost": 0.0360795}}
    cost = price("lab", "anthropic/claude-sonnet-4.5", Usage(9171, 113), raw=raw, said="0")
    assert (cost.kind, cost.amount) == ("amount", Decimal("0.0360795"))
    cost = price("openrouter", "anthropic/claude-sonnet-4.5", Usage(9171, 113), raw=raw, said="0.0018")
    assert cost.amount == Decimal("0.0378795")
    assert [(line.what, line.amount) for line in cost.lines] == [
        ("upstream", Decimal("0.0360795")), ("fee of the host", Decimal("0.0018")),
    ]  # fmt: skip


def test_without_a_key_of_ones_own_the_upstream_is_in_the_price() -> None:
    raw = {"is_byok": False, "cost_details": {"upstream_inference_cost": 0.001}}
    assert price("openrouter", "x/y", Usage(10, 10), raw=raw, said="0.001").amount == Decimal("0.001")
    assert price("openrouter", "x/y", Usage(10, 10), raw={**raw, "is_byok": None}, said="0.001").amount == Decimal(
        "0.001"
    )


def test_an_upstream_that_is_not_told_is_priced_by_the_list_with_the_fee() -> None:
    usage = Usage(1000, 1000)
    listed = price("openrouter", "anthropic/claude-sonnet-4.5", usage)
    for raw in ({"is_byok": True}, {"is_byok": True, "cost_details": {"upstream_inference_cost": 0}}):
        cost = price("openrouter", "anthropic/claude-sonnet-4.5", usage, raw=raw, said="0.002")
        assert listed.amount is not None
        assert (cost.kind, cost.amount) == ("amount", listed.amount + Decimal("0.002"))


def test_nothing_is_not_believed_of_a_model_that_is_not_known_as_free() -> None:
    listed = price("openrouter", "anthropic/claude-sonnet-4.5", Usage(1000, 1000))
    cost = price("openrouter", "anthropic/claude-sonnet-4.5", Usage(1000, 1000), said="0")
    assert (cost.kind, cost.amount) == ("amount", listed.amount)
    assert "reports $0, which is ignored" in (cost.source or "")
    unlisted = price("lab", "mystery", Usage(1000, 1000), raw={"is_byok": False}, said="0.0")
    assert (unlisted.kind, unlisted.amount) == ("unknown", None)
    assert "reports $0, which is ignored" in (unlisted.reason or "")
    free = price("openrouter", "deepseek/deepseek-r1:free", Usage(1000, 1000), said="0")
    assert (free.kind, free.amount) == ("amount", 0)


@pytest.mark.parametrize(
    ("raw", "dollars"),
    [
        ({"cost": {"input_tokens_cost": 0.0, "request_cost": 0.005, "total_cost": 0.005}}, "0.005"),
        ({"cost_in_usd_ticks": 37_756_000}, "0.0037756"),
        ({"cost": {"total_cost": "dear"}}, None),
        ({"cost_in_usd_ticks": True}, None),
    ],
)
def test_each_host_is_read_in_its_own_shape(raw: dict[str, object], dollars: str | None) -> None:
    cost = price("lab", "mystery", Usage(10, 3), raw=raw)
    assert cost.amount == (None if dollars is None else Decimal(dollars))
