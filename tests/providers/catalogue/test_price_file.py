"""Our own dated prices: each is needed, dated, and priced by day, length and tier like a listed one."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from genai_prices.data_snapshot import get_snapshot

from providers.catalogue import price_file
from providers.catalogue.catalogue import catalogue
from providers.catalogue.pricing import Bill, Pricer
from providers.config.connections import PRESETS
from providers.interface import Usage

BEFORE, AFTER = datetime(2026, 11, 30, 23, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
M = 1_000_000


def price(model: str, usage: Usage, at: datetime = BEFORE, tier: str = "default") -> Decimal | None:
    provider = "google" if "gemini" in model else "openai"
    cost = Pricer(PRESETS)(Bill(provider, model, None, usage, at, served={"service_tier": tier}))
    return cost.amount if cost.kind == "amount" else None


@pytest.mark.parametrize("row", price_file.rows(), ids=lambda row: row.model)
def test_the_library_still_lacks_it_or_the_row_must_go(row: price_file.Row) -> None:
    snapshot = get_snapshot()
    vendor = snapshot.find_provider(None, row.provider, None)
    listed = vendor.find_model(row.model, all_providers=snapshot.providers)
    assert listed is None, f"genai-prices has {row.model} now: remove its row from prices.toml"


@pytest.mark.parametrize("alias", price_file.aliases(), ids=lambda alias: alias.model)
def test_the_library_still_means_another_model_by_it(alias: price_file.Alias) -> None:
    vendor = get_snapshot().find_provider(None, alias.provider, None)
    listed = vendor.find_model(alias.model)
    meant = vendor.find_model(alias.means)
    assert meant is not None
    assert listed is not meant, f"genai-prices reads {alias.model} as {alias.means} now: remove its row"


@pytest.mark.parametrize("row", [*price_file.rows(), *price_file.aliases()], ids=lambda row: row.model)
def test_each_says_who_says_it_and_when(row: price_file.Row | price_file.Alias) -> None:
    assert row.source
    assert date(2026, 1, 1) < row.as_of <= datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("model", "at", "read", "written"),
    [
        ("gpt-6.2-astra", BEFORE, 8, 40), ("gpt-6.2-sol", BEFORE, 2, 10), ("gpt-6.2-sol-2026-11-17", BEFORE, 2, 10),
        ("gemini-4-carbon", BEFORE, 2, 10), ("gemini-4-carbon", AFTER, 4, 20),
        ("gemini-4-hydrogen", AFTER, "1.5", "7.5"),
        ("models/gemini-4-hydrogen", BEFORE, "1.5", "7.5"), ("gemini-4-neon", BEFORE, 3, 15),
    ],
)  # fmt: skip
def test_each_has_the_price_of_the_day(model: str, at: datetime, read: object, written: object) -> None:
    assert price(model, Usage(100_000, 0), at) == Decimal(str(read)) / 10
    assert price(model, Usage(0, M), at) == Decimal(str(written))


def test_cache_long_prompts_and_tiers_are_priced_like_listed_ones() -> None:
    assert price("gpt-6.2-astra", Usage(100_000, 0, cache_read_tokens=100_000)) == Decimal("0.04")
    assert price("gpt-6.2-astra", Usage(272_001, 0)) == 272_001 * Decimal(16) / M
    assert price("gpt-6.2-sol", Usage(100_000, 0), tier="priority") == Decimal("0.4")
    assert price("gemini-4-carbon", Usage(0, M), tier="batch") == 5
    assert price("gemini-4-carbon", Usage(0, M), AFTER, "priority") == 36
    assert price("gpt-6.2-sol", Usage(100_000, 0), tier="flex") is None  # no price is listed for it


def test_the_receipt_names_source_and_day() -> None:
    cost = Pricer(PRESETS)(Bill("openai", "gpt-6.2-astra", None, Usage(10, 10), BEFORE))
    assert (cost.price_date, cost.priced_model) == ("2026-11-18", "gpt-6.2-astra")
    assert "OpenAI's price page" in (cost.source or "")


def test_a_moving_name_costs_what_the_model_costs_that_it_means() -> None:
    usage = Usage(M, M)
    of = [Pricer(PRESETS)(Bill("mistral", m, m, usage, BEFORE)) for m in ("mistral-large-latest", "mistral-large-2512")]
    assert of[0].amount == of[1].amount == 2


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google", "mistral"])
def test_every_model_that_is_offered_and_served_has_a_price(provider: str) -> None:
    served = [row for row in catalogue(provider) if row.status(BEFORE.date()) != "retired"]
    unpriced = [row.id for row in served if Pricer(PRESETS).list_price(provider, row.id, BEFORE).kind != "amount"]
    assert unpriced == []


@pytest.mark.parametrize("model", ["gpt-image-2.6-sunburst", "gpt-image-2.6-flare"])
def test_a_picture_costs_what_its_tokens_cost(model: str) -> None:
    told = {
        "input_tokens_details": {"text_tokens": 10, "image_tokens": 90},
        "output_tokens_details": {"image_tokens": 50},
    }
    cost = Pricer(PRESETS)(Bill("openai", model, None, Usage(100, 50), BEFORE, raw_usage=told))
    assert (cost.kind, cost.amount) == ("amount", Decimal(10 * 5 + 90 * 8 + 50 * 30) / M)


def test_before_it_is_asked_a_model_that_draws_is_priced_by_its_pictures() -> None:
    pricer = Pricer(PRESETS)
    assert pricer.list_price("openai", "gpt-image-1.5", BEFORE).output == 32
    assert pricer.list_price("google", "gemini-3-pro-image", BEFORE).output == 120
    assert pricer.list_price("openai", "gpt-5.4", BEFORE).output != 32
